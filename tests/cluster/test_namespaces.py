"""When a fresh namespace is ready for its first pod."""

import time
from typing import Any

import pytest

from kubectl_ns_tools.cluster.namespaces import unfilled, wait_until_ready
from kubectl_ns_tools.errors import Unreachable
from tests.cluster.scripted import Scripted

ACCOUNT = "/api/v1/namespaces/x/serviceaccounts/default"
QUOTAS = "/api/v1/namespaces/x/resourcequotas"


def quota(hard: dict[str, str], filled: dict[str, str] | None = None) -> dict[str, Any]:
    status = {} if filled is None else {"hard": filled}
    return {"metadata": {"name": "q"}, "spec": {"hard": hard}, "status": status}


@pytest.mark.parametrize(
    ("given", "lines"),
    [
        pytest.param(quota({"cpu": "1"}, {"cpu": "1"}), [], id="filled"),
        pytest.param(quota({}), [], id="nothing to fill"),
        pytest.param(
            quota({"pods": "1", "cpu": "1"}), ['resourcequota "q" has no status yet for cpu, pods'], id="new"
        ),
        pytest.param(
            quota({"pods": "1", "cpu": "1"}, {"cpu": "1"}),
            ['resourcequota "q" has no status yet for pods'],
            id="changed",
        ),
    ],
)
def test_a_quota_counts_when_its_whole_status_is_filled(given: dict[str, Any], lines: list[str]) -> None:
    assert list(unfilled([given])) == lines


def listed(*quotas: dict[str, Any]) -> dict[str, Any]:
    return {"metadata": {}, "items": list(quotas)}


def test_it_waits_until_both_are_there() -> None:
    script = Scripted().on(ACCOUNT).text("no", 404).answer({}).answer({})
    script.on(QUOTAS).answer(listed()).answer(listed(quota({"cpu": "1"})))
    script.answer(listed(quota({"cpu": "1"}, {"cpu": "1"})))
    with script as server:
        assert wait_until_ready(server.connection(), "x", deadline=time.monotonic() + 60) == []
    assert len(server.requests) == 6


@pytest.mark.parametrize("then", ["the same", "silence"])
def test_it_says_what_is_still_missing_at_the_deadline(then: str) -> None:
    script = Scripted()
    for _ in range(20 if then == "the same" else 1):
        script.on(ACCOUNT).text("no", 404).on(QUOTAS).answer(listed(quota({"cpu": "1"})))
    script.on(ACCOUNT).silence()
    with script as server:
        before = time.monotonic()
        missing = wait_until_ready(server.connection(), "x", deadline=before + 2.5)
        assert time.monotonic() - before < 15
    assert missing == [
        'serviceaccount "default" does not exist yet',
        'resourcequota "q" has no status yet for cpu',
    ]


def test_a_silent_server_does_not_outlive_the_deadline() -> None:
    before = time.monotonic()
    with Scripted().on(ACCOUNT).silence() as server, pytest.raises(Unreachable):
        wait_until_ready(server.connection(), "x", deadline=before + 0.3)
    assert time.monotonic() - before < 15


def test_what_may_not_be_read_is_not_waited_for_but_told() -> None:
    script = Scripted().on(ACCOUNT).text("no", 403).on(QUOTAS).text("no", 403)
    with script as server:
        told = wait_until_ready(server.connection(), "x", deadline=time.monotonic() + 60)
    assert told == [
        'serviceaccount "default" not checked (forbidden)',
        "resourcequotas not checked (forbidden)",
    ]
    assert len(server.requests) == 2
