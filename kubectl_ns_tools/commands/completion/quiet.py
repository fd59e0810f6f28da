"""An environment in which no program opens a window, such as a browser for a login that nobody wants."""

import contextlib
import os
import shutil
from collections.abc import MutableMapping

# What exec plugins open a page with: by $BROWSER, on a display, or by the first of these on PATH.
_OPENERS = (
    "gio",
    "open",
    "osascript",
    "sensible-browser",
    "wslview",
    "www-browser",
    "x-www-browser",
    "xdg-open",
)


def without_windows(environ: MutableMapping[str, str], folder: str) -> None:
    """Change the environment. folder: for programs that do nothing in the place of the openers, made
    where it is missing; "" for none."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        environ.pop(name, None)
    environ["BROWSER"] = "false"
    refusal = shutil.which("false", path=environ.get("PATH"))
    if not (folder and refusal):
        return
    with contextlib.suppress(OSError):
        os.makedirs(folder, mode=0o700, exist_ok=True)
        for name in _OPENERS:
            with contextlib.suppress(FileExistsError):
                os.symlink(refusal, os.path.join(folder, name))
        environ["PATH"] = os.pathsep.join([folder, environ.get("PATH", os.defpath)])
