"""Walks the tour before the user's eyes: each command, then its real output.

python -m tests.controlplane.demo     # KEEP=1 in the environment leaves the cluster up to play on
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.controlplane import playground
from tests.controlplane.keeper import KeeperFailure
from tests.controlplane.tools import ToolMissing
from tests.e2e.tour import STEPS, Command, Step


class DemoFailure(Exception):
    """A command of the tour ended otherwise than it should."""


def main() -> None:
    """Exits with 1 when the tour could not be walked to its end."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    keep = os.environ.get("KEEP") == "1"
    try:
        with playground.kept() if keep else playground.passing() as place:
            walk(STEPS, place.work, place.environ)
            if keep:
                print(
                    f"\nThe cluster stays up; `make playground-stop` ends it. To play on:\n\n{place.exports}"
                )
    except (DemoFailure, KeeperFailure, ToolMissing) as failure:
        sys.exit(f"error: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)


def walk(steps: Iterable[Step], folder: Path, environ: Mapping[str, str]) -> None:
    """Runs the steps' commands in the folder, echoing each; DemoFailure at the first wrong exit code."""
    for step in steps:
        _show(f"\n{step.number}. {step.title}", "1;36")
        for command in step.commands:
            given = f" <<'EOF'\n{command.stdin}EOF" if command.stdin else ""
            _show(f"$ {command.line}{given}", "1")
            code, wanted = _run(command, folder, environ), command.exit_code
            if code != wanted:
                raise DemoFailure(f"step {step.number} ended with {code} instead of {wanted}: {command.line}")


def _run(command: Command, folder: Path, environ: Mapping[str, str]) -> int:
    shell = ["bash", "-o", "pipefail", "-c", command.line]
    return subprocess.run(
        shell, cwd=folder, env=environ, input=command.stdin, text=True, check=False
    ).returncode


def _show(text: str, style: str) -> None:
    coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    print(f"\x1b[{style}m{text}\x1b[0m" if coloured else text, flush=True)


if __name__ == "__main__":
    main()
