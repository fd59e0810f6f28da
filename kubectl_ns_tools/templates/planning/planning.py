"""From what was asked for to plans that the server is expected to take, or one report of all problems."""

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kubectl_ns_tools.templates.objects import Manifest
from kubectl_ns_tools.templates.parameters.filled import NotKnown, Surroundings
from kubectl_ns_tools.templates.planning.check import ServedKinds
from kubectl_ns_tools.templates.planning.plan import CreatePlan, plan_creation, plan_problems
from kubectl_ns_tools.templates.planning.precheck import Findings, check, shared_problems
from kubectl_ns_tools.templates.planning.problems import refuse
from kubectl_ns_tools.templates.planning.provenance import Extras, Stamp, full_stamp, origin_stamp

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection
    from kubectl_ns_tools.templates.rendering.request import Preparation, Request

_RIGHTS_HINT = (
    "where a controller gives you rights in a new namespace (Capsule, Rancher), pass --no-check-rights"
)
_TAKEN_HINT = "kubectl ns-create NAME --update applies a template to a namespace that exists"


@dataclass(frozen=True)
class Planned:
    """warnings: what the server may refuse, or could not be asked about."""

    plans: list[CreatePlan]
    kinds: ServedKinds
    warnings: list[str]


def plan_all(
    connection: "Connection",
    preparation: "Preparation",
    requests: "Sequence[Request]",
    extras: Extras,
    *,
    check_rights: bool,
    remember: bool = True,
) -> Planned:
    """The plans of all namespaces. Raises Refused with everything that is wrong with any of them.

    remember: False for what is only shown, and may be edited before it is created: then only the template is
    noted.
    """
    from kubectl_ns_tools.cluster.discovery import discover

    objects = itertools.chain.from_iterable(request.expansion.objects for request in requests)
    kinds = ServedKinds(discover(connection), objects)
    problems: dict[str, None] = {}
    plans = []
    for request in requests:
        wrong = plan_problems(request.expansion.objects, kinds, request.namespace)
        problems.update(dict.fromkeys(wrong))
        # what is wrong by itself is left out, so that the rest can be looked at too
        sound = _sound(request, kinds) if wrong else request.expansion.objects
        stamp = stamp_of(preparation, request, extras) if remember else origin_stamp(request.template, extras)
        plans.append(plan_creation(sound, kinds, request.namespace, stamp))
    problems.update(dict.fromkeys(shared_problems(plans, kinds)))
    findings = check(connection, plans, kinds, with_rights=check_rights)
    refuse([*problems, *findings.problems], _hint(findings))
    return Planned(plans, kinds, findings.warnings)


def stamp_of(
    preparation: "Preparation", request: "Request", extras: Extras, hidden: Collection[str] = ()
) -> Stamp:
    """What the objects of a request are to remember; hidden: parameters whose values are not known."""
    return full_stamp(
        request.template,
        preparation.draft,
        request.expansion.values,
        at=preparation.surroundings.at,
        requester=requester(preparation.surroundings),
        extras=extras,
        hidden=hidden,
    )


def requester(surroundings: Surroundings) -> str:
    """Who we are, "" when the server does not say."""
    try:
        return surroundings.requester()
    except NotKnown:
        return ""


def _sound(request: "Request", kinds: ServedKinds) -> list[Manifest]:
    found: dict[tuple[str, str, str], Manifest] = {}
    for manifest in request.expansion.objects:
        if not plan_problems([manifest], kinds, request.namespace):
            found.setdefault((manifest.group, manifest.kind, manifest.name), manifest)
    return list(found.values())


def _hint(findings: Findings) -> str:
    hints = (_RIGHTS_HINT if findings.rights else "", _TAKEN_HINT if findings.taken else "")
    return "; ".join(filter(None, hints))
