"""fzf as the picker. Names go to it escaped, one a row with its number before it, and only the number is
read back; its preview command knows the row's number alone, so that no name ever meets a shell."""

import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from kubectl_ns_tools.errors import NotFound, NsToolsError
from kubectl_ns_tools.output.choices import Choice

_PREVIEWS = "KUBECTL_NS_TOOLS_PREVIEWS"
_NOTHING_CHOSEN = (1, 130)  # fzf(1), EXIT STATUS: no match, interrupted with Ctrl-C or Esc


def choose(choices: Sequence[Choice], what: str, environ: Mapping[str, str]) -> Choice | None:
    """The choice of the person; None when they leave. what: the word before what is typed.

    Raises NotFound without fzf on $PATH, NsToolsError when it fails.
    """
    program = shutil.which("fzf", path=environ.get("PATH"))
    if program is None:
        hint = "install it, or unset the variable for the built-in picker"
        raise NotFound("KUBECTL_NS_TOOLS_PICKER is fzf, but there is no fzf on $PATH", hint)
    # fzf highlights the first row, in every version; only newer ones can be told another.
    order = sorted(range(len(choices)), key=lambda index: not choices[index].current)
    ordered = [choices[index] for index in order]
    with tempfile.TemporaryDirectory(prefix="kubectl-ns-tools-") as folder:
        previews = Path(folder, "previews")
        previews.write_text("".join(f"{line}\n" for choice in ordered for line in choice.preview()), "utf-8")
        # fzf runs the preview in $SHELL, and this is written for the standard one.
        surroundings = {**environ, "SHELL": "/bin/sh", _PREVIEWS: str(previews)}
        rows = "\0".join(_row(number, choice) for number, choice in enumerate(ordered))
        done = subprocess.run(
            [program, *_options(len(ordered[0].preview()), what)],
            input=rows.encode(), stdout=subprocess.PIPE, env=surroundings, check=False,
        )  # fmt: skip
    number = _number(done.returncode, done.stdout, len(ordered))
    return None if number is None else ordered[number]


def _row(number: int, choice: Choice) -> str:
    remarks = f"   {choice.remarks}" if choice.notes else ""
    return f"{number}\t{'*' if choice.current else ' '} {choice.label}{remarks}"


def _options(lines: int, what: str) -> list[str]:
    """Ours, after those of the person in $FZF_DEFAULT_OPTS: looks stay theirs, meaning is ours."""
    first = f"{lines} * {{n}} + 1"
    return [
        "--read0", "--no-print0", "--no-multi", "--no-print-query", "--no-expect", "--no-select-1",
        "--no-exit-0", "--delimiter=\t", "--with-nth=2..", "--nth=1..", f"--prompt={what}> ",
        f'--preview=sed -n "$(({first})),$(({first} + {lines - 1}))p" "${_PREVIEWS}"',
        f"--preview-window=down:{lines}",
    ]  # fmt: skip


def _number(exit_code: int, output: bytes, count: int) -> int | None:
    """The number of the row that fzf printed; None when it was left."""
    if exit_code in _NOTHING_CHOSEN:
        return None
    text = output.decode(errors="replace").strip().rpartition("\n")[2].partition("\t")[0]
    if exit_code or not (text.isascii() and text.isdecimal() and int(text) < count):
        hint = "see what it wrote above, and $FZF_DEFAULT_OPTS"
        raise NsToolsError(f"fzf failed: exit code {exit_code}", hint)
    return int(text)
