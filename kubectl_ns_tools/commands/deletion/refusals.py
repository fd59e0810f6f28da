"""What stops a deletion before anybody is asked."""

from collections.abc import Iterator, Sequence

from kubectl_ns_tools.commands.deletion.cases import Case
from kubectl_ns_tools.commands.deletion.wish import DeletionWish
from kubectl_ns_tools.commands.terminal import warn
from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.kubeconfig.config import Config

PROTECTED_ANNOTATION = "kubectl-ns-tools/protected"  # "true" on a Namespace


def refuse_protected(cases: Sequence[Case], config: Config, wish: DeletionWish) -> None:
    """Raises Refused for namespaces that somebody declared to be dear, unless with --override-protection."""
    problems = list(_protections(cases, config))
    if not problems or wish.override:
        return
    if wish.only_looks:
        for problem in problems:
            warn(f"{problem}: only deleted with --override-protection")
        return
    if len(problems) == 1:
        raise Refused(f"{problems[0]}; nothing was deleted", _HINT)
    raise Refused(f"{len(problems)} namespaces are protected; nothing was deleted", _HINT, problems)


_HINT = "if it is to go all the same, pass --override-protection"


def refuse_incomplete(cases: Sequence[Case]) -> None:
    """--strict. Raises Refused when there is something that could not be looked at."""
    problems = [
        f"{case.name}: {what}"
        for case in cases
        for what in (
            *(f"{gap.what} not visible ({gap.reason.value})" for gap in case.plan.unseen),
            *(f"{gap.what} not checked ({gap.reason})" for gap in case.plan.hazards.unchecked),
        )
    ]
    if problems:
        raise Refused(
            "the view is incomplete, and --strict wants all of it; nothing was deleted", "", problems
        )


def refuse_number(cases: Sequence[Case], wish: DeletionWish) -> None:
    """--expect. Raises Refused for another number of namespaces."""
    if wish.expect is not None and wish.expect != len(cases):
        raise Refused(
            f"there are {len(cases)} namespaces, not {wish.expect}; nothing was deleted",
            "look with --dry-run",
        )


def _protections(cases: Sequence[Case], config: Config) -> Iterator[str]:
    for case in cases:
        if case.plan.terminating:
            continue
        annotations = case.namespace["metadata"].get("annotations") or {}
        if str(annotations.get(PROTECTED_ANNOTATION, "")).lower() == "true":
            yield f'namespace "{case.name}" is protected (annotation {PROTECTED_ANNOTATION})'
        elif config.is_protected_namespace(case.name):
            yield f'namespace "{case.name}" is protected ({config.path})'
