"""kubectl ctx-lint"""

from typing import TYPE_CHECKING

import click

from kubectl_ns_tools.commands.confirmation import confirm
from kubectl_ns_tools.commands.edits import report, show_diff
from kubectl_ns_tools.commands.options import kubeconfig_options, output_option, preview_option, yes_option
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.spelling import KubectlCommand
from kubectl_ns_tools.commands.terminal import out, say
from kubectl_ns_tools.errors import ExitCode
from kubectl_ns_tools.output.findings import fixes_text, render_findings, summary

if TYPE_CHECKING:
    from kubectl_ns_tools.kubeconfig.linting.findings import Finding
    from kubectl_ns_tools.kubeconfig.linting.fixing import Fixes


@click.command("ctx-lint", cls=KubectlCommand)
@click.option("--fix", "fixes", is_flag=True, help="Mend what can be mended surely, after showing it.")
@yes_option
@output_option("table", "wide", "name", "json", "yaml")
@preview_option
@kubeconfig_options
def command(session: Session, *, fixes: bool, yes: bool, output: str, dry_run: bool) -> int:
    """Look for what is wrong in the kubeconfigs: what kubectl would refuse, what leads nowhere, certificates
    that have expired, files that others can read. No cluster is asked.

    Examples:
      # What is wrong
      kubectl ctx-lint
      # And what to do about each
      kubectl ctx-lint -o wide
      # What would be mended without asking anybody
      kubectl ctx-lint --fix --dry-run

    --fix puts quotes around names that kubectl takes for numbers, removes what is there twice and the same,
    takes blanks out of base64, and takes a file's permissions from group and others. It shows the difference
    first; kubectl ctx-undo brings everything back but the permissions.

    The exit code is 1 when there is an error or a warning (after --fix: one that is left), else 0.
    """
    if (yes or dry_run) and not fixes:
        raise click.UsageError("--yes and --dry-run belong to --fix")
    if fixes:
        _fix(session, yes=yes, dry_run=dry_run)
    findings = _check(session)
    if not dry_run:
        _show(findings, output)
    return ExitCode.FAILED if any(each.severity.value != "info" for each in findings) else ExitCode.OK


def _check(session: Session) -> "list[Finding]":
    from kubectl_ns_tools.deletion.clock import now
    from kubectl_ns_tools.kubeconfig.linting.check import check

    return check(session.locations, session.environ, now())


def _show(findings: "list[Finding]", output: str) -> None:
    text = render_findings(findings, output)
    if text:
        out(text)
    if output in ("table", "wide"):
        say(summary(findings))


def _fix(session: Session, *, yes: bool, dry_run: bool) -> None:
    from kubectl_ns_tools.kubeconfig.linting.fixing import fix, plan_fixes

    plan = plan_fixes(session.locations)
    if not plan:
        say("There is nothing to be mended surely.")
    elif dry_run:
        report(plan.changes, True, "")
        _tell(plan)
    else:
        show_diff(plan.changes)
        _tell(plan)
        if not yes:
            confirm("kubeconfigs are", "mended")
        fix(plan, session.writer())
        say("Mended.")


def _tell(plan: "Fixes") -> None:
    for line in fixes_text(plan):
        say(line)
