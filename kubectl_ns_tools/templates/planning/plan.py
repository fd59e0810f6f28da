"""What is to be created, complete and in order: the value that a preview shows and a creation carries out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.templates.objects import Manifest
from kubectl_ns_tools.templates.planning import legal
from kubectl_ns_tools.templates.planning.kinds import Kinds
from kubectl_ns_tools.templates.planning.order import in_levels
from kubectl_ns_tools.templates.planning.problems import refuse
from kubectl_ns_tools.templates.planning.provenance import Stamp
from kubectl_ns_tools.templates.planning.shape import problems_of

MANAGED_BY_LABEL, MANAGED_BY = "app.kubernetes.io/managed-by", "kubectl-ns-tools"
NO_STAMP = Stamp()


@dataclass(frozen=True)
class CreatePlan:
    """levels: the objects as they are to be sent; the first level is the Namespace alone."""

    namespace: str
    levels: tuple[tuple[Manifest, ...], ...]

    @property
    def namespace_object(self) -> Manifest:
        return self.levels[0][0]

    @property
    def objects(self) -> tuple[Manifest, ...]:
        """All of them, in the order of their creation."""
        return tuple(manifest for level in self.levels for manifest in level)


def plan_creation(
    objects: Sequence[Manifest], kinds: Kinds, namespace: str, stamp: Stamp = NO_STAMP
) -> CreatePlan:
    """The plan that creates `namespace` with all the objects in it.

    A Namespace is added if there is none; objects of namespaced kinds get metadata.namespace; each object
    is marked as ours, and with the stamp. Raises Refused with everything that is wrong.
    """
    refuse(plan_problems(objects, kinds, namespace))
    if not any(map(is_namespace, objects)):
        header = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}
        objects = [Manifest(header, ""), *objects]
    return CreatePlan(namespace, in_levels(_completed(each, kinds, namespace, stamp) for each in objects))


def plan_problems(objects: Sequence[Manifest], kinds: Kinds, namespace: str) -> list[str]:
    """What is wrong with the objects by themselves: kinds that are not served, headers, names and labels that
    no server takes, another namespace, a second Namespace, an object that is there twice."""
    return [*_problems(objects, kinds, namespace), *_repeated(objects, kinds)]


def named_namespace(objects: Sequence[Manifest]) -> str:
    """The name of the Namespace among the objects. Raises Refused if there is none to name it."""
    names = [manifest.name for manifest in objects if is_namespace(manifest) and manifest.name]
    if not names:
        raise Refused(
            "which namespace? There is no Namespace object in the file",
            "name it: kubectl ns-create NAME -f FILE",
        )
    return names[0]


def is_namespace(manifest: Manifest) -> bool:
    return manifest.group == "" and manifest.kind == "Namespace"


def _problems(objects: Sequence[Manifest], kinds: Kinds, namespace: str) -> Iterator[str]:
    found = False
    for manifest in objects:
        yield from problems_of(manifest)
        yield from legal.problems_of(manifest)
        if manifest.api_version and manifest.kind:
            yield from filter(None, [kinds.problem(manifest)])
        if is_namespace(manifest):
            yield from _namespace_problems(manifest, namespace, found)
            found = True
        else:
            yield from _elsewhere(manifest, kinds, namespace)


def _namespace_problems(manifest: Manifest, namespace: str, found: bool) -> Iterator[str]:
    if manifest.name and manifest.name != namespace:
        place = manifest.place("metadata", "name")
        yield f'{place}: metadata.name: the Namespace is "{manifest.name}", not "{namespace}"'
    elif found:
        yield f'{manifest.place()}: a second Namespace object "{manifest.name}"'


def _elsewhere(manifest: Manifest, kinds: Kinds, namespace: str) -> Iterator[str]:
    if manifest.namespace and manifest.namespace != namespace and kinds.namespaced(manifest) is not False:
        place = manifest.place("metadata", "namespace")
        yield (
            f'{place}: metadata.namespace: {manifest.reference} belongs to "{manifest.namespace}",'
            f' but "{namespace}" is to be created'
        )


def _repeated(objects: Sequence[Manifest], kinds: Kinds) -> Iterator[str]:
    first: dict[tuple[str, ...], Manifest] = {}
    for manifest in objects:
        if is_namespace(manifest) or not manifest.name:
            continue
        earlier = first.setdefault((manifest.group, manifest.kind, manifest.name), manifest)
        if earlier is not manifest:
            yield f"{manifest.place()}: {manifest.reference} is there already, at {earlier.place()}"


def _completed(manifest: Manifest, kinds: Kinds, namespace: str, stamp: Stamp) -> Manifest:
    """The object as it is to be sent, without the empty fields that kubectl's dry run writes."""
    metadata = {key: value for key, value in manifest.metadata.items() if value is not None}
    namespaced = kinds.namespaced(manifest)
    if namespaced:
        metadata = {"name": metadata["name"], "namespace": namespace, **metadata}
        metadata["namespace"] = namespace
    elif namespaced is False:
        metadata.pop("namespace", None)
    metadata["labels"] = {MANAGED_BY_LABEL: MANAGED_BY, **metadata.get("labels", {}), **stamp.labels}
    if is_namespace(manifest):
        metadata["labels"].update(stamp.namespace_labels)
        annotations = {**metadata.get("annotations", {}), **stamp.namespace_annotations}
        metadata.update({"annotations": annotations} if annotations else {})
    return manifest.with_data(_ordered(manifest.data, metadata))


def _ordered(data: Mapping[str, Any], metadata: Mapping[str, Any]) -> dict[str, Any]:
    header = {"apiVersion": data["apiVersion"], "kind": data["kind"], "metadata": metadata}
    rest = {key: value for key, value in data.items() if key not in header}
    if not rest.get("status"):
        rest.pop("status", None)
    return {**header, **rest}
