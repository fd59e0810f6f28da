"""Starting the servers: a lost race for a port is no failure, and a failure says why."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.controlplane import servers
from tests.controlplane.flags import LOOPBACK, Ports
from tests.controlplane.servers import ControlPlane, StartFailure

pytestmark = pytest.mark.integration


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody else has."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        yield listener.getsockname()[1]


def offer(monkeypatch: pytest.MonkeyPatch, *offered: Ports) -> list[Ports]:
    """Makes these the first ports that are found; gives those that were not found yet."""
    remaining, free = list(offered), Ports.free
    monkeypatch.setattr(Ports, "free", lambda: remaining.pop(0) if remaining else free())
    return remaining


def test_a_port_that_somebody_took_meanwhile_is_replaced(
    tmp_path: Path, binaries: Path, taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(servers, "ATTEMPTS", 9)  # what is free now may be another test's in a second
    free = Ports.free()
    remaining = offer(monkeypatch, replace(free, etcd=taken), replace(free, apiserver=taken))
    with ControlPlane.start(tmp_path, binaries) as cluster:
        assert cluster.api.get("/readyz") == "ok"
        assert not remaining
        assert not cluster.server.endswith(f":{taken}")


def test_it_gives_up_when_every_port_is_lost(
    tmp_path: Path, binaries: Path, taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(monkeypatch, *[replace(Ports.free(), etcd=taken)] * 3)
    with pytest.raises(StartFailure, match="address already in use"), ControlPlane.start(tmp_path, binaries):
        pass
