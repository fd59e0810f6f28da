"""A cluster around one namespace: what refers to it, is served from it, or breaks it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any
from uuid import uuid4

from kubectl_ns_tools.cluster.connection import Connection, connect
from kubectl_ns_tools.cluster.discovery import discover
from kubectl_ns_tools.cluster.namespaces import get_namespace
from kubectl_ns_tools.deletion.hazards.finding import CHECKS
from kubectl_ns_tools.deletion.hazards.hazard import Hazard
from kubectl_ns_tools.deletion.hazards.scene import CannotSee, Scene
from kubectl_ns_tools.deletion.inventory import take_inventory
from tests.controlplane.servers import ControlPlane, wait_until
from tests.deletion.world import World

CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
ADMISSION = "/apis/admissionregistration.k8s.io/v1"
RBAC = "/apis/rbac.authorization.k8s.io/v1"
ANYTHING = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}


class Surroundings(World):
    """The namespace, and what is made outside of it; afterwards that is gone."""

    def __init__(self, controlplane: ControlPlane) -> None:
        self.controlplane = controlplane
        super().__init__(controlplane.api, f"t-{uuid4().hex[:10]}")
        self.controlplane.create_namespace(self.namespace)

    @classmethod
    @contextmanager
    def around(cls, controlplane: ControlPlane) -> "Iterator[Surroundings]":
        made = cls(controlplane)
        try:
            yield made
        finally:
            for undo in reversed(made._undo):
                undo()
            made.delete_namespace()

    @cached_property
    def other(self) -> str:
        """The name of another namespace."""
        name = f"t-{uuid4().hex[:10]}"
        self.api.create("/api/v1/namespaces", {"metadata": {"name": name}})
        self._undo.append(lambda: self.api.call("DELETE", f"/api/v1/namespaces/{name}"))
        return name

    @cached_property
    def admin(self) -> Connection:
        return self._connect()

    def put(self, path: str, name: str = "", **fields: Any) -> Any:
        """Makes an object in the collection at the path; its name is unique unless given."""
        name = name or f"x{uuid4().hex[:8]}"
        metadata = {"name": name, **fields.pop("metadata", {})}
        made = self.api.create(path, {"metadata": metadata, **fields})
        self._undo.append(lambda: self._remove(f"{path}/{name}"))
        return made

    def _remove(self, path: str) -> None:
        """Again while it is refused: admission hears of what was removed before with a delay."""
        wait_until(lambda: self.api.call("DELETE", path)[0] == 404)

    def at_the_end(self, is_forgotten: Callable[[], bool]) -> None:
        """Waits then until clients hear no more of what is made next: another test may make it again."""
        self._undo.append(lambda: wait_until(is_forgotten))

    def status(self, path: str, status: Mapping[str, Any]) -> None:
        code, answer = self.api.call(
            "PATCH", f"{path}/status", {"status": status}, "application/merge-patch+json"
        )
        assert code == 200, answer

    def mark(self, **metadata: Mapping[str, str]) -> None:
        """Labels or annotations for the namespace itself."""
        path = f"/api/v1/namespaces/{self.namespace}"
        code, _ = self.api.call("PATCH", path, {"metadata": metadata}, "application/merge-patch+json")
        assert code == 200

    def service(self, namespace: str = "", name: str = "", **spec: Any) -> str:
        """A Service that nobody stands behind, unless the spec says otherwise; returns its name."""
        spec = {"ports": [{"port": 443}], **spec}
        return str(
            self.put(f"/api/v1/namespaces/{namespace or self.namespace}/services", name, spec=spec)[
                "metadata"
            ]["name"]
        )

    def definition(
        self,
        plural: str,
        kind: str,
        *,
        versions: Sequence[str] = ("v1",),
        scope: str = "Namespaced",
        **spec: Any,
    ) -> str:
        """A kind without a schema, under a name like applications.argoproj.io; returns the path of its API.

        The last of the versions is the one that is stored.
        """
        name, _, group = plural.partition(".")
        listed = [
            {
                "name": version,
                "served": True,
                "storage": version == versions[-1],
                "schema": {"openAPIV3Schema": ANYTHING},
            }
            for version in versions
        ]
        names = {"kind": kind, "plural": name, "singular": kind.lower()}
        approved = {"api-approved.kubernetes.io": "unapproved, a test"}
        self.at_the_end(lambda: not self.api.discovered(group, name))
        self.put(
            CRDS,
            plural,
            metadata={"annotations": approved},
            spec={"group": group, "names": names, "scope": scope, "versions": listed, **spec},
        )
        wait_until(lambda: self._is_served(plural))
        return f"/apis/{group}/{versions[-1]}"

    def _is_served(self, group_resource: str) -> bool:
        kinds = discover(self.admin).preferred()
        found = next((kind for kind in kinds if kind.group_resource == group_resource), None)
        return found is not None and self.api.exists(found.path())

    def custom_in(self, namespace: str, api: str, plural: str, **fields: Any) -> str:
        """An object of a kind made with `definition`; returns its name."""
        kind = {"apiVersion": api.removeprefix("/apis/"), "kind": self._kind(api, plural)}
        place = f"{api}/namespaces/{namespace}/{plural}" if namespace else f"{api}/{plural}"
        return str(self.put(place, **kind, **fields)["metadata"]["name"])

    def _kind(self, api: str, plural: str) -> str:
        group = api.split("/")[2]
        return str(self.api.get(f"{CRDS}/{plural}.{group}")["spec"]["names"]["kind"])

    def _connect(self, user: str | None = None) -> Connection:
        made = connect(self.controlplane.kubeconfig_dict(user))
        self._undo.append(made.close)
        return made

    def scene(self, user: str | None = None, contexts: Sequence[tuple[str, str]] = ()) -> Scene:
        """As the admin sees it, or a user; either knows the namespace."""
        connection = self._connect(user) if user else self.admin
        discovery = discover(connection)
        return Scene(
            connection,
            discovery,
            get_namespace(self.admin, self.namespace),
            take_inventory(connection, self.namespace, discovery=discovery),
            contexts,
        )

    def hazards(self, check: str) -> list[Hazard]:
        found = list(CHECKS[check](self.scene()))
        assert {hazard.check for hazard in found} <= {check}
        return found

    def unseen(self, check: str, user: str = "nobody") -> CannotSee:
        """What the check says that it cannot see. The user has no rights, unless some were granted."""
        try:
            list(CHECKS[check](self.scene(user)))
        except CannotSee as error:
            return error
        raise AssertionError(f"{check} saw everything")

    def grant(self, user: str, *rules: Mapping[str, Any]) -> None:
        """Rights in the whole cluster; returns when they hold."""
        role = self.put(f"{RBAC}/clusterroles", rules=list(rules))["metadata"]["name"]
        reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role}
        subjects = [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": user}]
        self.put(f"{RBAC}/clusterrolebindings", roleRef=reference, subjects=subjects)
        self.await_rule(user, rules[0])

    def is_stuck_with(self, condition: str, words: str = "") -> Callable[[], bool]:
        """Whether the namespace controller says, in that condition of the deletion, that it cannot go on."""

        def said() -> bool:
            status, found = self.api.call("GET", f"/api/v1/namespaces/{self.namespace}")
            conditions = found.get("status", {}).get("conditions", []) if status == 200 else []
            return any(
                each["type"] == condition and each["status"] == "True" and words in each["message"]
                for each in conditions
            )

        return said
