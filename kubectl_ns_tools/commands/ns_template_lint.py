"""kubectl ns-template lint"""

from collections.abc import Sequence

import click

from kubectl_ns_tools.commands.linting import lint_all
from kubectl_ns_tools.commands.options import cluster_options, output_option
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.spelling import KubectlCommand
from kubectl_ns_tools.commands.templating import Templating
from kubectl_ns_tools.commands.terminal import out, say
from kubectl_ns_tools.errors import ExitCode


@click.command("lint", cls=KubectlCommand, short_help="Look for what is wrong with templates.")
@click.argument("names", nargs=-1, required=True, metavar="TEMPLATE...")
@click.option("--offline", is_flag=True, help="Ask no cluster: kinds, versions and fields are not checked.")
@output_option("table", "json", "yaml")
@cluster_options
def command(session: Session, *, names: Sequence[str], offline: bool, output: str) -> int:
    """Look for what is wrong with templates before a namespace is made of them.

    Examples:
      # A file
      kubectl ns-template lint web.yaml
      # By their names
      kubectl ns-template lint team restricted
      # In a pipeline, without a cluster
      kubectl ns-template lint --offline -o json ./templates/*.yaml

    Each TEMPLATE is a name, a file, a folder, or - for stdin. Found are a quota that refuses every pod, as no
    LimitRange has defaults; a closed network without DNS; labels for Pod Security that do nothing; names and
    labels that a server refuses; parameters that are unused, not declared, or break their own checks; and
    what this cluster does not serve: kinds, versions, fields. Parameters stand for their defaults.

    The exit code is 1 when there is an error or a warning, else 0.
    """
    from kubectl_ns_tools.output.template_findings import lint_summary, render_report

    templating = Templating(session, offline=True, alone=offline)
    report = lint_all(templating, [templating.find(name)[1] for name in dict.fromkeys(names)])
    text = render_report(report, output)
    if text:
        out(text)
    if output == "table":
        say(lint_summary(report.findings))
    return ExitCode.OK if report.is_clean else ExitCode.FAILED
