"""A question to the cluster for which the shell waits a second, and no longer.

Another process asks, as only that can be left alone in whatever it hangs: the name service, a handshake, an
exec plugin. If it is late it goes on for a while, without a terminal, and keeps the answer for the next Tab:
ended at once, a plugin might lose the login that it is just renewing.
"""

import functools
import json
import os
import select
import signal
import time
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from kubectl_ns_tools.commands.completion.memory import FRESH_SECONDS, Memory
from kubectl_ns_tools.kubeconfig.state import cache_folder

WAIT_SECONDS = 1.0
LAST_SECONDS = 10.0  # for the process that asks, with all that it started
REQUEST_SECONDS = 8.0  # for a request in it, and for an exec plugin


def answer_to(question: Sequence[str], ask: Callable[[], Any]) -> Any:
    """What `ask` returns, as JSON has it, or has returned lately; None where it raises, and where it neither
    returns in time nor did in the last day. question: see Memory."""
    memory = Memory(cache_folder(os.environ, "completion"), question)
    kept = memory.read()
    if kept and kept.age < FRESH_SECONDS:
        return kept.value
    found = _asked(memory, ask)
    return kept.value if found is None and kept else found


def _asked(memory: Memory, ask: Callable[[], Any]) -> Any:
    coming, going = os.pipe()
    if not os.fork():
        _ask_alone(memory, ask, going)
    os.close(going)
    try:
        return _received(coming, _end())
    finally:
        os.close(coming)


@functools.cache
def _end() -> float:
    """When the shell has waited long enough, for all the questions of one Tab."""
    return time.monotonic() + WAIT_SECONDS


def _received(coming: int, end: float) -> Any:
    """What the other process sends; None for nothing, or not in time."""
    data = b""
    while select.select([coming], [], [], max(0.0, end - time.monotonic()))[0]:
        piece = os.read(coming, 1 << 16)
        if not piece:
            return json.loads(data) if data else None
        data += piece
    return None


def _ask_alone(memory: Memory, ask: Callable[[], Any], going: int) -> NoReturn:
    """The other process, from its beginning to its end."""
    try:
        _leave_the_shell()
        with memory.held():
            kept = memory.read()
            if kept and kept.age < FRESH_SECONDS:  # somebody else has asked meanwhile
                value = kept.value
            else:
                value = ask()
                memory.write(value)
        os.write(going, json.dumps(value).encode())
        os._exit(0)
    except BaseException:
        _end_all()


def _end_all(*_: object) -> NoReturn:
    """End this process, with the plugin that may still hang, and all that that one has started."""
    if os.getpgrp() == os.getpid():  # never the shell
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _leave_the_shell() -> None:
    """In a session of its own, whose time is limited: without a terminal on which a password could be asked
    for, and without the pipe at whose end the shell waits."""
    os.setsid()
    signal.signal(signal.SIGALRM, _end_all)
    signal.setitimer(signal.ITIMER_REAL, LAST_SECONDS)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    from kubectl_ns_tools.commands.completion.quiet import without_windows

    without_windows(os.environ, cache_folder(os.environ, "no-browser"))
