"""kubectl ns-tools doctor"""

import contextlib
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from kubectl_ns_tools.commands.options import cluster_options, output_option
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.spelling import KubectlCommand
from kubectl_ns_tools.commands.terminal import out, say
from kubectl_ns_tools.errors import ExitCode, NotFound, NsToolsError

if TYPE_CHECKING:
    from kubectl_ns_tools.output.doctor import Finding

_PATIENCE = 3.0  # seconds for an answer of the cluster, or of a credential plugin


@click.command("doctor", cls=KubectlCommand, short_help="Say what is not set up well, and the remedy.")
@output_option("text", "json", "yaml")
@cluster_options
@click.pass_obj
def command(commands: Sequence[str], session: Session, *, output: str) -> int:
    """Say what is well and what is not, each on a line with its remedy: commands, kubectl, kubeconfig,
    settings, cluster, rights, completion.

    Examples:
      # All of it
      kubectl ns-tools doctor
      # With another cluster
      kubectl ns-tools doctor --context blue@kubernetes
      # For a program
      kubectl ns-tools doctor -o json

    Looked at are: which of our commands kubectl finds, of which version, and what hides them; the kubectl
    itself; the kubeconfig files, as by kubectl ctx-lint, and locks that were left behind; config.yaml and
    the state folder; whether the cluster answers (within 3 s, or --request-timeout), knows you, and lets you
    do what ns-list, ns-create, ns-delete and ns-switch need; whether completion is set up. Nothing is
    changed.

    The exit code is 1 when there is an error, else 0.
    """
    from kubectl_ns_tools.output.doctor import Level, render_checks, summary

    session.is_quiet = True
    findings = list(_findings(session, commands))
    out(render_checks(findings, output))
    if output == "text":
        say(summary(findings))
    return ExitCode.FAILED if any(each.level is Level.ERROR for each in findings) else ExitCode.OK


def _findings(session: Session, commands: Sequence[str]) -> "Iterator[Finding]":
    from kubectl_ns_tools.commands.doctor.completion import completion_findings
    from kubectl_ns_tools.commands.doctor.files import settings_findings, state_findings
    from kubectl_ns_tools.commands.doctor.kubectl import kubectl_findings

    yield from _command_findings(session, commands)
    of_kubectl, release = kubectl_findings(session.environ)
    yield from of_kubectl
    yield from completion_findings(commands, session.environ)
    yield from _kubeconfig_findings(session)
    yield from settings_findings(session.environ)
    yield from state_findings(session.environ)
    yield from _cluster_findings(session, release)


def _command_findings(session: Session, commands: Sequence[str]) -> "Iterator[Finding]":
    from kubectl_ns_tools.commands.doctor.plugins import folders_of, look, plugin_findings
    from kubectl_ns_tools.commands.doctor.rivals import rival_findings

    folders = folders_of(session.environ)
    found = look(commands, folders)
    yield from plugin_findings(found, session.environ)
    yield from rival_findings(found, folders)


def _kubeconfig_findings(session: Session) -> "Iterator[Finding]":
    from kubectl_ns_tools.commands.doctor.files import current_findings, kubeconfig_findings, lock_findings
    from kubectl_ns_tools.deletion.clock import now

    yield from kubeconfig_findings(session.locations, session.environ, now())
    yield from lock_findings(session.locations, time.time())
    with contextlib.suppress(NsToolsError):  # a file that cannot be read is among the findings already
        yield from current_findings(session.view, session.context)


def _cluster_findings(session: Session, release: tuple[int, int] | None) -> "Iterator[Finding]":
    from kubectl_ns_tools.commands.doctor.cluster import cluster_findings
    from kubectl_ns_tools.output.doctor import error, warning

    session.request_timeout = session.request_timeout or _PATIENCE
    session.plugin_patience = session.request_timeout
    try:
        connection = session.connect(to_read=True)
    except NotFound as failed:
        yield warning(
            "cluster", f"not asked: {failed.message}", "choose a context that is there: kubectl ctx-switch"
        )
        return
    except NsToolsError as failed:
        yield error("cluster", failed.message, failed.hint or "kubectl ctx-lint -o wide")
        return
    yield from cluster_findings(connection, release)
