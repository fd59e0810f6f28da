import json
import threading
import time
from typing import Any
from uuid import uuid4

import pytest

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.lag import SECONDS
from kubectl_ns_tools.errors import ExitCode, Interrupted
from kubectl_ns_tools.templates.cancellation import Cancellation
from kubectl_ns_tools.templates.creation import creation
from kubectl_ns_tools.templates.creation.manner import Created
from tests.controlplane.servers import ControlPlane, wait_until
from tests.templates.ground import (
    NAMESPACES_RULE,
    QUOTA,
    RBAC,
    FaultyConnection,
    carry_out,
    configmap,
    definition,
    documents,
    failed,
    is_gone,
    is_taken_back,
    names,
    once,
    policy_against,
    together,
    told_taken_back,
    user_with,
)

pytestmark = pytest.mark.integration
BROKEN = configmap("broken", "{'no key': c}")  # what only the server refuses


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("broken", "line", "why"),
    [
        (QUOTA.replace("hard", "hrad"), 3, ".spec.hrad: field not declared in schema"),
        (QUOTA.replace("'5'", "many"), 3, "quantities must match the regular expression"),
        (QUOTA.replace("'5'", "-5"), 3, "spec.hard[pods]: Invalid value"),
        (configmap("b", "{'no key': c}"), 3, "data[no key]: Invalid value"),
        (configmap("b", "\n  {a: b,\n  c: 1}"), 5, "expected string"),
    ],
    ids=["unknown field", "no quantity", "bad value", "bad key", "wrong type"],
)
def test_an_object_that_the_server_refuses_takes_the_namespace_with_it(
    controlplane: ControlPlane,
    connection: Connection,
    namespace_name: str,
    *,
    broken: str,
    line: int,
    why: str,
) -> None:
    own = together(connection, "/configmaps/a", "/configmaps/b") if "ConfigMap" in broken else connection
    error = failed(own, documents(configmap("a"), broken), namespace_name)
    kind = "resourcequota/q" if "Quota" in broken else "configmap/b"
    assert error.message.startswith(f"f.yaml:{line}: {kind}")
    assert why in error.message
    assert error.problems == told_taken_back(namespace_name, "configmap/a")
    assert error.exit_code == ExitCode.FAILED
    assert is_taken_back(controlplane, namespace_name)


@pytest.mark.usefixtures("impatient")
def test_a_policy_that_denies_the_fourth_of_six_is_named(
    controlplane: ControlPlane, connection: Connection, namespace_name: str
) -> None:
    unwanted = f"unwanted-{uuid4().hex[:8]}"
    path = "/api/v1/namespaces/default/configmaps?dryRun=All"
    with policy_against(controlplane, "configmaps", unwanted):
        wait_until(lambda: controlplane.api.call("POST", path, {"metadata": {"name": unwanted}})[0] == 422)
        text = documents(*(configmap(name) for name in ["a", "b", "c", unwanted, "e", "f"]))
        error = failed(connection, text, namespace_name)
    assert error.message.startswith(f"f.yaml:7: configmap/{unwanted}: ")
    assert f"{unwanted} is not wanted here" in error.message
    assert is_taken_back(controlplane, namespace_name)


def test_a_user_without_the_right_for_one_object_leaves_nothing_behind(
    controlplane: ControlPlane, namespace_name: str
) -> None:
    with user_with(controlplane, NAMESPACES_RULE, ("", "configmaps", "create patch")) as limited:
        error = failed(limited, documents(configmap("a"), QUOTA), namespace_name)
    assert error.message.startswith(
        "f.yaml:3: resourcequota/q: Error from server (Forbidden): resourcequotas"
    )
    assert "is forbidden: User" in error.message
    assert error.problems == (
        f"namespace/{namespace_name} deleted again",
        "gone with the namespace: configmap/a",
    )
    assert is_gone(controlplane, namespace_name)


def test_what_cannot_be_taken_back_is_told(controlplane: ControlPlane, namespace_name: str) -> None:
    with user_with(controlplane, ("", "namespaces", "create")) as limited:
        error = failed(limited, configmap("a"), namespace_name)
    [told] = error.problems
    assert told.startswith(
        f"namespace/{namespace_name} could not be deleted again: Error from server (Forbidden)"
    )
    assert not is_gone(controlplane, namespace_name)


def test_what_is_left_in_a_namespace_that_cannot_be_deleted_is_told(
    controlplane: ControlPlane, namespace_name: str
) -> None:
    rules = ("", "namespaces", "create patch"), ("", "configmaps", "create patch")
    with user_with(controlplane, *rules) as limited:
        both = together(limited, "/configmaps/a", "/configmaps/broken")
        error = failed(both, documents(configmap("a"), BROKEN), namespace_name)
    assert error.problems[-1] == "left in the namespace: configmap/a"
    assert not is_gone(controlplane, namespace_name)


class TestWithACustomResourceDefinition:
    """A kind that is new with the namespace: its definition and its objects come from one file."""

    @pytest.fixture
    def group(self, controlplane: ControlPlane) -> Any:
        name = f"g{uuid4().hex[:8]}.example.com"
        yield name
        for plural in ("widgets", "gadgets"):
            path = f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{plural}.{name}"
            controlplane.api.call("DELETE", path)

    @staticmethod
    def text(group: str, size: str) -> str:
        widget = f"{{apiVersion: {group}/v1, kind: Widget, metadata: {{name: w}}, spec: {{size: {size}}}}}"
        gadget = f"{{apiVersion: {group}/v1, kind: Gadget, metadata: {{name: g}}, spec: {{size: 1}}}}"
        definitions = (
            definition("widgets", "Widget", group),
            definition("gadgets", "Gadget", group, scope="Cluster"),
        )
        return documents(gadget, widget, *map(json.dumps, definitions))

    def test_its_objects_are_created_once_it_is_established(
        self, controlplane: ControlPlane, connection: Connection, namespace_name: str, group: str
    ) -> None:
        carry_out(connection, self.text(group, "3"), namespace_name)
        base = f"/apis/{group}/v1"
        widgets = controlplane.api.get(f"{base}/namespaces/{namespace_name}/widgets")
        assert names(widgets["items"]) == {"w"}
        assert names(controlplane.api.get(f"{base}/gadgets")["items"]) == {"g"}

    def test_a_failure_takes_it_back_too(
        self, controlplane: ControlPlane, connection: Connection, namespace_name: str, group: str
    ) -> None:
        error = failed(connection, self.text(group, "many"), namespace_name)
        assert f"widget.{group}/w: " in error.message
        crd = "customresourcedefinition.apiextensions.k8s.io"
        assert error.problems == (
            f"gadget.{group}/g deleted again",
            f"{crd}/gadgets.{group} deleted again",
            f"{crd}/widgets.{group} deleted again",
            f"namespace/{namespace_name} deleted again",
        )
        assert is_gone(controlplane, namespace_name)


@pytest.mark.usefixtures("impatient")
def test_a_cluster_scoped_object_that_was_there_before_stays(
    controlplane: ControlPlane, connection: Connection, namespace_name: str
) -> None:
    role = f"role-{uuid4().hex[:8]}"
    controlplane.api.create(f"{RBAC}/clusterroles", {"metadata": {"name": role}})
    header = f"apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {{name: {role}}}"
    try:
        error = failed(connection, documents(f"{{{header}}}", BROKEN), namespace_name)
        assert error.problems == (
            f"clusterrole.rbac.authorization.k8s.io/{role} was there before and is not changed back",
            *told_taken_back(namespace_name),
        )
        assert controlplane.api.exists(f"{RBAC}/clusterroles/{role}")
    finally:
        controlplane.api.call("DELETE", f"{RBAC}/clusterroles/{role}")


@pytest.mark.usefixtures("impatient")
def test_a_connection_that_breaks_in_the_middle_takes_everything_back(
    controlplane: ControlPlane, connection: Connection, namespace_name: str
) -> None:
    faulty = FaultyConnection(connection, once("PATCH", "/configmaps/b"), after=True)
    error = failed(faulty, documents(configmap("a"), configmap("b")), namespace_name)
    assert error.message == "f.yaml:3: configmap/b: connection reset by peer"
    assert is_taken_back(controlplane, namespace_name)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("at", ["namespace", "configmap"])
def test_an_interruption_takes_everything_back(
    controlplane: ControlPlane, connection: Connection, namespace_name: str, at: str
) -> None:
    cancellation = Cancellation()

    def interrupt(result: Created) -> None:
        if result.manifest.reference.startswith(at):
            cancellation.cancel()

    text = documents(configmap("a"), configmap("b"))
    both = together(connection, "/configmaps/a", "/configmaps/b")
    with pytest.raises(Interrupted) as caught:
        carry_out(both, text, namespace_name, created=interrupt, cancellation=cancellation)
    gone = ["configmap/a", "configmap/b"] if at == "configmap" else []
    assert caught.value.problems == told_taken_back(namespace_name, *gone)
    assert is_taken_back(controlplane, namespace_name)


@pytest.mark.usefixtures("impatient")
def test_an_interruption_while_the_namespace_is_created_waits_for_its_uid(
    controlplane: ControlPlane, connection: Connection, namespace_name: str
) -> None:
    cancellation = Cancellation()

    def interrupt(method: str, path: str) -> bool:
        if method == "POST" and path.endswith("/namespaces"):
            cancellation.cancel()
        return False

    faulty = FaultyConnection(connection, interrupt, after=True)
    with pytest.raises(Interrupted) as caught:
        carry_out(faulty, configmap("a"), namespace_name, cancellation=cancellation)
    assert caught.value.problems == told_taken_back(namespace_name)
    assert is_taken_back(controlplane, namespace_name)


@pytest.mark.usefixtures("impatient")
def test_any_other_end_takes_everything_back_too(
    controlplane: ControlPlane, connection: Connection, namespace_name: str
) -> None:
    def break_off(result: Created) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        carry_out(connection, "", namespace_name, created=break_off)
    assert is_taken_back(controlplane, namespace_name)


@pytest.mark.usefixtures("impatient")
def test_everything_that_failed_at_the_same_time_is_told(
    controlplane: ControlPlane, connection: Connection, namespace_name: str
) -> None:
    both = together(connection, "/configmaps/broken", "/configmaps/worse")
    error = failed(both, documents(BROKEN, BROKEN.replace("broken", "worse")), namespace_name)
    assert error.message.startswith("f.yaml:1: configmap/broken: ")
    assert error.problems[0].startswith("f.yaml:3: configmap/worse: ")
    assert error.problems[1:] == told_taken_back(namespace_name)


def test_what_was_created_may_be_kept(
    controlplane: ControlPlane, connection: Connection, namespace_name: str
) -> None:
    both = together(connection, "/configmaps/a", "/configmaps/broken")
    error = failed(both, documents(configmap("a"), BROKEN), namespace_name, keep=True)
    assert error.problems == (f"kept: namespace/{namespace_name}, configmap/a",)
    assert error.hint == (
        f"kubectl ns-create {namespace_name} --update goes on from there,"
        f" kubectl ns-delete {namespace_name} removes it"
    )
    assert controlplane.api.exists(f"/api/v1/namespaces/{namespace_name}/configmaps/a")


def test_a_lost_answer_about_a_cluster_scoped_object_is_told(
    controlplane: ControlPlane, connection: Connection, namespace_name: str
) -> None:
    role = f"role-{uuid4().hex[:8]}"
    text = f"{{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {{name: {role}}}}}"
    faulty = FaultyConnection(connection, once("PATCH", f"/clusterroles/{role}"), after=True)
    try:
        error = failed(faulty, text, namespace_name)
        reference = f"clusterrole.rbac.authorization.k8s.io/{role}"
        assert error.problems[-1] == f"{reference} was perhaps created: its answer was lost"
    finally:
        controlplane.api.call("DELETE", f"{RBAC}/clusterroles/{role}")


@pytest.mark.usefixtures("impatient")
def test_after_an_interruption_an_answer_is_not_waited_for_for_ever(
    controlplane: ControlPlane,
    connection: Connection,
    namespace_name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(creation, "PATIENCE_SECONDS", 0.1)
    cancellation, answered = Cancellation(), threading.Event()

    def hang(method: str, path: str) -> bool:
        if method == "POST" and path.endswith("/namespaces"):
            cancellation.cancel()
            answered.wait(30)
        return False

    faulty = FaultyConnection(connection, hang, after=True)
    with pytest.raises(Interrupted) as caught:
        carry_out(faulty, configmap("a"), namespace_name, cancellation=cancellation)
    answered.set()
    wait_until(lambda: not is_gone(controlplane, namespace_name))  # who asked is not left behind
    assert caught.value.problems == (f"namespace/{namespace_name} was perhaps created: its answer was lost",)


def test_the_name_of_a_namespace_that_exists_is_told_at_once(connection: Connection, namespace: str) -> None:
    began = time.monotonic()
    failed(connection, configmap("a"), namespace)
    assert time.monotonic() - began < SECONDS
