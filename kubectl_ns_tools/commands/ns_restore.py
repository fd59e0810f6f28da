"""kubectl ns-restore: what a backup of a namespace has, created again."""

import click

from kubectl_ns_tools.commands.help import heading
from kubectl_ns_tools.commands.options import (
    cluster_options,
    dry_run_option,
    duration,
    output_option,
    yes_option,
)
from kubectl_ns_tools.commands.protection import confirm_context_option
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.spelling import KubectlCommand
from kubectl_ns_tools.kubeconfig.names import check_namespace
from kubectl_ns_tools.kubeconfig.state import state_folder


@click.command("ns-restore", cls=KubectlCommand)
@click.argument("source", required=False, metavar="FILE|NAME")
@heading("Restore options")
@click.option("--as", "name", default="", metavar="NEWNAME", help="Restore under this name.")
@click.option(
    "--only", multiple=True, metavar="KIND[/NAME]",
    help="Restore these only, like deploy, secret/tls or secret/tmp-*; may be repeated.",
)  # fmt: skip
@click.option(
    "--except", "excepted", multiple=True, metavar="KIND[/NAME]",
    help="Leave these out; may be repeated.",
)  # fmt: skip
@click.option(
    "--run-finished-jobs", is_flag=True,
    help="Restore Jobs that had run to their end, too: they run again.",
)  # fmt: skip
@dry_run_option
@click.option(
    "--timeout", type=duration, default="1m", show_default=True, metavar="DURATION",
    help="How long to go on with what is refused for the moment, such as by a webhook that does not run yet.",
)  # fmt: skip
@heading("Confirmation options")
@yes_option
@confirm_context_option
@heading("Output options")
@click.option("--list", "listed", is_flag=True, help="List the backups, or those of NAME, and stop there.")
@output_option("table", "name", "json", "yaml")
@cluster_options
def command(
    session: Session,
    *,
    source: str | None,
    name: str,
    listed: bool,
    only: tuple[str, ...],
    excepted: tuple[str, ...],
    run_finished_jobs: bool,
    timeout: float,
    dry_run: str,
    yes: bool,
    confirmed: tuple[str, ...],
    output: str,
) -> None:
    """Restore a namespace from a backup that ns-delete or ns-backup has made; what exists is never changed.

    Examples:
      # What backups are there?
      kubectl ns-restore --list
      # What would come back of the namespace blue?
      kubectl ns-restore blue --dry-run
      # All of it
      kubectl ns-restore blue

    FILE is such a backup; NAME is a namespace of this cluster, and means the newest backup of it.

    An object that exists is never changed: if it is the same, it is unchanged, if not, it is skipped. So a
    restore that was broken off goes on from there when it is run again. To what every namespace has (itself,
    the ServiceAccount default), what is missing is added. A namespace that has other objects in it is shown
    and asked for first; one that is being deleted is refused.

    What an owner made (the pods of a Deployment, the Secret of a certificate) is left to its owner, who makes
    it again. Where nobody does, --only KIND/NAME restores it by itself, without the owner. Jobs that had
    finished are not run again. Services get new addresses. A claim gets its volume back if that was retained
    and nobody has taken it; if not, the report says that the data is not back.

    With --as, namespaces in the subjects of RoleBindings change with the name. Whatever else seems to mean
    the old namespace (hosts in variables, annotations) stays, and is told.

    The exit code is 0 when nothing has failed, and 1 when something has.

    More examples:
      # Under another name, beside the old one
      kubectl ns-restore blue --as blue-copy
      # A Secret that somebody has deleted
      kubectl ns-restore blue --only secret/tls --yes
    """
    from kubectl_ns_tools.commands.restoring import RestoreWish, list_all, restore_all

    folder = state_folder(session.environ, "backups")
    if listed:
        list_all(folder, source or "", output)
        return
    if source is None:
        raise click.UsageError("Missing argument 'FILE|NAME'.")
    if name:
        check_namespace(name)
    wish = RestoreWish(
        source, folder, name, only, excepted, run_finished_jobs, timeout, dry_run, yes, confirmed, output
    )
    restore_all(session, wish)
