"""The way back: every namespace is saved before the first one is deleted."""

import shlex
import sys
from collections.abc import Sequence

from kubectl_ns_tools.commands.deletion.cases import Case
from kubectl_ns_tools.commands.deletion.wish import DeletionWish
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.status_line import StatusLine
from kubectl_ns_tools.commands.terminal import say
from kubectl_ns_tools.errors import Interrupted, NsToolsError, Refused
from kubectl_ns_tools.kubeconfig.state import state_folder
from kubectl_ns_tools.output.escape import escape


def back_up(session: Session, cases: Sequence[Case], wish: DeletionWish) -> None:
    """One after the other, as an archive is removed again when its writing is interrupted.

    Raises what goes wrong with any of them; nothing is deleted then.
    """
    if wish.no_backup:
        return
    folder = wish.backup or state_folder(session.environ, "backups")
    for case in cases:
        try:
            path = _saved(case, folder, wish)
        except KeyboardInterrupt as error:
            raise Interrupted("interrupted during the backup; nothing was deleted") from error
        say(escape(f'namespace "{case.name}" saved: {path}'))
        say(escape(f"to have it back: kubectl ns-restore {_argument(case, cases, wish, path)}"))


def _argument(case: Case, cases: Sequence[Case], wish: DeletionWish, path: str) -> str:
    """The name is enough where the backup is looked for by it, and is not of another cluster's namespace."""
    named_twice = sum(other.name == case.name for other in cases) > 1
    return shlex.quote(path if wish.backup is not None or named_twice else case.name)


def _tell(line: StatusLine, case: Case, kind: str) -> None:
    """For a person who waits; in a log, a line for each of thirty kinds would say nothing."""
    if sys.stderr.isatty():
        line.show(escape(f'saving namespace "{case.name}": {kind}'))


def _saved(case: Case, folder: str, wish: DeletionWish) -> str:
    from kubectl_ns_tools.deletion.backup.saving import save_namespace
    from kubectl_ns_tools.deletion.clock import now

    try:
        with StatusLine() as line:
            result = save_namespace(
                case.connection, case.namespace, case.plan.inventory, case.place.discovery, folder,
                context=case.plan.context, now=now(),
                tell=lambda kind: _tell(line, case, kind),
            )  # fmt: skip
    except NsToolsError as error:
        error.message = f'namespace "{case.name}" is not saved, so nothing was deleted: {error.message}'
        error.hint = error.hint or "pass --no-backup where no way back is needed"
        raise
    known = {gap.what for gap in case.plan.unseen}
    lacking = [gap.what for gap in result.gaps if gap.deletable and gap.what not in known]
    if lacking and not wish.allow_incomplete:
        raise Refused(
            f'the backup of namespace "{case.name}" lacks {", ".join(lacking)}; nothing was deleted',
            "look again, or pass --allow-incomplete-backup",
        )
    return result.path
