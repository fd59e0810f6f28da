"""kubectl ns-switch: another default namespace for the current context."""

import click

from kubectl_ns_tools.commands.edits import report
from kubectl_ns_tools.commands.options import cluster_options, preview_option
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.spelling import KubectlCommand
from kubectl_ns_tools.commands.terminal import is_interactive, warn
from kubectl_ns_tools.kubeconfig.changes import set_namespace
from kubectl_ns_tools.kubeconfig.names import check_namespace
from kubectl_ns_tools.kubeconfig.undo.history import History
from kubectl_ns_tools.kubeconfig.view import load_view
from kubectl_ns_tools.output.escape import escape


@click.command("ns-switch", cls=KubectlCommand)
@click.argument("name", metavar="[NAME|-]", required=False)
@click.option("--force", is_flag=True, help="Do not ask the cluster whether the namespace exists.")
@preview_option
@cluster_options
def command(session: Session, *, name: str | None, force: bool, dry_run: bool) -> None:
    """Change the default namespace of the context; `-` goes back to the one before.

    Examples:
      # Choose from those of the cluster
      kubectl ns-switch
      # By its name
      kubectl ns-switch blue
      # And back
      kubectl ns-switch -

    Without a name, one of the cluster's namespaces is chosen in a picker, as in `kubectl ctx-switch`.
    """
    context = session.context_name
    history = History(session.locations, session.environ)
    before = session.namespace
    if name is None:
        target = _picked(session)
    else:
        target = history.previous_namespace(context) if name == "-" else name
    check_namespace(target)
    if not force and target != before:
        _check_exists(session, target)
    # The picker may have stood there for long: what counts is what the files are now.
    view = session.view if name is not None else load_view(session.locations)
    changes = set_namespace(view, session.writer(dry_run), context, target)
    if not dry_run and before != target:
        history.left_namespace(context, before)
    report(changes, dry_run, f'Context "{escape(context)}" now uses namespace "{target}".')


def _picked(session: Session) -> str:
    if not is_interactive():
        raise click.UsageError(
            "no namespace is named, and there is no terminal to choose one on: give its name "
            "(kubectl ns-list -o name lists them)"
        )
    from kubectl_ns_tools.cluster.namespaces import list_namespaces
    from kubectl_ns_tools.commands.picker import pick
    from kubectl_ns_tools.deletion.clock import now
    from kubectl_ns_tools.output.namespaces import namespace_choices

    namespaces = list_namespaces(session.connect(to_read=True))
    return pick(namespace_choices(namespaces, session.namespace, now()), "namespace", session.environ)


def _check_exists(session: Session, name: str) -> None:
    from kubectl_ns_tools.cluster.errors import ApiForbidden
    from kubectl_ns_tools.cluster.namespaces import named_namespace

    try:
        namespace = named_namespace(session.connect(to_read=True), name)
    except ApiForbidden:
        warn(f'not checked whether namespace "{name}" exists (forbidden)')
        return
    if namespace["metadata"].get("deletionTimestamp"):
        warn(f'namespace "{name}" is being deleted')
