"""kubectl ctx-rename"""

import click

from kubectl_ns_tools.commands.edits import report
from kubectl_ns_tools.commands.options import kubeconfig_options, preview_option
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.spelling import KubectlCommand
from kubectl_ns_tools.commands.terminal import warn
from kubectl_ns_tools.kubeconfig.renaming import plan_renaming, rename_context
from kubectl_ns_tools.kubeconfig.undo.history import rename_in_histories
from kubectl_ns_tools.output.escape import escape


@click.command("ctx-rename", cls=KubectlCommand)
@click.argument("old")
@click.argument("new")
@preview_option
@kubeconfig_options
def command(session: Session, old: str, new: str, dry_run: bool) -> None:
    """Give a context another name, in its place and with its comments.

    Examples:
      # A short name
      kubectl ctx-rename arn:aws:eks:eu-west-1:123456789012:cluster/blue blue
      # See what would change
      kubectl ctx-rename blue@kubernetes green --dry-run
      # In another file than the one in use
      kubectl ctx-rename kubernetes-admin@kubernetes green --kubeconfig admin.conf

    Only its name changes in the file: the entry keeps its place and its comments. current-context follows,
    and so does what `ctx-switch -` goes back to, in every shell. A name that is taken is refused.
    """
    plan = plan_renaming(session.view, old, new)
    changes = rename_context(plan, session.view, session.writer(dry_run))
    if not dry_run:
        rename_in_histories(session.environ, plan.path, old, new)
    if plan.uncovered:
        warn(f'there is still a context "{old}": the one of {plan.uncovered}, hidden until now')
    report(changes, dry_run, f'Context "{escape(old)}" renamed to "{escape(new)}".')
