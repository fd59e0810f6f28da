from typing import Any

import pytest
from pytest_mock import MockerFixture

from kubectl_ns_tools.cluster.errors import ApiForbidden, ApiUnauthorized
from kubectl_ns_tools.cluster.resources import Resource
from kubectl_ns_tools.deletion.inventory import Gap, Reason
from kubectl_ns_tools.deletion.stuck import culprits as module
from kubectl_ns_tools.deletion.stuck.culprits import UNKNOWN, Culprit, Culprits, find_culprits
from tests.deletion.builders import inventory, terminating

HELD = terminating().condition(
    "NamespaceDeletionContentFailure", 'admission webhook "w.x.io" denied the request: no'
)
GAPS = (
    Gap("a.x.io/v1", Reason.BROKEN_GROUP, "stale"),
    Gap("widgets.x.io", Reason.FAILED, "conversion webhook for x.io/v1, Kind=Widget failed: no"),
)
SERVICE = {"service": {"namespace": "x", "name": "svc"}}


def configuration(name: str, webhook: str, config: dict[str, Any]) -> dict[str, Any]:
    return {"metadata": {"name": name}, "webhooks": [{"name": webhook, "clientConfig": config}]}


class Cluster:
    """What it has, by kind; an exception is raised."""

    def __init__(self, mocker: MockerFixture, answers: dict[str, Any] | Exception) -> None:
        self._answers = answers
        mocker.patch.object(module, "list_objects", self._get)
        mocker.patch.object(module, "get_object", self._get)

    def _get(self, _: object, kind: Resource, name: str = "") -> Any:
        if isinstance(self._answers, Exception):
            raise self._answers
        return self._answers[kind.name]

    def find(self) -> Culprits:
        return find_culprits(self, HELD.object, inventory(gaps=GAPS))  # type: ignore[arg-type]


def test_those_at_fault_are_looked_up(mocker: MockerFixture) -> None:
    unavailable = {"type": "Available", "status": "False", "reason": "ServiceNotFound", "message": "absent"}
    answers = {
        "validatingwebhookconfigurations": [
            configuration("one", "w.x.io", SERVICE),
            configuration("other", "v.x.io", SERVICE),
            {"metadata": {"name": "empty"}, "webhooks": None},
        ],
        "mutatingwebhookconfigurations": [configuration("two", "w.x.io", {"url": "https://y"})],
        "apiservices": {
            "metadata": {"name": "v1.a.x.io"},
            "spec": SERVICE,
            "status": {"conditions": [unavailable]},
        },
        "customresourcedefinitions": {"metadata": {"name": "widgets.x.io"}, "spec": {"conversion": None}},
    }
    assert Cluster(mocker, answers).find() == Culprits(
        webhooks={
            "w.x.io": (
                Culprit("validatingwebhookconfiguration/one", "x/svc"),
                Culprit("mutatingwebhookconfiguration/two", "https://y"),
            )
        },
        groups={"a.x.io/v1": Culprit("apiservice/v1.a.x.io", "x/svc", "absent")},
        kinds={"widgets.x.io": Culprit("customresourcedefinition/widgets.x.io")},
    )


def test_an_api_service_that_is_available_has_no_complaint(mocker: MockerFixture) -> None:
    fine = {
        "metadata": {"name": "a"},
        "spec": {},
        "status": {"conditions": [{"type": "Available", "status": "True"}]},
    }
    answers = {"validatingwebhookconfigurations": [], "mutatingwebhookconfigurations": []}
    found = Cluster(mocker, {**answers, "apiservices": fine, "customresourcedefinitions": fine}).find()
    assert found.groups == {"a.x.io/v1": Culprit("apiservice/a")}


def test_who_may_not_look_learns_nothing_more(mocker: MockerFixture) -> None:
    found = Cluster(mocker, ApiForbidden("no", status=403)).find()
    assert (found.webhooks, found.groups, found.kinds) == ({"w.x.io": ()}, {}, {})


def test_credentials_that_are_not_accepted_are_told(mocker: MockerFixture) -> None:
    with pytest.raises(ApiUnauthorized):
        Cluster(mocker, ApiUnauthorized("who", status=401)).find()


def test_nothing_is_asked_where_nobody_is_named(mocker: MockerFixture) -> None:
    connection = mocker.Mock()
    assert find_culprits(connection, terminating().object, inventory()) == UNKNOWN
    assert connection.mock_calls == []
