"""What keeps a release from being made: one line on stderr, never a traceback."""

import contextlib
import sys
from collections.abc import Iterator


class CannotRelease(Exception):
    """Why something cannot be made of this checkout, or on this machine."""


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Ends the process with 1 and the reason on stderr, where it is one; missing files and folders are."""
    try:
        yield
    except (CannotRelease, OSError) as error:
        sys.exit(f"error: {error}")
