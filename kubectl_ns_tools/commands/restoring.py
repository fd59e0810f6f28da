"""ns-restore, step by step: find the backup, plan, ask, restore, report."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kubectl_ns_tools.commands.confirmation import confirm
from kubectl_ns_tools.commands.protection import confirm_contexts
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.status_line import StatusLine
from kubectl_ns_tools.commands.terminal import out, say, warn
from kubectl_ns_tools.deletion.clock import now
from kubectl_ns_tools.errors import NotFound, NsToolsError, did_you_mean
from kubectl_ns_tools.kubeconfig.config import load_config
from kubectl_ns_tools.kubeconfig.names import check_namespace
from kubectl_ns_tools.output.escape import escape

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection
    from kubectl_ns_tools.deletion.backup.archive import Archive
    from kubectl_ns_tools.deletion.backup.shelf import BackupInfo
    from kubectl_ns_tools.deletion.restore.plan import RestorePlan
    from kubectl_ns_tools.deletion.restore.report import RestoreReport

_IN_CLUSTER = "in-cluster"  # a pod without a kubeconfig has a cluster, but no context


@dataclass(frozen=True)
class RestoreWish:
    """The command line of ns-restore, as it was written. folder: where backups are looked for by name."""

    source: str
    folder: str
    name: str
    only: Sequence[str]
    excepted: Sequence[str]
    run_finished_jobs: bool
    timeout: float
    dry_run: str
    yes: bool
    confirmed: Sequence[str]
    output: str


def list_all(folder: str, name: str, output: str) -> None:
    """The backups in the folder, of one namespace or of all."""
    from kubectl_ns_tools.deletion.backup.shelf import list_backups

    if name:
        check_namespace(name)
    backups = list_backups(folder, name)
    if not backups and output == "table":
        say(escape(f"No backups found in {folder}"))
        there = [info.namespace for info in list_backups(folder) if info.head] if name else []
        if there:
            say(escape(f"hint: {did_you_mean(name, there, 'there are backups of')}"))
    elif text := _list_text(backups, output):
        out(text)


def restore_all(session: Session, wish: RestoreWish) -> None:
    """Raises NsToolsError, after the report, when something has failed."""
    from kubectl_ns_tools.deletion.backup.archive import Archive
    from kubectl_ns_tools.deletion.restore.planning import Wish, plan_restore

    connection = session.connect()
    with Archive.open(_path(wish, connection)) as archive:
        check_namespace(archive.head.namespace)
        plan = plan_restore(
            connection, archive, Wish(wish.name, wish.only, wish.excepted, wish.run_finished_jobs)
        )
        _warn_of_origin(connection, plan)
        if wish.dry_run == "none":
            _confirm(session, plan, wish)
        known = len(connection.warnings)  # of the lists: deprecated kinds, no news to anybody
        report = _carried_out(connection, archive, plan, wish)
    for warning in connection.warnings[known:]:
        warn(warning)
    if text := _report_text(report, wish.output):
        out(text)
    _raise_if_failed(report)


def _path(wish: RestoreWish, connection: "Connection") -> str:
    from kubectl_ns_tools.deletion.restore.finding import is_file, newest_backup

    if is_file(wish.source):
        return wish.source
    check_namespace(wish.source)
    return newest_backup(wish.folder, wish.source, connection)


def _warn_of_origin(connection: "Connection", plan: "RestorePlan") -> None:
    from kubectl_ns_tools.deletion.restore.finding import cluster_of, is_of

    if not is_of(plan.head, cluster_of(connection), connection.server):
        warn(f"this backup was made on another cluster, {plan.head.server}")


def _confirm(session: Session, plan: "RestorePlan", wish: RestoreWish) -> None:
    """A namespace with other objects in it is asked for; a new one, or one that was begun, is not."""
    from kubectl_ns_tools.deletion.restore.plan import shortened
    from kubectl_ns_tools.deletion.restore.report import planned

    if plan.changes_nothing:
        return
    action = f"restore namespace {plan.namespace} in it"
    confirm_contexts(load_config(session.environ), [_context(session)], wish.confirmed, action)
    if not plan.others or wish.yes:
        return
    say(_report_text(planned(plan), "table"))
    say("")
    say(escape(f'namespace "{plan.namespace}" exists, and has other objects: {shortened(plan.others)}'))
    confirm(f'namespace "{plan.namespace}"', "restored")


def _context(session: Session) -> str:
    try:
        return session.context_name
    except NotFound:
        return _IN_CLUSTER


def _carried_out(
    connection: "Connection", archive: "Archive", plan: "RestorePlan", wish: RestoreWish
) -> "RestoreReport":
    from kubectl_ns_tools.deletion.restore.execution import restore
    from kubectl_ns_tools.deletion.restore.rehearsal import rehearse
    from kubectl_ns_tools.deletion.restore.report import planned

    if wish.dry_run == "client":
        return planned(plan)
    if wish.dry_run == "server":
        return rehearse(connection, archive, plan)
    with StatusLine() as line:
        return restore(
            connection, archive, plan, patience=wish.timeout, tell=lambda words: line.show(escape(words))
        )


def _raise_if_failed(report: "RestoreReport") -> None:
    from kubectl_ns_tools.deletion.restore.report import Outcome

    failed = len(report.of(Outcome.FAILED))
    if failed:
        would = "would not be" if report.dry_run else "could not be"
        hint = "" if report.dry_run else "once it is mended, run it again: it goes on from there"
        raise NsToolsError(f"{failed} of {len(report.results)} objects {would} restored", hint)


def _report_text(report: "RestoreReport", output: str) -> str:
    from kubectl_ns_tools.output.document import document_text
    from kubectl_ns_tools.output.restore import report_document, report_names, report_text

    if output == "name":
        return report_names(report)
    if output in ("json", "yaml"):
        return document_text(report_document(report), output)
    return report_text(report, now())


def _list_text(backups: "Sequence[BackupInfo]", output: str) -> str:
    from kubectl_ns_tools.output.document import document_text
    from kubectl_ns_tools.output.restore import backups_document, backups_names, backups_table

    if output == "name":
        return backups_names(backups)
    if output in ("json", "yaml"):
        return document_text(backups_document(backups), output)
    return backups_table(backups, now())
