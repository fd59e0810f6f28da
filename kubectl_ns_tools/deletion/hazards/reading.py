"""Reading objects that anybody may have written, and naming them.

What is missing, null or of another type than it should be reads as empty: custom resources are checked by
schemas of their own, or by none.
"""

import shlex
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kubectl_ns_tools.deletion.hazards.scene import CannotSee, Scene
from kubectl_ns_tools.deletion.hazards.wording import label


def field(obj: object, *path: str) -> object:
    """The value at a path; None where a part of the path is not there, or not a map."""
    for key in path:
        if not isinstance(obj, Mapping):
            return None
        obj = obj.get(key)
    return obj


def text(obj: object, *path: str) -> str:
    value = field(obj, *path)
    return value if isinstance(value, str) else ""


def mapping(obj: object, *path: str) -> Mapping[str, Any]:
    value = field(obj, *path)
    return value if isinstance(value, Mapping) else {}


def maps(obj: object, *path: str) -> list[Mapping[str, Any]]:
    """The maps in a list."""
    value = field(obj, *path)
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def texts(obj: object, *path: str) -> list[str]:
    """The strings in a list."""
    value = field(obj, *path)
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def name_of(obj: object) -> str:
    return text(obj, "metadata", "name")


def namespace_of(obj: object) -> str:
    """ "" for what is cluster-scoped."""
    return text(obj, "metadata", "namespace")


def is_owned(scene: Scene, obj: object) -> bool:
    """Whether the namespace is its only owner, so that the garbage collector takes it along; with another
    owner it stays (garbagecollector.go, attemptToDeleteItem)."""
    owners = [text(owner, "uid") for owner in maps(obj, "metadata", "ownerReferences")]
    return bool(owners) and set(owners) == {text(scene.namespace, "metadata", "uid")}


def goes_along(scene: Scene, obj: object) -> bool:
    """Whether the object is in the namespace, or goes with it as its owner."""
    return namespace_of(obj) == scene.name or is_owned(scene, obj)


def far_label(obj: Mapping[str, Any]) -> str:
    """`networkpolicy.networking.k8s.io/x -n other`: an object that is elsewhere, or cluster-scoped."""
    return " ".join((label(obj), *_place(obj)))


def kubectl(verb: str, obj: Mapping[str, Any], *more: str) -> str:
    """A command about one object, to be copied into a shell."""
    return shlex.join(("kubectl", verb, label(obj), *_place(obj), *more))


def _place(obj: object) -> tuple[str, ...]:
    namespace = namespace_of(obj)
    return ("-n", namespace) if namespace else ()


def once(names: Iterable[str]) -> list[str]:
    """Each name once, in the order given."""
    return list(dict.fromkeys(names))


class Hidden:
    """Used as a context, notes what cannot be seen and lets the check go on; `tell` says it in the end."""

    def __init__(self) -> None:
        self._errors: list[CannotSee] = []

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, CannotSee):
            self._errors.append(error)
            return True
        return False

    def tell(self) -> None:
        """Raises CannotSee, if there was anything, with everything by its name."""
        if self._errors:
            what = once(error.what for error in self._errors)
            raise CannotSee(", ".join(what), "; ".join(once(error.reason for error in self._errors)))


def all_of(scene: Scene, *group_resources: str) -> Iterator[dict[str, Any]]:
    """The objects of several kinds. Raises CannotSee after the last, naming all that cannot be seen."""
    hidden = Hidden()
    for group_resource in group_resources:
        with hidden:
            yield from scene.everywhere(group_resource)
    hidden.tell()
