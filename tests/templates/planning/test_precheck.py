"""What is found before anything is written, as a user who may not do everything."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.errors import ApiForbidden
from kubectl_ns_tools.cluster.permissions import who_am_i
from kubectl_ns_tools.errors import Unreachable
from kubectl_ns_tools.templates.planning.precheck import Findings, check
from tests.controlplane.servers import ControlPlane
from tests.templates.ground import (
    QUOTA,
    RBAC,
    FaultyConnection,
    configmap,
    documents,
    once,
    prepared,
    user_with,
)

pytestmark = pytest.mark.integration
EVERYTHING = "create get list watch patch delete"
NAMESPACES = ("", "namespaces", EVERYTHING)
BINDINGS = ("rbac.authorization.k8s.io", "rolebindings", EVERYTHING)
ROLES = ("rbac.authorization.k8s.io", "roles", EVERYTHING)
READ_ROLES = ("rbac.authorization.k8s.io", "clusterroles", "get")
BINDING = (
    "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: b}, subjects: [],"
    " roleRef: {apiGroup: rbac.authorization.k8s.io, kind: %s, name: %s}}"
)
ROLE = (
    "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: r},"
    " rules: [{apiGroups: [''], resources: [configmaps], verbs: [%s]}]}"
)


def findings(connection: Any, namespace: str, *texts: str) -> Findings:
    plan, kinds = prepared(connection, documents(*texts), namespace)
    return check(connection, [plan], kinds)


def test_an_admin_is_asked_about_once(connection: Connection, namespace_name: str) -> None:
    asked: list[str] = []

    def note(method: str, path: str) -> bool:
        asked.append(path.rsplit("/", 1)[1])
        return False

    texts = [configmap("a"), QUOTA, BINDING % ("ClusterRole", "admin")]
    plan, kinds = prepared(connection, documents(*texts), namespace_name)
    assert check(FaultyConnection(connection, note, after=True), [plan], kinds) == Findings()  # type: ignore[arg-type]
    assert asked == ["selfsubjectaccessreviews"]


def test_a_right_that_is_lacking_is_told_for_each_object_with_its_place(
    controlplane: ControlPlane, namespace_name: str
) -> None:
    with user_with(controlplane, NAMESPACES, ("", "configmaps", "create")) as limited:
        found = findings(limited, namespace_name, configmap("a"), QUOTA)
    where = f'in namespace "{namespace_name}"'
    assert found.problems == [
        f"f.yaml:1: configmap/a: you may not patch configmaps {where}",
        f"f.yaml:3: resourcequota/q: you may not patch and create resourcequotas {where}",
    ]
    assert found.rights
    assert found.warnings == []


def test_a_right_for_one_name_is_enough(controlplane: ControlPlane, namespace_name: str) -> None:
    name = f"user-{uuid4().hex[:8]}"
    rule = {
        "apiGroups": [""],
        "resources": ["configmaps"],
        "resourceNames": ["a"],
        "verbs": ["create", "patch"],
    }
    with user_with(controlplane, NAMESPACES) as limited, granted(controlplane, limited, name, rule):
        found = findings(limited, namespace_name, configmap("a"), configmap("b"))
    assert [problem.split(": ")[1] for problem in found.problems] == ["configmap/b"]


def test_a_right_in_the_future_namespace_alone_is_no_lack(controlplane: ControlPlane, namespace: str) -> None:
    # A namespace that exists stands for one that is to be: the review does not look.
    with user_with(controlplane, NAMESPACES) as limited:
        user = who_am_i(limited)
        rules = [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["create", "patch"]}]
        base = f"{RBAC}/namespaces/{namespace}"
        controlplane.api.create(f"{base}/roles", {"metadata": {"name": "r"}, "rules": rules})
        role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "r"}
        body = {"metadata": {"name": "r"}, "roleRef": role, "subjects": [subject(user)]}
        controlplane.api.create(f"{base}/rolebindings", body)
        controlplane.api.await_right(user, namespace=namespace, resource="configmaps", verb="create")
        found = findings(limited, namespace, configmap("a"))
    assert found.problems == [f'namespaces "{namespace}" already exists']
    assert (found.taken, found.rights) == (True, False)


class TestGrantingRights:
    def test_who_may_not_bind_and_does_not_hold_the_rights_is_refused(
        self, controlplane: ControlPlane, namespace_name: str
    ) -> None:
        with user_with(controlplane, NAMESPACES, BINDINGS, READ_ROLES) as limited:
            found = findings(limited, namespace_name, BINDING % ("ClusterRole", "admin"))
        [problem] = found.problems
        assert problem.startswith(
            "f.yaml:1: rolebinding.rbac.authorization.k8s.io/b: you may not bind"
            ' ClusterRole "admin", and do not hold all the rights that it grants: '
        )
        assert found.rights

    def test_who_may_bind_is_not(self, controlplane: ControlPlane, namespace_name: str) -> None:
        bind = ("rbac.authorization.k8s.io", "clusterroles", "bind")
        with user_with(controlplane, NAMESPACES, BINDINGS, bind) as limited:
            assert findings(limited, namespace_name, BINDING % ("ClusterRole", "admin")) == Findings()

    def test_who_holds_the_rights_is_not(self, controlplane: ControlPlane, namespace_name: str) -> None:
        role = f"role-{uuid4().hex[:8]}"
        rules = [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list"]}]
        controlplane.api.create(f"{RBAC}/clusterroles", {"metadata": {"name": role}, "rules": rules})
        held = ("", "configmaps", "get list watch")
        try:
            with user_with(controlplane, NAMESPACES, BINDINGS, READ_ROLES, held) as limited:
                assert findings(limited, namespace_name, BINDING % ("ClusterRole", role)) == Findings()
        finally:
            controlplane.api.call("DELETE", f"{RBAC}/clusterroles/{role}")

    def test_who_may_not_read_the_role_is_warned(
        self, controlplane: ControlPlane, namespace_name: str
    ) -> None:
        with user_with(controlplane, NAMESPACES, BINDINGS) as limited:
            found = findings(limited, namespace_name, BINDING % ("ClusterRole", "admin"))
        assert found.problems == []
        [warning] = found.warnings
        assert warning.startswith("f.yaml:1: rolebinding.rbac.authorization.k8s.io/b may be refused: ")
        assert warning.endswith('or that is not known: you may not read ClusterRole "admin"')

    def test_a_role_that_is_not_there_is_told(self, controlplane: ControlPlane, namespace_name: str) -> None:
        with user_with(controlplane, NAMESPACES, BINDINGS, READ_ROLES) as limited:
            found = findings(limited, namespace_name, BINDING % ("ClusterRole", "nothing"))
        assert found.problems[0].endswith('ClusterRole "nothing" does not exist, and you may not bind it')

    @pytest.mark.parametrize(("verb", "refused"), [("get", False), ("delete", True)])
    def test_a_role_of_the_plan_grants_what_one_holds(
        self, controlplane: ControlPlane, namespace_name: str, verb: str, refused: bool
    ) -> None:
        held = ("", "configmaps", "get")
        with user_with(controlplane, NAMESPACES, BINDINGS, ROLES, held) as limited:
            found = findings(limited, namespace_name, ROLE % verb, BINDING % ("Role", "r"))
        assert [problem.split(": ")[1] for problem in found.problems] == (
            ["role.rbac.authorization.k8s.io/r", "rolebinding.rbac.authorization.k8s.io/b"] if refused else []
        )
        if refused:
            assert found.problems[0].endswith("grants rights that you do not hold: delete configmaps")

    @pytest.mark.parametrize("verb", ["get", "delete"])
    def test_the_server_is_of_the_same_opinion(
        self, controlplane: ControlPlane, namespace: str, verb: str
    ) -> None:
        with user_with(controlplane, NAMESPACES, ROLES, ("", "configmaps", "get")) as limited:
            plan, kinds = prepared(limited, ROLE % verb, namespace)
            problems = check(limited, [plan], kinds).problems
            told = any("do not hold" in problem for problem in problems)
            path = f"{RBAC}/namespaces/{namespace}/roles"
            try:
                limited.request("POST", path, query={"dryRun": "All"}, body=plan.objects[1].data)
                answer = ""
            except ApiForbidden as error:
                answer = error.message
        refused = "attempting to grant RBAC permissions not currently held" in answer
        assert told == refused == (verb == "delete")


def test_a_name_that_is_being_deleted_is_told(
    controlplane: ControlPlane, connection: Connection, namespace: str
) -> None:
    path = f"/api/v1/namespaces/{namespace}"
    held = {"metadata": {"name": "held", "finalizers": ["example.com/held"]}}
    controlplane.api.create(f"{path}/configmaps", held)
    controlplane.api.call("DELETE", path)
    try:
        [problem] = findings(connection, namespace).problems
        assert problem.startswith(f'namespaces "{namespace}" is being deleted since 2')
        assert problem.endswith(f"; kubectl ns-status {namespace} shows what is left")
    finally:
        release = {"metadata": {"finalizers": None}}
        controlplane.api.call(
            "PATCH", f"{path}/configmaps/held", release, content_type="application/merge-patch+json"
        )


def test_who_may_not_look_for_the_name_is_told_by_the_creation(
    controlplane: ControlPlane, namespace: str
) -> None:
    with user_with(controlplane, ("", "namespaces", "create")) as limited:
        assert findings(limited, namespace) == Findings()


def test_a_server_that_does_not_say_what_we_may_do_is_no_consent(
    connection: Connection, namespace_name: str
) -> None:
    def forbidden(method: str, path: str) -> bool:
        if path.endswith("selfsubjectaccessreviews"):
            raise ApiForbidden("no reviews here", status=403)
        return False

    plan, kinds = prepared(connection, configmap("a"), namespace_name)
    found = check(FaultyConnection(connection, forbidden, after=True), [plan], kinds)  # type: ignore[arg-type]
    assert found.problems == []
    assert found.warnings == ["not checked whether you may create everything: no reviews here"]


def test_without_an_answer_nothing_is_checked(connection: Connection, namespace_name: str) -> None:
    plan, kinds = prepared(connection, configmap("a"), namespace_name)
    faulty = FaultyConnection(connection, once("POST", "selfsubjectaccessreviews"), after=False)
    with pytest.raises(Unreachable):
        check(faulty, [plan], kinds)  # type: ignore[arg-type]


def subject(user: str) -> dict[str, str]:
    return {"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": user}


@contextmanager
def granted(controlplane: ControlPlane, limited: Connection, name: str, rule: Any) -> Iterator[None]:
    """The user of the connection has this rule, which is for one name, in the whole cluster."""
    user = who_am_i(limited)
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": name}
    body = {"metadata": {"name": name}, "roleRef": role, "subjects": [subject(user)]}
    controlplane.api.create(f"{RBAC}/clusterroles", {"metadata": {"name": name}, "rules": [rule]})
    controlplane.api.create(f"{RBAC}/clusterrolebindings", body)
    attributes = {"resource": "resources", "verb": "verbs", "name": "resourceNames"}
    try:
        controlplane.api.await_right(user, **{key: rule[field][0] for key, field in attributes.items()})
        yield
    finally:
        for kind in ("clusterrolebindings", "clusterroles"):
            controlplane.api.call("DELETE", f"{RBAC}/{kind}/{name}")
