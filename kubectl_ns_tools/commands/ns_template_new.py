"""kubectl ns-template new"""

import click

from kubectl_ns_tools.commands.options import plain_options
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.spelling import KubectlCommand
from kubectl_ns_tools.commands.writing import into_options, say_next_steps, write


@click.command("new", cls=KubectlCommand, short_help="Write the beginning of a template.")
@click.argument("name", default="mine")
@into_options
@plain_options
def command(session: Session, *, name: str, into: str | None, force: bool) -> None:
    """Write the beginning of a template: a small one that works, with a comment for everything there is.

    Examples:
      # Look at it
      kubectl ns-template new
      # Into a file
      kubectl ns-template new shop --into shop.yaml
      # And what it makes
      kubectl ns-template new shop | kubectl ns-template show -

    NAME is what the template calls itself, `mine` unless it is given. In ~/.config/kubectl-ns-tools/templates
    it is found by the name of its file.
    """
    from kubectl_ns_tools.templates.library.starter import starter

    if write(starter(name), into, force) and into:
        say_next_steps(into)
