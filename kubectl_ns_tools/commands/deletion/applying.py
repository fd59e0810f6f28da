"""Saved plans: how they are made, and how they become deletions of exactly what they say."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kubectl_ns_tools.commands.deletion.attempts import all_or_none
from kubectl_ns_tools.commands.deletion.cases import Case, Place, Target, in_context, looked_into, place_of
from kubectl_ns_tools.commands.deletion.wish import DeletionWish
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.terminal import say, warn
from kubectl_ns_tools.errors import NotFound, Refused
from kubectl_ns_tools.output.escape import escape

if TYPE_CHECKING:
    from kubectl_ns_tools.deletion.plan_files.saved_plan import PlanFile, SavedPlan


def save(cases: Sequence[Case], wish: DeletionWish, path: str) -> None:
    """--plan FILE. Raises Refused when one is being deleted already: there is nothing to plan any more."""
    import shlex

    from kubectl_ns_tools.deletion.clock import now
    from kubectl_ns_tools.deletion.plan_files.plan_file import Entry, plan_document, write_plan
    from kubectl_ns_tools.deletion.plan_files.saved_plan import Cluster, cluster_of

    for case in cases:
        if case.plan.terminating:
            raise Refused(f'namespace "{case.name}" is being deleted already; no plan was saved')
    clusters: dict[str, Cluster] = {}
    for case in cases:
        if case.plan.context not in clusters:
            clusters[case.plan.context] = cluster_of(case.connection)
    entries = [Entry(case.plan, case.items, clusters[case.plan.context]) for case in cases]
    made = now().strftime("%Y-%m-%dT%H:%M:%SZ")
    write_plan(path, plan_document(entries, made=made, options=wish.options))
    say(escape(f"plan saved; to delete exactly this: kubectl ns-delete --apply {shlex.quote(path)}"))


def wish_of(file: "PlanFile", wish: DeletionWish) -> DeletionWish:
    """The wish with the options that the plan was made with. Raises Refused for options that are not just
    those of a plan: one that is missing, or not known here, would be another deletion."""
    options = file.options
    _check_options(options, wish)
    return replace(
        wish,
        only=tuple(options["only"]),
        excepted=tuple(options["except"]),
        custom_first=options["customResourcesFirst"],
        retain=options["retainVolumes"],
        scale_down=options["scaleDownFirst"],
    )


def _check_options(options: Mapping[str, Any], wish: DeletionWish) -> None:
    known = wish.options
    for name in sorted(known.keys() | options.keys()):
        if name not in options:
            why = f'the option "{name}" is missing'
        elif name not in known:
            why = f'this version knows no option "{name}"'
        elif type(options[name]) is not type(known[name]):
            kind = "a list" if isinstance(known[name], list) else "true or false"
            why = f'the option "{name}" must be {kind}'
        else:
            continue
        hint = "make a new one with --plan FILE, or use the version that made it"
        raise Refused(f"the plan {wish.apply} cannot be applied: {why}", hint)


def gather_saved(session: Session, wish: DeletionWish, file: "PlanFile", opened: ExitStack) -> list[Case]:
    """The namespaces of the plan as they are now. opened: closes the connections.

    Raises Refused for another cluster, for a namespace that was made anew, and, unless with --allow-drift,
    for content that changed since; NotFound for one that is gone.
    """
    places = _places(session, file, opened)
    targets = all_or_none(
        lambda saved: _target(places[saved.context], saved), file.plans,
        name=lambda saved: f"{saved.namespace} ({saved.context})",
        failed="namespaces are not those of the plan; nothing was deleted",
    )  # fmt: skip
    cases = looked_into(targets, wish)
    pairs = list(zip(cases, file.plans, strict=True))
    for case, saved in pairs:
        for hazard in saved.new_dangers(case.plan.hazards.hazards):
            warn(f'new since the plan of namespace "{case.name}": {hazard.summary}')
    all_or_none(
        lambda pair: _check_drift(*pair, wish), pairs,
        name=lambda pair: pair[0].titled(True),
        failed="namespaces changed since the plan was made; nothing was deleted",
        workers=1,
    )  # fmt: skip
    return cases


def _places(session: Session, file: "PlanFile", opened: ExitStack) -> dict[str, Place]:
    """By the context in the plan. --context stands for that of a plan with one, as names differ from person
    to person; the cluster must be the same all the same."""
    from kubectl_ns_tools.deletion.plan_files.saved_plan import cluster_of

    contexts = list(dict.fromkeys(saved.context for saved in file.plans))
    if session.context and len(contexts) > 1:
        raise Refused("the plan is of several contexts: it cannot be applied to one", "leave out --context")
    places: dict[str, Place] = {}
    for context in contexts:
        is_known = session.context is None and context in session.view.contexts
        places[context] = place_of(in_context(session, context) if is_known else session, opened)
        cluster = cluster_of(places[context].connection)
        if any(not saved.cluster.is_same(cluster) for saved in file.plans if saved.context == context):
            raise Refused(
                f"the plan is of another cluster than that of context {places[context].context} "
                f"({places[context].connection.server}); nothing was deleted",
                "choose the context with --context, or make a new plan",
            )
    return places


def _target(place: Place, saved: "SavedPlan") -> Target:
    from kubectl_ns_tools.cluster.errors import ApiNotFound
    from kubectl_ns_tools.cluster.namespaces import get_namespace

    try:
        namespace = get_namespace(place.connection, saved.namespace)
    except ApiNotFound as error:
        raise NotFound(f'namespace "{saved.namespace}" of the plan is gone', "make a new plan") from error
    if namespace["metadata"]["uid"] != saved.uid:
        raise Refused(
            f'namespace "{saved.namespace}" was deleted and re-created since the plan; nothing was deleted',
            f"the plan is of uid {saved.uid}, now there is {namespace['metadata']['uid']}: make a new one",
        )
    return Target(place, namespace, [place.context])


def _check_drift(case: Case, saved: "SavedPlan", wish: DeletionWish) -> None:
    from kubectl_ns_tools.deletion.plan_files.drift import compare, traces
    from kubectl_ns_tools.output.deletion_drift import drift_lines

    drift = compare(saved.traces, traces(case.items))
    if not drift:
        return
    text = f'namespace "{case.name}" changed since the plan was made'
    if not wish.allow_drift:
        hint = "make a new plan, or pass --allow-drift to take what is new along"
        raise Refused(f"{text}; nothing was deleted", hint, drift_lines(drift))
    warn(text)
    for line in drift_lines(drift):
        say(f"  {escape(line)}")
