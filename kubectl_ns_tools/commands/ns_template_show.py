"""kubectl ns-template show"""

import click

from kubectl_ns_tools.commands.options import cluster_options, output_option
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.spelling import KubectlCommand
from kubectl_ns_tools.commands.templating import Templating
from kubectl_ns_tools.commands.terminal import out, out_lines, warn


@click.command("show", cls=KubectlCommand, short_help="Show the parameters and objects of a template.")
@click.argument("name")
@output_option("text", "yaml", "json")
@cluster_options
def command(session: Session, *, name: str, output: str) -> None:
    """Show what a template is for, which parameters it has, and which objects it makes.

    Examples:
      # A built-in one
      kubectl ns-template show team
      # As it is written: the beginning of one of your own
      kubectl ns-template show team -o yaml > mine.yaml
      # A file
      kubectl ns-template show ./web.yaml

    NAME is the name of a template, a file, a folder, or - for stdin. -o yaml gives the template itself, as it
    is written: the beginning of one of your own.
    """
    from kubectl_ns_tools.output.template import as_json, as_written, documentation
    from kubectl_ns_tools.templates.library.draft import read_draft
    from kubectl_ns_tools.templates.library.library import described

    info, sources = Templating(session, offline=True).find(name)
    if output == "yaml":
        out_lines(as_written(sources))
        return
    draft = read_draft(sources)
    if output == "json":
        out(as_json(draft))
        return
    out(documentation(described(sources, info), draft))
    for problem in draft.problems:
        warn(problem)
