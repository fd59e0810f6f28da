"""What ns-delete shows: the previews before, the results after."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kubectl_ns_tools.commands.deletion.cases import Case
from kubectl_ns_tools.commands.terminal import say, warn
from kubectl_ns_tools.output.escape import escape

if TYPE_CHECKING:
    from kubectl_ns_tools.deletion.plan import DeletionPlan

DATA = ("json", "yaml")


def previews_text(cases: Sequence[Case], output: str) -> str:
    """One preview after the other; for several, a table of all of them first."""
    if output in DATA:
        return data_text(cases, output, several=len(cases) > 1)
    if output == "html":
        from kubectl_ns_tools.deletion.clock import now
        from kubectl_ns_tools.output.html import plan_page

        measures = [[line for text in _measures(case) for line in text.splitlines()] for case in cases]
        return plan_page([_shown(case) for case in cases], now(), measures)
    texts = [_preview_text(case, output) for case in cases]
    if len(cases) > 1 and output != "name":
        texts.insert(0, _summary(cases))
    return ("\n" if output == "name" else "\n\n").join(texts)


def data_text(cases: Sequence[Case], output: str, *, several: bool) -> str:
    """For a program: one document, a list where several namespaces were asked for."""
    from kubectl_ns_tools.output.document import document_text

    return document_text(_document(cases, several=several), output)


def deleted_line(case: Case, output: str, contexts: bool) -> str:
    """contexts: whether to say which one it was in. `-o name` gives what is gone."""
    part = case.measures.part
    if output != "name":
        return escape(f"{case.subject} deleted{_in(case, contexts)}")
    if part is None:
        return escape(f"namespace/{case.name}")
    from kubectl_ns_tools.output.contents import names

    return "\n".join(names(part.going))


def several_contexts(cases: Iterable[Case]) -> bool:
    return len({case.plan.context for case in cases}) > 1


def warn_of_unseen(cases: Iterable[Case]) -> None:
    """For a list of names, which has no place for what has none."""
    for case in cases:
        if case.plan.unseen and not case.measures.part:
            warn(f"not visible, but deleted too: {', '.join(gap.what for gap in case.plan.unseen)}")


def say_who_still_uses(case: Case) -> None:
    """Contexts whose default namespace is gone now."""
    import shlex

    for context, namespace in case.place.siblings:
        if namespace == case.name:
            command = f"kubectl ns-switch default --context {shlex.quote(context)}"
            say(escape(f'context "{context}" still has namespace "{namespace}"; another one: {command}'))


def _in(case: Case, contexts: bool) -> str:
    return f" in context {case.plan.context}" if contexts else ""


def _document(cases: Sequence[Case], *, several: bool) -> dict[str, Any]:
    from kubectl_ns_tools.output.document import document

    documents = [_preview_document(case) for case in cases]
    return document("DeletionPreviewList", {"items": documents}) if several else documents[0]


def _preview_document(case: Case) -> dict[str, Any]:
    from kubectl_ns_tools.output.plan import plan_document

    shown = plan_document(_shown(case))
    part = case.measures.part
    if part is None:
        return shown
    return {
        **shown,
        "partial": {"remade": [item.label for item in part.remade], "staying": len(part.staying)},
    }


def _preview_text(case: Case, output: str) -> str:
    from kubectl_ns_tools.deletion.clock import now
    from kubectl_ns_tools.output.plan import plan_names, plan_text, plan_tree

    shown = _shown(case)
    if output == "name":
        text = plan_names(shown)
        return text.partition("\n")[2] if case.measures.part else text
    text = plan_tree(shown) if output == "tree" else plan_text(shown, now(), everything=output == "wide")
    return "\n\n".join([text, *_measures(case)])


def _measures(case: Case) -> Iterable[str]:
    from kubectl_ns_tools.output import deletion_measures as told

    found = case.measures
    if found.part:
        yield told.part_text(found.part)
    if found.workloads:
        yield told.workloads_text(found.workloads)
    if found.volumes:
        yield told.volumes_text(found.volumes)
    if found.custom:
        yield told.custom_text(found.custom)


def _shown(case: Case) -> "DeletionPlan":
    """The plan; of a part, only what goes and the hazards of that."""
    part = case.measures.part
    if part is None:
        return case.plan
    from kubectl_ns_tools.deletion.hazards.hazard import HazardReport

    going = {item.label for item in part.going}
    found = tuple(hazard for hazard in case.plan.hazards.hazards if going.intersection(hazard.objects))
    inventory = replace(case.plan.inventory, items=part.going, gaps=())
    report = HazardReport(found, case.plan.hazards.unchecked)
    return replace(case.plan, inventory=inventory, hazards=report)


def _summary(cases: Sequence[Case]) -> str:
    from kubectl_ns_tools.output.deletion_summary import Row, summary_table

    rows = [Row(_shown(case), len(case.items)) for case in cases]
    return summary_table(rows, contexts=several_contexts(cases))
