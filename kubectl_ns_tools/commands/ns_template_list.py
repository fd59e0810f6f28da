"""kubectl ns-template list"""

import click

from kubectl_ns_tools.commands.options import cluster_options, output_option
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.spelling import KubectlCommand
from kubectl_ns_tools.commands.templating import Templating
from kubectl_ns_tools.commands.terminal import out, out_names


@click.command("list", cls=KubectlCommand, short_help="List the templates that there are.")
@output_option("table", "wide", "name", "json", "yaml")
@cluster_options
def command(session: Session, *, output: str) -> None:
    """List the templates: those of your folders, the published ones of the cluster, the built-in ones.

    Examples:
      # What there is
      kubectl ns-template list
      # With the parameters of each
      kubectl ns-template list -o wide
      # The names alone
      kubectl ns-template list -o name

    Of several with the same name the first one counts; the others are shown with what hides them. One that
    cannot be read is shown with its problem. In -o wide a star marks the parameters that have to be given.

    Without a cluster the others are listed, with a warning.
    """
    from kubectl_ns_tools.output.templates import render_templates

    templating = Templating(session, offline=True)
    infos = templating.library.templates()
    templating.warn_of_trouble()
    if output == "name":
        out_names(dict.fromkeys(info.name for info in infos))
    else:
        out(render_templates(infos, output))
