"""What is filled in without being asked for, and what OpenShift fills in for a project request."""

from typing import Any

import pytest

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.errors import ApiForbidden, ApiNotFound
from kubectl_ns_tools.errors import NsToolsError, Unreachable
from kubectl_ns_tools.templates.parameters.filled import NotKnown, requester_of
from tests.controlplane.servers import ControlPlane
from tests.templates.builders import (
    PROJECT_REQUEST,
    Template,
    datas,
    expand_all,
    problems_of_all,
    surroundings,
)

NOBODY = surroundings(requester=NotKnown("no cluster"), context=NotKnown("no context"))
EVERYTHING = "${NAMESPACE} ${REQUESTER} ${CONTEXT} ${DATE}"


def shown(text: str, **options: Any) -> Any:
    template = Template().configmap("c", data={"x": text})
    return datas(expand_all(template.text, **options))[0]["data"]["x"]


class _Asked(Exception):
    """Somebody asked for what nobody needed."""


def test_every_template_is_filled_in_by_the_day_in_utc() -> None:
    assert shown(EVERYTHING) == "blue anna prod 2026-03-01"
    assert datas(expand_all(f"{{kind: A, name: '{EVERYTHING}'}}"))[0]["name"] == "blue anna prod 2026-03-01"


def test_nobody_is_asked_for_what_no_template_refers_to() -> None:
    where = surroundings(requester=_Asked(), context=_Asked())
    assert shown("${NAMESPACE} $${REQUESTER} ${DATE}", where=where) == "blue ${REQUESTER} 2026-03-01"
    text = Template().parameter("PROJECT_REQUESTING_USER").configmap("c").text
    assert len(expand_all(text, where=where).objects) == 1


@pytest.mark.parametrize("name", ["NAMESPACE", "DATE", "CONTEXT", "REQUESTER"])
def test_what_is_filled_in_cannot_be_given(name: str) -> None:
    text = Template().configmap(f"${{{name}}}").text
    expected = [f"parameter {name} cannot be given: it is filled in"]
    assert problems_of_all(text, **{name: "x"}) == expected
    assert problems_of_all(Template().text, **{name: "x"}) == expected


def test_what_is_not_known_can_be_given() -> None:
    text = Template().configmap("${REQUESTER}-${CONTEXT}").text
    assert expand_all(text, where=NOBODY, REQUESTER="eve", CONTEXT="c").objects[0].name == "eve-c"
    assert problems_of_all(text, where=NOBODY) == [
        "f.yaml:13: REQUESTER has no value: no cluster: -p REQUESTER=…",
        "f.yaml:13: CONTEXT has no value: no context: -p CONTEXT=…",
    ]


@pytest.mark.parametrize("name", ["DATE", "CONTEXT", "REQUESTER", "EXPIRES"])
def test_a_template_may_have_a_parameter_of_its_own_by_such_a_name(name: str) -> None:
    def value(given: dict[str, str], **fields: Any) -> str:
        text = Template().parameter(name, **fields).configmap(f"x-${{{name}}}").text
        return expand_all(text, **given).objects[0].name

    known = {"DATE": "x-2026-03-01", "CONTEXT": "x-prod", "REQUESTER": "x-anna", "EXPIRES": "x-"}
    assert value({}, value="own") == "x-own"
    assert value({name: "given"}, value="own") == "x-given"
    assert value({}) == known[name]


def test_the_end_is_filled_in_where_there_is_a_ttl() -> None:
    def template(**fields: Any) -> str:
        return Template().parameter("TTL", **fields).configmap("c", data={"x": "${EXPIRES}"}).text

    assert datas(expand_all(template(value="8h")))[0]["data"]["x"] == "2026-03-02T07:30:00Z"
    assert datas(expand_all(template(value="8h"), TTL="1d"))[0]["data"]["x"] == "2026-03-02T23:30:00Z"
    assert datas(expand_all(template()))[0]["data"]["x"] == ""
    assert problems_of_all(template(value="8 hours")) == [
        "f.yaml:21: EXPIRES has no value: TTL: '8 hours' is not a length of time;"
        " write it like 8h, 3d or 1d12h"
    ]
    assert "there is no parameter EXPIRES" in problems_of_all(Template().configmap("${EXPIRES}").text)[0]


class TestProjectRequest:
    """OpenShift's own template for new projects, as it is published."""

    def test_it_is_filled_in_as_openshift_does(self) -> None:
        namespace, binding = datas(expand_all(PROJECT_REQUEST, plain=False))
        assert namespace["metadata"]["name"] == "blue"
        assert namespace["metadata"]["annotations"] == {
            "openshift.io/description": "",
            "openshift.io/display-name": "",
            "openshift.io/requester": "anna",
        }
        assert binding["subjects"] == [
            {"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "anna"}
        ]

    def test_display_name_description_and_admin_can_be_given(self) -> None:
        given = {"PROJECT_DISPLAYNAME": "Blue", "PROJECT_DESCRIPTION": "d", "PROJECT_ADMIN_USER": "bob"}
        namespace, binding = datas(expand_all(PROJECT_REQUEST, plain=False, **given))
        assert namespace["metadata"]["annotations"] == {
            "openshift.io/description": "d",
            "openshift.io/display-name": "Blue",
            "openshift.io/requester": "anna",
        }
        assert binding["subjects"][0]["name"] == "bob"

    def test_without_a_cluster_both_users_must_be_given(self) -> None:
        assert [line.partition(": ")[2] for line in problems_of_all(PROJECT_REQUEST, where=NOBODY)] == [
            f"parameter {name} is not known: no cluster: -p {name}=…"
            for name in ("PROJECT_ADMIN_USER", "PROJECT_REQUESTING_USER")
        ]
        given = {"PROJECT_ADMIN_USER": "bob", "PROJECT_REQUESTING_USER": "eve"}
        assert len(expand_all(PROJECT_REQUEST, where=NOBODY, **given).objects) == 2

    def test_the_names_mean_nothing_where_they_are_not_declared(self) -> None:
        text = Template().configmap("${PROJECT_ADMIN_USER}").text
        assert "there is no parameter PROJECT_ADMIN_USER" in problems_of_all(text)[0]


class TestRequester:
    @staticmethod
    def failing(error: NsToolsError) -> Any:
        def connect() -> Connection:
            raise error

        return connect

    @pytest.mark.parametrize("error", [ApiForbidden("no", status=403), ApiNotFound("no", status=404)])
    @pytest.mark.parametrize("offline", [True, False])
    def test_a_server_may_not_tell(self, error: NsToolsError, offline: bool) -> None:
        with pytest.raises(NotKnown, match=r"^the API server does not say who you are \(no\)$"):
            requester_of(self.failing(error), offline=offline)()

    def test_a_cluster_out_of_reach_is_an_error_unless_it_is_not_needed(self) -> None:
        with pytest.raises(NotKnown):
            requester_of(self.failing(Unreachable("no answer")), offline=True)()
        with pytest.raises(Unreachable):
            requester_of(self.failing(Unreachable("no answer")), offline=False)()

    @pytest.mark.integration
    def test_the_api_server_is_asked_once(self, controlplane: ControlPlane, connection: Connection) -> None:
        calls: list[None] = []

        def connect() -> Connection:
            calls.append(None)
            return connection

        requester = requester_of(connect, offline=False)
        assert calls == []
        assert (requester(), requester()) == ("kubernetes-admin", "kubernetes-admin")
        assert len(calls) == 1
