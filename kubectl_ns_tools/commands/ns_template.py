"""kubectl ns-template: the templates themselves; each of its commands is a module beside this one."""

import click

from kubectl_ns_tools.commands.groups import LateGroup
from kubectl_ns_tools.commands.options import group_options

MODULES = {
    name: f"{__name__}_{name}" for name in ("list", "show", "render", "new", "capture", "lint", "publish")
}


@click.command("ns-template", cls=LateGroup, modules=MODULES)
@group_options
@click.pass_context
def command(context: click.Context) -> None:
    """See, write, check and publish the templates that kubectl ns-create makes namespaces from.

    A template is looked for by its name in the folders of $KUBECTL_NS_TOOLS_TEMPLATES, in
    ~/.config/kubectl-ns-tools/templates, among the published ones of the cluster, and among the built-in
    ones: ci, default, restricted, sandbox, team. What has a slash, or ends in .yaml, .yml or .json, is a
    file or a folder.

    \b
    Examples:
      # What there is, and what it asks for
      kubectl ns-template list
      kubectl ns-template show team
      # Write one, or make one of a namespace that is there; check it; give it to everybody
      kubectl ns-template new web --into web.yaml
      kubectl ns-template capture blue --into blue.yaml
      kubectl ns-template lint web.yaml
      kubectl ns-template publish web.yaml
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
