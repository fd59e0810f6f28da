"""Becomes the program in its arguments, bound to the life of the process that started it.

    python bound.py PARENT-PID PROGRAM [ARGUMENT]...

Linux ends such a program by itself when its parent is gone, even when the parent was killed with SIGKILL
(prctl(2), PR_SET_PDEATHSIG, which survives execve). Other systems have no such call; there, the program is
only ended by the regular ways. `subprocess`'s preexec_fn would do the same, but it is unsafe with threads.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(parent: int, command: list[str]) -> None:
    """Replaces this process by the command; exits with 1 when the parent has already gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)
    os.execv(command[0], command)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
