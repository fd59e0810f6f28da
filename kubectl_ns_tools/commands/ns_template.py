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

    Examples:
      # What there is, and what it asks for
      kubectl ns-template list
      kubectl ns-template show team
      # Make one of a namespace that is there
      kubectl ns-template capture blue --into blue.yaml

    A template is looked for by its name in the folders of $KUBECTL_NS_TOOLS_TEMPLATES, in
    ~/.config/kubectl-ns-tools/templates, among the published ones of the cluster, and among the built-in
    ones: ci, default, restricted, sandbox, team. What has a slash, or ends in .yaml, .yml or .json, is a
    file or a folder.

    More examples:
      # Write one, check it, give it to everybody
      kubectl ns-template new web --into new.yaml
      kubectl ns-template lint new.yaml
      kubectl ns-template publish new.yaml
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
