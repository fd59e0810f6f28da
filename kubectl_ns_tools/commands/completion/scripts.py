"""The scripts by which the shells complete commands that are called by their own names: shells/."""

import os
from collections.abc import Iterable

SHELLS = ("bash", "fish", "zsh")
_FOLDER = os.path.join(os.path.dirname(__file__), "shells")


def script(shell: str, executables: Iterable[str]) -> str:
    """What such a shell is to read at its start, for these executables."""
    with open(os.path.join(_FOLDER, f"completion.{shell}")) as file:
        return file.read().replace("COMMANDS", " ".join(executables))
