"""kubectl ns-template render"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from kubectl_ns_tools.commands.dry_runs import show_unasked
from kubectl_ns_tools.commands.help import heading
from kubectl_ns_tools.commands.options import cluster_options, output_option
from kubectl_ns_tools.commands.parameters import parameter_options
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.spelling import KubectlCommand
from kubectl_ns_tools.commands.templating import Templating
from kubectl_ns_tools.kubeconfig.names import check_namespace

if TYPE_CHECKING:
    from kubectl_ns_tools.templates.rendering.request import ParameterInput


@click.command("render", cls=KubectlCommand, short_help="Print the objects that a template makes.")
@click.argument("names", nargs=-1, metavar="[TEMPLATE]...")
@heading("Template options")
@click.option(
    "-t", "--template", "templates", multiple=True, metavar="TEMPLATE",
    help="The same as an argument, as ns-create has it; may be repeated.",
)  # fmt: skip
@click.option("-n", "--namespace", required=True, metavar="NAME", help="The name of the namespace to be.")
@parameter_options
@heading("Output options")
@output_option("yaml", "json", "name")
@cluster_options
def command(
    session: Session,
    *,
    names: Sequence[str],
    templates: Sequence[str],
    namespace: str,
    parameters: "ParameterInput",
    output: str,
) -> None:
    """Print the objects that a template makes for a namespace, parameters filled in. Nothing is created.

    Examples:
      # A built-in one
      kubectl ns-template render team -n blue -p ADMIN_GROUP=team-blue
      # Several that make one namespace
      kubectl ns-template render base.yaml istio.yaml -n blue -o json
      # What would differ from what is there? Exit code 1: something
      kubectl ns-template render web.yaml -n blue -p OWNER=jane | kubectl diff -f -

    A template is a name, a file, a folder, or - for stdin; several make one namespace. Nothing is created,
    and no cluster is needed: it is what kubectl ns-create --dry-run=client -o yaml gives.
    """
    from kubectl_ns_tools.templates.planning.provenance import Extras

    all_names = [*names, *templates]
    if not all_names:
        raise click.UsageError("Missing argument 'TEMPLATE'.")
    check_namespace(namespace)
    preparation = Templating(session, offline=True).prepare(all_names, (), parameters)
    show_unasked([preparation.request(namespace)], Extras(), output)
