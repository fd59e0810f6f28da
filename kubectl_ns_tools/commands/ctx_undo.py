"""kubectl ctx-undo"""

import click

from kubectl_ns_tools.commands.edits import report
from kubectl_ns_tools.commands.options import kubeconfig_options, output_option, preview_option
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.spelling import KubectlCommand
from kubectl_ns_tools.commands.terminal import out, say
from kubectl_ns_tools.kubeconfig.undo.journal import Journal, Record
from kubectl_ns_tools.kubeconfig.undo.undoing import last_write, undo, writes_of
from kubectl_ns_tools.output.escape import escape


@click.command("ctx-undo", cls=KubectlCommand)
@click.option("--list", "listed", is_flag=True, help="List what can be undone, the last change first.")
@output_option("table", "wide", "name", "json", "yaml")
@preview_option
@kubeconfig_options
def command(session: Session, *, listed: bool, output: str, dry_run: bool) -> None:
    """Bring back the kubeconfig from before the last change that these commands made.

    Examples:
      # What can be undone?
      kubectl ctx-undo --list
      # What would the next undo change?
      kubectl ctx-undo --dry-run
      # Do it
      kubectl ctx-undo

    Undoes what these commands wrote last, in all files that it changed, byte for byte; another undo brings
    back the change before that. It refuses when a file has changed since, by whomever. What kubectl or an
    editor wrote cannot be undone.
    """
    journal = Journal(session.environ)
    if listed:
        _list(session, journal, output)
        return
    record = last_write(journal, session.locations)
    changes = undo(journal, record, dry_run=dry_run)
    report(changes, dry_run, _done(record, changed=bool(changes)))


def _list(session: Session, journal: Journal, output: str) -> None:
    import time

    from kubectl_ns_tools.output.writes import render_writes

    text = render_writes(writes_of(journal, session.locations), output, time.time())
    if text:
        out(text)
    elif output in ("table", "wide"):
        say(f"Nothing to undo in {escape(', '.join(session.locations.paths))}.")


def _done(record: Record, changed: bool) -> str:
    what = f"{escape(record.title)} ({escape(', '.join(record.paths))})"
    return f"Undone: {what}." if changed else f"Was undone already: {what}."
