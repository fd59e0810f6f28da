"""ns-create --diff and --update: a template applied to namespaces that exist."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from kubectl_ns_tools.commands.confirmation import confirm
from kubectl_ns_tools.commands.creating import warn_all
from kubectl_ns_tools.commands.protection import confirm_contexts
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.templating import Templating
from kubectl_ns_tools.commands.terminal import out, say, warn
from kubectl_ns_tools.commands.update_planning import Planner
from kubectl_ns_tools.commands.wish import Wish
from kubectl_ns_tools.errors import ExitCode, Interrupted, NotFound, NsToolsError, joint_code
from kubectl_ns_tools.kubeconfig.config import load_config
from kubectl_ns_tools.output.escape import escape

if TYPE_CHECKING:
    from kubectl_ns_tools.templates.update.update_plan import UpdatePlan
    from kubectl_ns_tools.templates.update.updating import Done


def update_all(session: Session, wish: Wish) -> int:
    """Everything that ns-create does for namespaces that exist. Returns the exit code."""
    _check(wish)
    templating = Templating(session)
    planner = Planner(templating, wish)
    try:
        plans, failures = planner.plans()
        if wish.diff or wish.dry_run == "server":
            return _show_difference(plans, failures, wish)
        _update(session, templating, wish, plans, failures)
        return ExitCode.OK
    except NsToolsError as error:
        if wish.diff and error.exit_code == ExitCode.DIFFERENT:
            error.exit_code = ExitCode.REFUSED  # nothing was written, and 1 means that there is a difference
        raise
    finally:
        warn_all(templating.connection.warnings)
        templating.connection.close()


def _check(wish: Wish) -> None:
    if wish.dry_run == "client":
        raise click.UsageError("what an update changes only the server knows: --diff or --dry-run=server")
    if wish.output not in ("text", "name"):
        raise click.UsageError("with --update and --diff the output is text or name")
    if wish.switch or wish.add_context is not None:
        raise click.UsageError("--switch and --add-context are for namespaces that are created")
    if wish.all_from is not None and (wish.names or wish.names_from or wish.files or not wish.is_update):
        raise click.UsageError("--all-from is for --update or --diff, without names and without -f")


def _show_difference(plans: "Sequence[UpdatePlan]", failures: Sequence[NsToolsError], wish: Wish) -> int:
    """The diff on stdout, as kubectl diff shows it; its exit code says whether there is one."""
    from kubectl_ns_tools.output.object_diff import update_diff

    texts = [text for text in map(update_diff, plans) if text]
    for plan in plans:
        _tell_notes(plan)
    if texts:
        out("\n".join(texts))
    if failures:
        raise _several(failures, len(plans) + len(failures), "compared")
    if not texts:
        say("nothing would change")
    return ExitCode.DIFFERENT if texts and wish.diff else ExitCode.OK


def _tell_notes(plan: "UpdatePlan") -> None:
    """What the diff does not show."""
    from kubectl_ns_tools.templates.update.pruning import reference
    from kubectl_ns_tools.templates.update.updating import conflict_lines

    for change in plan.changes:
        if change.unchecked:
            say(escape(f"{plan.namespace}/{change.manifest.reference} is not compared: {change.unchecked}"))
    for left in plan.left:
        stays = f"{plan.namespace}/{reference(left.entry)} is not in the template any more, and stays"
        say(escape(f"{stays}: {left.why}"))
    for line in conflict_lines(plan):
        warn(f"{plan.namespace}/{line}")


def _update(
    session: Session,
    templating: Templating,
    wish: Wish,
    plans: "Sequence[UpdatePlan]",
    failures: Sequence[NsToolsError],
) -> None:
    total = len(plans) + len(failures)
    _preview([plan for plan in plans if plan.differs], wish)
    problems, free = _without_conflicts(plans, wish)
    problems = [*failures, *problems]
    if problems and total == 1:
        raise problems[0]
    due = [plan for plan in free if plan.levels or plan.prunes]
    for plan in free:
        if plan not in due and wish.output == "text":
            out(f"namespace/{plan.namespace} unchanged")
    if any(plan.differs for plan in due):
        _confirm(session, wish, [plan for plan in due if plan.differs])
    problems += _carry_out(templating, wish, due, alone=total == 1)
    if problems and total == 1:
        raise problems[0]
    if problems:
        raise _several(problems, total, "updated")


def _without_conflicts(
    plans: "Sequence[UpdatePlan]", wish: Wish
) -> "tuple[list[NsToolsError], list[UpdatePlan]]":
    """What stands against some of them, and the others."""
    from kubectl_ns_tools.templates.update.updating import refuse_conflicts

    problems, free = [], []
    for plan in plans:
        try:
            if not wish.force_conflicts:
                refuse_conflicts(plan)
            free.append(plan)
        except NsToolsError as error:
            problems.append(error)
    return problems, free


def _preview(plans: "Sequence[UpdatePlan]", wish: Wish) -> None:
    """What would change: the diff of namespaces that were named, a table for all of a template."""
    from kubectl_ns_tools.output.object_diff import update_diff, update_rows
    from kubectl_ns_tools.output.table import table

    for plan in plans:
        _tell_notes(plan)
    if wish.all_from is not None and plans:
        say(table(update_rows(plans), ["NAMESPACE", "OBJECT", "CHANGE"]))
    elif plans:
        say("\n".join(map(update_diff, plans)))


def _confirm(session: Session, wish: Wish, plans: "Sequence[UpdatePlan]") -> None:
    names = [plan.namespace for plan in plans]
    what = f'namespace "{names[0]}"' if len(names) == 1 else f"{len(names)} namespaces"
    try:
        context = [session.context_name]
    except NotFound:  # in a pod
        context = []
    confirm_contexts(load_config(session.environ), context, wish.confirmed, f"update {what} in it")
    if not wish.yes:
        confirm(what, "updated")


def _carry_out(
    templating: Templating, wish: Wish, plans: "Sequence[UpdatePlan]", *, alone: bool
) -> list[NsToolsError]:
    """What failed. alone: whether each object is told, rather than each namespace."""
    from kubectl_ns_tools.templates.cancellation import Cancellation
    from kubectl_ns_tools.templates.update.update_batch import update_each

    def tell(plan: "UpdatePlan", done: "Done") -> None:
        if alone:
            out(escape(done.reference + (f" {done.word}" if wish.output == "text" else "")))

    cancellation = Cancellation()
    found: dict[int, NsToolsError | None] = {}
    with cancellation.by_signals():
        for index, error in update_each(
            templating.connection, plans,
            force=wish.force_conflicts, listener=tell, cancellation=cancellation, workers=wish.parallel,
        ):  # fmt: skip
            found[index] = error
            if error is None and not alone:
                out(f"namespace/{plans[index].namespace}{' configured' if wish.output == 'text' else ''}")
    for index, plan in enumerate(plans):
        found.setdefault(index, Interrupted(f"namespace/{plan.namespace}: interrupted, not begun"))
    return [error for _, error in sorted(found.items()) if error is not None]


def _several(failures: Sequence[NsToolsError], total: int, done: str) -> NsToolsError:
    problems: list[str] = []
    for failure in failures:
        problems += [failure.message, *(f"  {problem}" for problem in failure.problems)]
    hints = list(dict.fromkeys(failure.hint for failure in failures if failure.hint))
    error = NsToolsError(f"{len(failures)} of {total} namespaces were not {done}", "; ".join(hints), problems)
    error.exit_code = joint_code(failures)
    return error
