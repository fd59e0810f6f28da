"""kubectl ctx-delete"""

import click

from kubectl_ns_tools.commands.confirmation import confirm
from kubectl_ns_tools.commands.edits import report
from kubectl_ns_tools.commands.options import kubeconfig_options, preview_option, yes_option
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.spelling import KubectlCommand
from kubectl_ns_tools.commands.terminal import say, warn
from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.kubeconfig.deleting import Deletion, delete_contexts, plan_deletion
from kubectl_ns_tools.kubeconfig.view import load_view
from kubectl_ns_tools.output.context_deletion import consequences, deleted, deletion_table


@click.command("ctx-delete", cls=KubectlCommand)
@click.argument("patterns", nargs=-1, required=True, metavar="NAME|PATTERN...")
@click.option("--prune", is_flag=True, help="Also the clusters and users that nothing else refers to.")
@yes_option
@preview_option
@kubeconfig_options
def command(session: Session, *, patterns: tuple[str, ...], prune: bool, yes: bool, dry_run: bool) -> None:
    """Delete contexts, after showing what goes and what comes of it.

    Examples:
      # One, after a question
      kubectl ctx-delete blue@kubernetes
      # See what would go with the clusters and users that nothing else needs
      kubectl ctx-delete 'kind-*' --prune --dry-run
      # In a script
      kubectl ctx-delete 'kind-*' --prune --yes

    A PATTERN is a context's name or a glob. The entries go with their own lines and the comments in them;
    everything else stays as it is. A current-context that would dangle is cleared. A context of the same
    name in a later file of $KUBECONFIG comes into effect; it is named then.

    `kubectl ctx-undo` brings everything back; until then it is kept where only you can read it.
    """
    plan = plan_deletion(session.view, patterns, prune=prune)
    if not yes:
        say(deletion_table(plan))
    for text in consequences(plan):
        warn(text)
    if not (yes or dry_run):
        confirm("contexts are", "deleted")
        _check_same(plan, session, patterns, prune)
    changes = delete_contexts(plan, session.view, session.writer(dry_run))
    report(changes, dry_run, deleted(plan))


def _check_same(plan: Deletion, session: Session, patterns: tuple[str, ...], prune: bool) -> None:
    """Somebody may have written while the question stood: what goes must be what was shown."""
    if plan_deletion(load_view(session.locations), patterns, prune=prune) != plan:
        raise Refused("the kubeconfig has changed meanwhile; nothing was deleted", "look again")
