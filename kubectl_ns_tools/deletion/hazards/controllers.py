"""Controllers that live in the namespace, as far as that can be told: who could remove a finalizer.

Nothing in the API says which controller acts on a kind. What points at one: its ServiceAccount has been given
the right to change the kind, or the field manager that set the finalizer is called like it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kubectl_ns_tools.cluster.discovery import Resource
from kubectl_ns_tools.cluster.errors import ApiForbidden, ApiNotFound
from kubectl_ns_tools.cluster.objects import get_object
from kubectl_ns_tools.deletion.hazards.scene import CannotSee, Scene
from kubectl_ns_tools.deletion.hazards.wording import label

WORKLOADS = ("deployments.apps", "statefulsets.apps", "daemonsets.apps")
_RBAC = "rbac.authorization.k8s.io"
_CHANGING = {"update", "patch", "*"}
# What half of all controllers call themselves says nothing.
_ANYBODY = frozenset({"manager", "controller", "operator", "main", "app", "server"})

Object = Mapping[str, Any]
Rule = Mapping[str, Any]


@dataclass(frozen=True)
class Controller:
    """A workload of the namespace. names: its own, its containers' and their images'. rules: its rights."""

    label: str
    names: frozenset[str]
    rules: tuple[Rule, ...]

    def is_called(self, managers: Iterable[str]) -> bool:
        return bool(self.names & (set(managers) - _ANYBODY))

    def may_change(self, kind: Resource) -> bool:
        """Whether it was given the right to change this kind by its group's name, not just everything."""
        return any(_allows(rule, kind) for rule in self.rules)


@dataclass
class Controllers:
    """All of the namespace. unseen: what could not be read of them."""

    found: list[Controller] = field(default_factory=list)
    unseen: list[CannotSee] = field(default_factory=list)

    def of(self, kind: Resource, managers: Iterable[str]) -> list[str]:
        """The labels of those that seem to act on a kind whose finalizer was set by these field managers."""
        managers = tuple(managers)
        return [
            each.label
            for each in self.found
            if each.is_called(managers) or (is_custom(kind) and each.may_change(kind))
        ]


def local_controllers(scene: Scene) -> Controllers:
    controllers = Controllers()
    workloads = [found for kind in WORKLOADS for found in _seen(scene, kind, controllers)]
    rights = _Rights(scene, controllers) if workloads else None
    for workload in workloads:
        pod = workload["spec"]["template"]["spec"]
        rules = rights.of(pod.get("serviceAccountName") or "default") if rights else ()
        controllers.found.append(Controller(label(workload), frozenset(_names(workload, pod)), tuple(rules)))
    return controllers


def is_custom(kind: Resource) -> bool:
    """Kinds of Kubernetes itself are changed by many; a right to change them points at nobody."""
    return "." in kind.group and not kind.group.endswith(".k8s.io")


def _names(workload: Object, pod: Object) -> Iterator[str]:
    """`rook-ceph-operator` for the image `docker.io/rook/rook-ceph-operator:v1@sha256:…`, too."""
    yield workload["metadata"]["name"]
    for container in pod.get("containers") or ():
        yield container["name"]
        yield str(container.get("image", "")).partition("@")[0].rpartition("/")[2].partition(":")[0]


def _seen(scene: Scene, kind: str, controllers: Controllers) -> list[dict[str, Any]]:
    try:
        return scene.here(kind)
    except CannotSee as error:
        controllers.unseen.append(error)
        return []


class _Rights:
    """The rules that ServiceAccounts of the namespace have been given in it, or everywhere."""

    def __init__(self, scene: Scene, controllers: Controllers) -> None:
        self._scene = scene
        self._unseen = controllers.unseen
        self._roles: dict[tuple[str, str], tuple[Rule, ...]] = {}
        self._bindings = [
            *_seen(scene, f"rolebindings.{_RBAC}", controllers),
            *self._cluster_bindings(),
        ]

    def of(self, service_account: str) -> Iterator[Rule]:
        for binding in self._bindings:
            if any(self._is_meant(subject, service_account) for subject in binding.get("subjects") or ()):
                yield from self._rules(binding["roleRef"])

    def _cluster_bindings(self) -> list[dict[str, Any]]:
        try:
            return self._scene.everywhere(f"clusterrolebindings.{_RBAC}")
        except CannotSee as error:
            self._unseen.append(error)
            return []

    def _is_meant(self, subject: Object, service_account: str) -> bool:
        there = subject.get("kind"), subject.get("name"), subject.get("namespace")
        return there == ("ServiceAccount", service_account, self._scene.name)

    def _rules(self, reference: Object) -> tuple[Rule, ...]:
        key = (reference["kind"], reference["name"])
        if key not in self._roles:
            self._roles[key] = self._read(*key)
        return self._roles[key]

    def _read(self, kind: str, name: str) -> tuple[Rule, ...]:
        plural = f"{kind.lower()}s.{_RBAC}"
        resource = self._scene.resource(plural)
        if resource is None:
            return ()
        try:
            role = get_object(self._scene.connection, resource, name, self._scene.name)
        except ApiNotFound:
            return ()
        except ApiForbidden:
            self._unseen.append(CannotSee(plural, "forbidden"))
            return ()
        return tuple(role.get("rules") or ())


def _allows(rule: Rule, kind: Resource) -> bool:
    groups, resources = rule.get("apiGroups") or (), rule.get("resources") or ()
    return (
        kind.group in groups
        and bool({kind.name, "*"} & set(resources))
        and bool(_CHANGING & set(rule.get("verbs") or ()))
    )
