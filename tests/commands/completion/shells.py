"""A real shell on a pseudo-terminal, at whose prompt Tab is pressed."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.commands.screen import ENTER, Screen

SHELLS = ("bash", "zsh", "fish")
PROMPT = "READY> "
BASH_COMPLETION = os.environ.get("BASH_COMPLETION", "/usr/share/bash-completion/bash_completion")
_MARK = "@@"  # typed after Tab: once it is to be seen, the shell is done with the Tab
# Empties the line in all three. Control-C just before zsh waits for a key takes effect at the next key only.
_CONTROL_U = "\x15"
_OURS = "kubectl-ns_tools completion"
_START_UP = {
    "bash": (
        ".bashrc",
        f"PS1='{PROMPT}'\nbind 'set enable-bracketed-paste off'\nbind 'set bell-style none'\n"
        f'. "{BASH_COMPLETION}"\nsource <(kubectl completion bash)\neval "$({_OURS} bash)"\n'
        "alias k=kubectl\ncomplete -o default -F __start_kubectl k\n",
    ),
    "zsh": (
        ".zshrc",
        f"PROMPT='{PROMPT}'\nunsetopt beep prompt_sp\nautoload -Uz compinit\ncompinit -D -u\n"
        f"source <(kubectl completion zsh)\nsource <({_OURS} zsh)\nalias k=kubectl\n",
    ),
    "fish": (
        ".config/fish/config.fish",
        f"function fish_prompt; echo -n '{PROMPT}'; end\nset -g fish_greeting\n"
        "set -g fish_autosuggestion_enabled 0\n"
        f"kubectl completion fish | source\n{_OURS} fish | source\nalias k=kubectl\n",
    ),
}


class Prompt:
    """One shell, with completion on: kubectl's own, and ours for direct calls."""

    def __init__(self, name: str, home: Path, environ: Mapping[str, str]) -> None:
        path, text = _START_UP[name]
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_text(text)
        # else fish makes it at its first start, in the background, which takes longer than a test
        (home / ".local/share/fish/generated_completions").mkdir(parents=True, exist_ok=True)
        self.name = name
        self.screen = Screen(_path_of(name), ["-i"], environ, (50, 150))
        self.screen.shows(PROMPT.rstrip())

    def after_tab(self, typed: str) -> str:
        """What stands at the prompt when this has been typed and Tab was pressed."""
        self.screen.press(f"{typed}\t{_MARK}").until(lambda: self._line.endswith(_MARK))
        line = self._line
        self.screen.press(_CONTROL_U).until(lambda: self._line == PROMPT.rstrip())
        return line.removeprefix(PROMPT).removesuffix(_MARK)

    def listed(self, typed: str) -> list[str]:
        """What is on the screen when this was typed and Tab was pressed twice; it stays at the prompt."""
        before = len(self.screen.lines)
        self.screen.press(f"{typed}\t\t").until(lambda: len(self.screen.lines) > before)
        return self.screen.settled().lines

    def run(self, typed: str, done: Path) -> None:
        """Type this, press Tab and Enter, and wait for a file."""
        self.screen.press(f"{typed}\t").settled().press(f"; touch {done}{ENTER}").until(done.exists)
        self.screen.until(lambda: self._line == PROMPT.rstrip())

    @property
    def _line(self) -> str:
        """The last line with a prompt."""
        return next((line for line in reversed(self.screen.lines) if line.startswith(PROMPT.rstrip())), "")


def _path_of(name: str) -> Path:
    path = shutil.which(name)
    if path is None or (name == "bash" and not os.path.exists(BASH_COMPLETION)):
        pytest.skip(
            f"{name}, or bash-completion, is not installed: what is tested here is NOT tested with it"
        )
    return Path(path)
