"""Who we are and what we may do, as it is asked; the answers of a real server are in test_live_access.py."""

import pytest

from kubectl_ns_tools.cluster.errors import ApiNotFound
from kubectl_ns_tools.cluster.namespaces import NAMESPACES
from kubectl_ns_tools.cluster.permissions import can_i, who_am_i
from kubectl_ns_tools.cluster.resources import Resource
from tests.cluster.scripted import Scripted

REVIEW = "/apis/authentication.k8s.io/{}/selfsubjectreviews"
ROLES = Resource("rbac.authorization.k8s.io", "v1", "roles", "Role", True)


@pytest.mark.parametrize(
    ("resource", "attributes"),
    [
        pytest.param(
            ROLES,
            {"group": "rbac.authorization.k8s.io", "version": "v1", "resource": "roles", "namespace": "n"},
            id="namespaced",
        ),
        pytest.param(NAMESPACES, {"version": "v1", "resource": "namespaces"}, id="cluster-scoped"),
    ],
)
def test_a_right_is_asked_for_with_all_that_matters(resource: Resource, attributes: dict[str, str]) -> None:
    with Scripted().answer({"status": {"allowed": True}}) as server:
        assert can_i(server.connection(), "bind", resource, "n", "admin", subresource="status")
    expected = {"verb": "bind", "name": "admin", "subresource": "status", **attributes}
    assert server.requests[0].body["spec"] == {"resourceAttributes": expected}


@pytest.mark.parametrize("status", [{"allowed": False}, {"denied": True}, {}, None])
def test_what_is_not_allowed_is_not(status: dict[str, bool] | None) -> None:
    with Scripted().answer({"status": status}) as server:
        assert can_i(server.connection(), "get", NAMESPACES) is False


def test_a_server_of_1_27_says_who_we_are_in_its_beta() -> None:
    answer = {"status": {"userInfo": {"username": "jane"}}}
    script = Scripted().on(REVIEW.format("v1")).text("404 page not found", 404)
    with script.on(REVIEW.format("v1beta1")).answer(answer) as server:
        assert who_am_i(server.connection()) == "jane"


def test_an_older_server_cannot_say_who_we_are() -> None:
    script = Scripted().text("404 page not found", 404).text("404 page not found", 404)
    with script as server, pytest.raises(ApiNotFound):
        who_am_i(server.connection())
