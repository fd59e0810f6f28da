import time
from typing import Any

import pytest
from pytest_mock import MockerFixture

from kubectl_ns_tools.cluster.connection import connect
from kubectl_ns_tools.cluster.errors import ApiConflict, ApiError, ApiForbidden, ApiNotFound, ApiUnauthorized
from kubectl_ns_tools.deletion.measures.removal import Outcome, Removal, remove
from kubectl_ns_tools.errors import Unreachable
from tests.deletion.builders import Thing, configmap, resource

NOWHERE = {
    "current-context": "x",
    "contexts": [{"name": "x", "context": {"cluster": "x"}}],
    "clusters": [{"name": "x", "cluster": {"server": "http://127.0.0.1:9"}}],
}
ROLE = Thing(resource("roles.rbac.authorization.k8s.io", "Role"), "r")
BINDING = Thing(resource("rolebindings.rbac.authorization.k8s.io", "RoleBinding"), "b")
ACCOUNT = Thing(resource("serviceaccounts", "ServiceAccount"), "s")
CONFLICT = ApiConflict("Precondition failed", status=409)
LOST = Unreachable("the connection broke")


class Server:
    """What it answers to one DELETE after the other, and to a GET; an exception is raised."""

    def __init__(self, mocker: MockerFixture, *answers: Exception | None, live: Any = None) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []
        mocker.patch("kubectl_ns_tools.deletion.measures.removal.delete_object", self._delete)
        mocker.patch("kubectl_ns_tools.deletion.measures.removal.get_object", side_effect=[live])

    def _delete(self, _: object, kind: object, name: str, namespace: str, *, uid: str, dry_run: bool) -> None:
        self.asked.append(name)
        answer = self.answers.pop(0) if self.answers else None
        if answer:
            raise answer

    def remove(self, *things: Thing) -> tuple[Removal, ...]:
        return remove(self, "blue", [thing.item for thing in things])  # type: ignore[arg-type]


def live(uid: str) -> dict[str, Any]:
    return {"metadata": {"uid": uid}}


ANSWERS = {
    "deleted": ([None], None, Outcome.DELETED, ""),
    "gone": ([ApiNotFound("gone", status=404)], None, Outcome.GONE, ""),
    "forbidden": ([ApiForbidden("no", status=403)], None, Outcome.FAILED, "no"),
    "a lost answer": ([LOST, None], None, Outcome.DELETED, ""),
    "a lost answer to what was carried out": (
        [LOST, ApiNotFound("gone", status=404)],
        None,
        Outcome.GONE,
        "",
    ),
    "two lost answers": ([LOST, LOST], None, Outcome.FAILED, "the connection broke"),
    "credentials not accepted": ([ApiUnauthorized("who", status=401)], None, Outcome.FAILED, "who"),
    "another uid": ([CONFLICT], live("other"), Outcome.REPLACED, "the new one is left alone"),
    "a conflict of another kind": ([CONFLICT], live("uid-configmaps-a"), Outcome.FAILED, "Precondition"),
    "a conflict about what is gone": ([CONFLICT], ApiNotFound("gone", status=404), Outcome.GONE, ""),
    "a conflict that cannot be looked at": (
        [CONFLICT],
        ApiForbidden("no", status=403),
        Outcome.FAILED,
        "Precondition failed",
    ),
}


@pytest.mark.parametrize(("answers", "now", "outcome", "message"), ANSWERS.values(), ids=ANSWERS)
def test_what_the_server_says_is_an_outcome(
    mocker: MockerFixture, answers: list[Exception | None], now: Any, outcome: Outcome, message: str
) -> None:
    server = Server(mocker, *answers, live=now)
    (removal,) = server.remove(configmap("a"))
    assert (removal.outcome, server.answers) == (outcome, [])
    assert message in removal.message
    assert bool(message) == bool(removal.message)
    assert removal.done is (outcome in (Outcome.DELETED, Outcome.GONE))


def test_what_our_rights_may_hang_on_goes_last(mocker: MockerFixture) -> None:
    server = Server(mocker)
    removals = server.remove(BINDING, ROLE, ACCOUNT, configmap("a"))
    assert server.asked == ["a", "s", "r", "b"]
    assert [removal.item.name for removal in removals] == ["b", "r", "s", "a"]


def test_one_failure_does_not_stop_the_others(mocker: MockerFixture) -> None:
    server = Server(mocker, ApiError("ill", status=500))
    outcomes = [removal.outcome for removal in server.remove(*map(configmap, "abcdefghijkl"))]
    assert sorted(outcome.value for outcome in outcomes) == ["deleted"] * 11 + ["failed"]


def test_nothing_is_asked_for_when_the_time_is_up(mocker: MockerFixture) -> None:
    server = Server(mocker)
    items = [configmap(name).item for name in "ab"]
    removals = remove(server, "blue", items, deadline=time.monotonic())  # type: ignore[arg-type]
    assert [removal.message for removal in removals] == ["not tried: the time is up"] * 2
    assert server.asked == []


def test_a_server_out_of_reach_is_not_asked_for_each_object() -> None:
    items = [configmap(f"c{number}").item for number in range(100)]
    removals = remove(connect(NOWHERE), "blue", items)
    assert {removal.outcome for removal in removals} == {Outcome.FAILED}
    assert sum("not tried: " in removal.message for removal in removals) >= 80
