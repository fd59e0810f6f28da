"""The questions before a deletion: what is typed is a name or a number, never a mere yes."""

from collections.abc import Sequence

from kubectl_ns_tools.commands.deletion.cases import Case
from kubectl_ns_tools.commands.deletion.wish import DeletionWish
from kubectl_ns_tools.commands.protection import confirm_contexts
from kubectl_ns_tools.commands.terminal import ask, is_interactive, say
from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.kubeconfig.config import Config
from kubectl_ns_tools.output.escape import escape


def confirm(cases: Sequence[Case], config: Config, wish: DeletionWish) -> None:
    """cases: all of the run, also those that are being deleted already. Raises Refused for any other answer
    than the right one, and where nobody can be asked.

    --yes answers for one namespace; for several, only together with their number, --expect. What a backup
    cannot hold is part of what is confirmed, so that without anybody to ask it needs a flag of its own.
    """
    begun = [case for case in cases if not case.plan.terminating]
    contexts = dict.fromkeys(context for case in begun for context in case.contexts)
    confirm_contexts(config, contexts, wish.confirmed, _action(begun))
    answered = wish.yes and (len(cases) == 1 or wish.expect is not None)
    _tell_what_no_backup_holds(begun, wish, asked=not answered and is_interactive())
    if answered:
        return
    if not is_interactive():
        raise _unasked(cases, wish)
    if len(cases) == 1:
        _ask_name(cases[0])
    else:
        _ask_number(len(cases), sum(len(case.items) for case in begun))


def _action(cases: Sequence[Case]) -> str:
    if len(cases) > 1:
        return f"delete {len(cases)} namespaces in it"
    return f"delete {cases[0].subject if cases[0].measures.part else f'namespace {cases[0].name}'} in it"


def _tell_what_no_backup_holds(cases: Sequence[Case], wish: DeletionWish, *, asked: bool) -> None:
    from kubectl_ns_tools.output.deletion_summary import unbacked

    text = "" if wish.no_backup else unbacked([case.plan for case in cases if not case.measures.part])
    if not text:
        return
    if not (asked or wish.allow_incomplete):
        raise Refused(
            "the backup would lack what you may not read; nothing was deleted",
            "pass --allow-incomplete-backup, or --no-backup",
            text.splitlines()[1:],
        )
    say(text)
    say("")


def _unasked(cases: Sequence[Case], wish: DeletionWish) -> Refused:
    if len(cases) == 1:
        subject, flags = f'namespace "{cases[0].name}" is', "--yes"
    else:
        subject = f"{len(cases)} namespaces are"
        flags = f"--expect {len(cases)}" if wish.yes else f"--yes --expect {len(cases)}"
    return Refused(
        f"{subject} not deleted unconfirmed, and there is no terminal to ask on",
        f"look with --dry-run, then pass {flags}",
    )


def _ask_name(case: Case) -> None:
    what = escape(case.subject) if case.measures.part else "all of this"
    typed = ask(f"Type the name of the namespace to delete {what} ({escape(case.name)}):")
    if typed != case.name:
        raise Refused(f'the typed name is not "{case.name}"; nothing was deleted')


def _ask_number(number: int, objects: int) -> None:
    typed = ask(f"Type the number of namespaces to delete all of this, {objects} objects ({number}):")
    if typed != str(number):
        raise Refused(f"the typed number is not {number}; nothing was deleted")
