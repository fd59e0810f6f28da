"""Everything that a server would refuse, found before anything is written."""

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kubectl_ns_tools.cluster.errors import ApiError, ApiForbidden, ApiNotFound
from kubectl_ns_tools.cluster.namespaces import get_namespace
from kubectl_ns_tools.cluster.parallel import in_parallel
from kubectl_ns_tools.templates.objects import Manifest
from kubectl_ns_tools.templates.planning.check import ServedKinds
from kubectl_ns_tools.templates.planning.escalation import Escalation
from kubectl_ns_tools.templates.planning.plan import CreatePlan, is_namespace
from kubectl_ns_tools.templates.planning.rights import NotAnswered, Rights, lacking

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection

WORKERS = 8


@dataclass
class Findings:
    """problems: what the server would refuse; warnings: what it may refuse, or could not be asked; rights,
    taken: whether one of the problems is about our rights, or a name that is not free."""

    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    rights: bool = False
    taken: bool = False


def check(
    connection: "Connection", plans: Sequence[CreatePlan], kinds: ServedKinds, *, with_rights: bool = True
) -> Findings:
    """Look whether the names are free, and whether we may create everything; for all the namespaces at once.

    with_rights: False leaves our rights alone. Each problem is told once, however many namespaces have it.
    """
    rights = Rights(connection)
    questions: list[Callable[[], list[tuple[str, str]]]] = []
    for plan in plans:
        questions.append(functools.partial(_taken, connection, plan))
        if with_rights:
            questions += _about_rights(connection, plan, kinds, rights)
    answers = in_parallel(lambda question: question(), questions, workers=WORKERS)
    return _sorted(dict.fromkeys(answer for each in answers for answer in each))


def shared_problems(plans: Sequence[CreatePlan], kinds: ServedKinds) -> Iterator[str]:
    """Cluster-scoped objects that two of the namespaces want to be different."""
    first: dict[str, tuple[CreatePlan, Manifest]] = {}
    for plan in plans:
        for manifest in plan.objects:
            if is_namespace(manifest) or kinds.namespaced(manifest) is not False:
                continue
            other, earlier = first.setdefault(manifest.reference, (plan, manifest))
            if earlier.data != manifest.data:
                yield (
                    f"{manifest.place()}: {manifest.reference} is not namespaced, and would differ between"
                    f" {other.namespace} and {plan.namespace}: put ${{NAMESPACE}} in its name"
                )


_PROBLEM, _TAKEN, _RIGHT, _WARNING = "problem", "taken", "right", "warning"


def _sorted(answers: Any) -> Findings:
    findings = Findings()
    for kind, text in answers:
        (findings.warnings if kind == _WARNING else findings.problems).append(text)
        findings.rights = findings.rights or kind == _RIGHT
        findings.taken = findings.taken or kind == _TAKEN
    return findings


def _taken(connection: "Connection", plan: CreatePlan) -> list[tuple[str, str]]:
    """Whether the name is free; who may not look is told by the server when it is too late for a report."""
    name = plan.namespace
    try:
        metadata = get_namespace(connection, name)["metadata"]
    except (ApiNotFound, ApiForbidden):
        return []
    since = metadata.get("deletionTimestamp")
    if since:
        why = f"is being deleted since {since}; kubectl ns-status {name} shows what is left"
        return [(_PROBLEM, f'namespaces "{name}" {why}')]
    return [(_TAKEN, f'namespaces "{name}" already exists')]


def _about_rights(
    connection: "Connection", plan: CreatePlan, kinds: ServedKinds, rights: Rights
) -> list[Callable[[], list[tuple[str, str]]]]:
    escalation = Escalation(connection, rights, plan)
    return [functools.partial(_right, manifest, plan, kinds, rights, escalation) for manifest in plan.objects]


def _right(
    manifest: Manifest, plan: CreatePlan, kinds: ServedKinds, rights: Rights, escalation: Escalation
) -> list[tuple[str, str]]:
    where = ": ".join(part for part in (manifest.place(), manifest.reference) if part)
    try:
        missing = lacking(rights, manifest, plan, kinds)
        if missing:
            return [(_RIGHT, f"{where}: {missing}")]
        doubt = escalation.doubt(manifest)
    except NotAnswered as error:
        return [(_WARNING, f"not checked whether you may create everything: {error}")]
    except ApiError as error:
        return [(_WARNING, f"{where}: not checked whether you may create it: {error.message}")]
    if doubt is None:
        return []
    if doubt.certain:
        return [(_RIGHT, f"{where}: {doubt.text}")]
    return [(_WARNING, f"{where} may be refused: {doubt.text}")]
