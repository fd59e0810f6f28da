"""How each shell is started as the user starts it, with a few variables that its start-up files cannot take
away: a line like `export KUBECONFIG=…` in ~/.bashrc would otherwise lead out of the context at once.

Each reads the user's own files, from where it always does; history, aliases and prompt stay the user's.
"""

import os
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kubectl_ns_tools.kubeconfig.isolation.private_folder import PrivateFolder

_FALLBACK = "/bin/sh"
_NO_SHELLS = ("nologin", "false", "true")  # what an account has that nobody logs in to


@dataclass(frozen=True)
class Start:
    """How to start a shell: the arguments, and variables besides those of the context."""

    arguments: list[str]
    variables: dict[str, str] = field(default_factory=dict)


def users_shell(environ: Mapping[str, str]) -> tuple[str, str]:
    """The path of the user's shell, and why it is not $SHELL, if it is not."""
    shell = environ.get("SHELL", "")
    if not shell:
        return _FALLBACK, "$SHELL is not set"
    if not (os.path.isabs(shell) and os.path.isfile(shell) and os.access(shell, os.X_OK)):
        return _FALLBACK, f"$SHELL ({shell}) is not the path of a program"
    if os.path.basename(shell) in _NO_SHELLS:
        return _FALLBACK, f"$SHELL ({shell}) is not a shell"
    return shell, ""


def interactive(
    shell: str, variables: Mapping[str, str], environ: Mapping[str, str], folder: PrivateFolder
) -> Start:
    """How to start `shell` for a person.

    variables: what must hold at the first prompt; folder: for a start-up file that sees to it.
    A shell that we know nothing of is just started.
    """
    start = _STARTS.get(os.path.basename(shell))
    return start(shell, variables, environ, folder) if start else Start([shell])


def _bash(
    shell: str, variables: Mapping[str, str], environ: Mapping[str, str], folder: PrivateFolder
) -> Start:
    """--rcfile takes the place of ~/.bashrc alone; the system's own file is read before it, as always."""
    lines = ["if [ -r ~/.bashrc ]; then . ~/.bashrc; fi", *_exports(variables)]
    return Start([shell, "--rcfile", _write(folder, "bashrc", lines)])


def _zsh(
    shell: str, variables: Mapping[str, str], environ: Mapping[str, str], folder: PrivateFolder
) -> Start:
    """$ZDOTDIR leads to our .zshenv, the first of the user's files. It puts $ZDOTDIR back before anything
    else is read, so that the others, and what they derive from it (HISTFILE), are found in their own place;
    the variables are set before the first prompt, when all of them have been read.

    Where the system's own /etc/zshenv sets $ZDOTDIR, ours is not read: then a start-up file of the user's
    that sets KUBECONFIG has the last word."""
    own = environ.get("ZDOTDIR")
    lines = [
        "'builtin' 'unset' 'ZDOTDIR'" if own is None else f"'builtin' 'export' ZDOTDIR={shlex.quote(own)}",
        "_kubectl_ns_tools() {",
        "  'builtin' 'emulate' -L zsh",
        *(f"  {line}" for line in _exports(variables)),
        '  precmd_functions=("${(@)precmd_functions:#_kubectl_ns_tools}")',
        "  'builtin' 'unfunction' _kubectl_ns_tools",
        "}",
        "{",
        '  if [[ -r "${ZDOTDIR-$HOME}/.zshenv" ]]; then',
        "    'builtin' 'source' -- \"${ZDOTDIR-$HOME}/.zshenv\"",
        "  fi",
        "} always {",
        "  'builtin' 'typeset' -ga precmd_functions",
        '  precmd_functions=(_kubectl_ns_tools "${precmd_functions[@]}")',
        "}",
    ]
    _write(folder, ".zshenv", lines)
    return Start([shell], {"ZDOTDIR": folder.path})


def _fish(
    shell: str, variables: Mapping[str, str], environ: Mapping[str, str], folder: PrivateFolder
) -> Start:
    """The commands of -C run after the user's config.fish."""
    commands = (f"set -gx {name} {_fish_quoted(value)}" for name, value in variables.items())
    return Start([shell, "-C", "; ".join(commands)])


_STARTS: dict[str, Callable[[str, Mapping[str, str], Mapping[str, str], PrivateFolder], Start]] = {
    "bash": _bash,
    "zsh": _zsh,
    "fish": _fish,
}


def _exports(variables: Mapping[str, str]) -> list[str]:
    return [f"'builtin' 'export' {name}={shlex.quote(value)}" for name, value in variables.items()]


def _fish_quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _write(folder: PrivateFolder, name: str, lines: list[str]) -> str:
    head = "# Written by kubectl ctx-shell, which removes it at the end of the shell."
    return folder.write(name, os.fsencode("\n".join([head, *lines, ""])))
