"""kubectl ns-template capture"""

import click

from kubectl_ns_tools.commands.options import cluster_options, output_option
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.spelling import KubectlCommand
from kubectl_ns_tools.commands.terminal import warn
from kubectl_ns_tools.commands.writing import into_options, say_next_steps, write


@click.command("capture", cls=KubectlCommand, short_help="Make a template of a namespace that is there.")
@click.argument("namespace")
@click.option("--name", metavar="NAME", help="What the template calls itself. [the namespace's name]")
@into_options
@output_option("yaml", "json")
@cluster_options
def command(
    session: Session, *, namespace: str, name: str | None, into: str | None, force: bool, output: str
) -> None:
    """Make a template of the policy that a namespace has: quotas, limits, network policies, roles and more.

    Examples:
      # Look at it
      kubectl ns-template capture blue
      # Into a file, under another name
      kubectl ns-template capture blue --name team-blue --into team-blue.yaml
      # A namespace like another one
      kubectl ns-template capture blue | kubectl ns-create purple -t -

    Captured are quotas, limits, network policies, roles, bindings, service accounts, and the labels and
    annotations of the namespace, all without what the server and other tools have put on them. The numbers
    of quotas and the people in bindings become parameters, with what they are now as the default. Objects
    that a controller makes are left out, and so are workloads. No Secret is read.

    What you may not read is not captured, with a warning.
    """
    from kubectl_ns_tools.output.document import document_text
    from kubectl_ns_tools.templates.capturing.capture import capture
    from kubectl_ns_tools.templates.capturing.reading import read_live
    from kubectl_ns_tools.templates.library.starter import checked_name

    name = checked_name(name or namespace)
    captured = capture(read_live(session.connect(to_read=True), namespace), name)
    for warning in captured.warnings:
        warn(warning)
    text = captured.text if output == "yaml" else document_text(captured.template, "json") + "\n"
    if write(text, into, force) and into:
        say_next_steps(into)
