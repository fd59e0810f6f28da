"""Role bindings for parameters that may stay empty.

OpenShift's format has no conditions, and a subject without a name is refused by the server. So a subject
whose name is a parameter left empty is left out, and with its last subject the whole binding.
"""

from dataclasses import dataclass
from typing import Any

from kubectl_ns_tools.templates.objects import Manifest

_GROUP = "rbac.authorization.k8s.io"
_KINDS = ("RoleBinding", "ClusterRoleBinding")


@dataclass(frozen=True)
class EmptySubjects:
    """A binding that was left out, and the names of its subjects as written: ("${ADMIN_USER}",)."""

    reference: str
    names: tuple[str, ...]


def without_empty_subjects(
    written: Manifest, expanded: Manifest
) -> tuple[Manifest | None, EmptySubjects | None]:
    """The binding without the subjects whose name was filled in with nothing, or None and why it is gone."""
    subjects = expanded.data.get("subjects")
    if expanded.group != _GROUP or expanded.kind not in _KINDS or not isinstance(subjects, list):
        return expanded, None
    if not isinstance(written.data["subjects"], list):  # `${{SUBJECTS}}`
        return expanded, None
    empty = [index for index, subject in enumerate(subjects) if _is_empty(subject, written, index)]
    if not empty:
        return expanded, None
    if len(empty) == len(subjects):
        names = tuple(str(written.data["subjects"][index]["name"]) for index in empty)
        return None, EmptySubjects(expanded.reference, names)
    kept = [subject for index, subject in enumerate(subjects) if index not in empty]
    return expanded.with_data({**expanded.data, "subjects": kept}), None


def _is_empty(subject: Any, written: Manifest, index: int) -> bool:
    if not isinstance(subject, dict) or subject.get("name") != "":
        return False
    return bool(written.data["subjects"][index]["name"])  # something stood there: a reference
