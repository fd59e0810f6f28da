"""kubectl ns-tools: the suite's own command; each of its commands is a module beside this one."""

import click

from kubectl_ns_tools.commands.groups import LateGroup
from kubectl_ns_tools.commands.options import group_options

MODULES = {name: f"{__name__}_{name}" for name in ("doctor", "completion", "config", "version")}


@click.command("ns-tools", cls=LateGroup, modules=MODULES)
@group_options
@click.pass_context
def command(context: click.Context) -> None:
    """See whether these plugins are set up well: commands, kubeconfig, cluster, rights, completion.

    Examples:
      # What is wrong, and what to do about it
      kubectl ns-tools doctor
      # Have Tab complete contexts, namespaces and flags
      kubectl ns-tools completion install
      # What is in effect, and where each setting comes from
      kubectl ns-tools config
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
