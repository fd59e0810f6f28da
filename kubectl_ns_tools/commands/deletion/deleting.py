"""ns-delete at work: look, show, ask, save, delete, tell."""

from collections.abc import Sequence
from contextlib import ExitStack

from kubectl_ns_tools.commands.deletion.backups import back_up
from kubectl_ns_tools.commands.deletion.cases import Case, gather
from kubectl_ns_tools.commands.deletion.confirming import confirm
from kubectl_ns_tools.commands.deletion.refusals import refuse_incomplete, refuse_number, refuse_protected
from kubectl_ns_tools.commands.deletion.running import run_one, run_several
from kubectl_ns_tools.commands.deletion.showing import (
    DATA,
    data_text,
    deleted_line,
    previews_text,
    say_who_still_uses,
    warn_of_unseen,
)
from kubectl_ns_tools.commands.deletion.wish import DeletionWish
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.terminal import out, say
from kubectl_ns_tools.kubeconfig.config import Config, load_config
from kubectl_ns_tools.output.escape import escape


def delete_all(session: Session, wish: DeletionWish) -> None:
    """Everything that ns-delete does, --force-finalize aside."""
    config = load_config(session.environ)
    with ExitStack() as opened:
        wish, cases = _gathered(session, wish, opened)
        if not cases:
            refuse_number(cases, wish)
            say("No resources found")
        elif wish.only_looks:
            _look(cases, config, wish)
        else:
            _delete(session, cases, config, wish)


def _gathered(session: Session, wish: DeletionWish, opened: ExitStack) -> tuple[DeletionWish, Sequence[Case]]:
    """What is to be deleted, and how: as it is asked for, or as the plan says."""
    if wish.apply is None:
        return wish, gather(session, wish, opened)
    from kubectl_ns_tools.commands.deletion.applying import gather_saved, wish_of
    from kubectl_ns_tools.deletion.plan_files.plan_file import read_plan

    file = read_plan(wish.apply)
    say(escape(f"plan of {file.made}"))
    wish = wish_of(file, wish)
    return wish, gather_saved(session, wish, file, opened)


def _look(cases: Sequence[Case], config: Config, wish: DeletionWish) -> None:
    """Raises Refused for what would be refused, after everything was shown."""
    out(previews_text(cases, wish.output))
    if wish.output == "name":
        warn_of_unseen(cases)
    if wish.strict:
        refuse_incomplete(cases)
    refuse_number(cases, wish)
    refuse_protected(cases, config, wish)
    _check_with_server(cases, wish)
    if wish.plan is not None:
        from kubectl_ns_tools.commands.deletion.applying import save

        save(cases, wish, wish.plan)


def _check_with_server(cases: Sequence[Case], wish: DeletionWish) -> None:
    if wish.dry_run != "server":
        return
    from kubectl_ns_tools.commands.deletion.rehearsal import rehearse

    for case in cases:
        rehearse(case)
        say(escape(f"{case.subject} deleted (server dry run)"))


def _delete(session: Session, cases: Sequence[Case], config: Config, wish: DeletionWish) -> None:
    say(previews_text(cases, "wide" if wish.output == "wide" else "table"))
    say("")
    refuse_number(cases, wish)
    refuse_protected(cases, config, wish)
    if wish.strict:
        refuse_incomplete(cases)
    begun = [case for case in cases if not case.plan.terminating]
    for case in cases:
        if case.plan.terminating:
            say(escape(f'namespace "{case.name}" is being deleted already'))
    if begun:
        confirm(cases, config, wish)
        back_up(session, begun, wish)
    _run(cases, wish)


def _run(cases: Sequence[Case], wish: DeletionWish) -> None:
    """Raises what went wrong with any of them, after all have ended."""
    several, error = len(cases) > 1, None
    if several:
        done, error = run_several(cases, wish)
    else:
        run_one(cases[0], wish)
        done = list(cases)
    if wish.output in DATA and done:
        out(data_text(done, wish.output, several=several))
    elif not several:
        out(deleted_line(cases[0], wish.output, contexts=False))
    _tell_users(done, wish)
    if error:
        raise error


def _tell_users(cases: Sequence[Case], wish: DeletionWish) -> None:
    if not wish.is_partial:
        for case in cases:
            say_who_still_uses(case)
