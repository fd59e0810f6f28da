"""Kubeconfigs of one's own for what a command starts, and what the person is told when they go."""

from collections.abc import Iterator
from contextlib import contextmanager

from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.terminal import say, warn
from kubectl_ns_tools.kubeconfig.isolation.isolation import Isolation, sweep


@contextmanager
def isolated(session: Session) -> Iterator[Isolation]:
    """The maker of the kubeconfigs, which are there for the length of the block."""
    for path in sweep(session.environ):
        _tell_kept(path)
    isolation = Isolation(session.view, session.environ)
    try:
        yield isolation
    finally:
        left = isolation.close()
        for path in left.kept:
            _tell_kept(path)
        if left.in_use:
            say("Programs that were started there still run, and keep their context.")


def _tell_kept(path: str) -> None:
    warn(
        f"what was added to the kubeconfig of the shell is kept; take it over with: kubectl ctx-import {path}"
    )
