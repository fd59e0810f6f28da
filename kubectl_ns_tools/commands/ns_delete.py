"""kubectl ns-delete: show all that goes with a namespace, ask, delete exactly it, follow it to its end."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import click

from kubectl_ns_tools.commands.options import (
    cluster_options,
    dry_run_option,
    duration,
    output_option,
    yes_option,
)
from kubectl_ns_tools.commands.protection import confirm_context_option, confirm_contexts
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.spelling import KubectlCommand
from kubectl_ns_tools.commands.status_line import StatusLine
from kubectl_ns_tools.commands.terminal import ask, is_interactive, out, say, warn
from kubectl_ns_tools.errors import Interrupted, NotFound, Refused
from kubectl_ns_tools.kubeconfig.config import Config, load_config
from kubectl_ns_tools.kubeconfig.names import check_namespace
from kubectl_ns_tools.output.escape import escape

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection
    from kubectl_ns_tools.deletion.plan import DeletionPlan


@click.command("ns-delete", cls=KubectlCommand)
@click.argument("name")
@dry_run_option
@yes_option
@confirm_context_option
@click.option(
    "--timeout",
    type=duration,
    default="5m",
    show_default=True,
    metavar="DURATION",
    help="How long to wait until the namespace is gone; 0 waits for ever.",
)
@click.option("--wait/--no-wait", default=True, help="Whether to wait until the namespace is gone. [wait]")
@output_option("table", "wide", "name", "json", "yaml")
@cluster_options
def command(
    session: Session,
    *,
    name: str,
    dry_run: str,
    yes: bool,
    confirmed: tuple[str, ...],
    timeout: float,
    wait: bool,
    output: str,
) -> None:
    """Delete a namespace after showing everything that goes with it.

    Lists every object of every kind in the namespace, custom resources too, as a tree by owner; says what it
    could not see; asks for the name to be typed; deletes that namespace and no other of the same name; and
    shows progress until it is gone. default, kube-system, kube-public and kube-node-lease are refused.

    In a context that ~/.config/kubectl-ns-tools/config.yaml protects, its name is to be typed too, whatever
    --yes says.

    \b
    Examples:
      # See what would go, and stop there
      kubectl ns-delete blue --dry-run
      # The same for a program: one kind.group/name per line
      kubectl ns-delete blue --dry-run -o name
      # Delete in a script, waiting ten minutes at most
      kubectl ns-delete blue --yes --timeout 10m
    """
    from kubectl_ns_tools.deletion.preview import preview

    check_namespace(name)
    config = load_config(session.environ)
    connection = session.connect()
    plan = preview(connection, name, context=_context(session))
    if dry_run == "none":
        confirm = partial(_confirm, plan, config, yes=yes, confirmed=confirmed)
        _delete(connection, plan, confirm=confirm, timeout=timeout if wait else None, output=output)
    else:
        _show(connection, plan, output=output, ask_server=dry_run == "server")


def _context(session: Session) -> str:
    """For the header; a pod without a kubeconfig has a cluster, but no context."""
    try:
        return session.context_name
    except NotFound:
        return "in-cluster"


def _show(connection: "Connection", plan: "DeletionPlan", *, output: str, ask_server: bool) -> None:
    from kubectl_ns_tools.deletion.execution import delete

    out(_preview_text(plan, output))
    if output == "name" and plan.unseen:
        warn(f"not visible, but deleted too: {', '.join(gap.what for gap in plan.unseen)}")
    if ask_server:
        _warn_all(delete(connection, plan, dry_run=True))
        say(f'namespace "{escape(plan.namespace)}" deleted (server dry run)')


def _delete(
    connection: "Connection",
    plan: "DeletionPlan",
    *,
    confirm: Callable[[], None],
    timeout: float | None,
    output: str,
) -> None:
    """confirm: raises unless the person wants it; timeout: None does not wait, 0 waits for ever."""
    from kubectl_ns_tools.deletion.execution import delete

    say(_preview_text(plan, "wide" if output == "wide" else "table"))
    say("")
    if plan.terminating:
        say(f'namespace "{escape(plan.namespace)}" is being deleted already')
    else:
        confirm()
        with _interruption(plan, "the deletion may have begun, and then goes on in the server"):
            _warn_all(delete(connection, plan))
    if timeout is not None:
        with _interruption(plan, "the deletion goes on in the server"):
            _follow(connection, plan, timeout or None)
    out(_result_text(plan, output))


def _confirm(plan: "DeletionPlan", config: Config, *, yes: bool, confirmed: tuple[str, ...]) -> None:
    confirm_contexts(config, [plan.context], confirmed, f"delete namespace {plan.namespace} in it")
    if yes:
        return
    if not is_interactive():
        raise Refused(
            f'namespace "{plan.namespace}" is not deleted unconfirmed, and there is no terminal to ask on',
            "look with --dry-run, then pass --yes",
        )
    typed = ask(f"Type the name of the namespace to delete all of this ({escape(plan.namespace)}):")
    if typed != plan.namespace:
        raise Refused(f'the typed name is not "{plan.namespace}"; nothing was deleted')


def _follow(connection: "Connection", plan: "DeletionPlan", timeout: float | None) -> None:
    from kubectl_ns_tools.deletion.progress import State, follow
    from kubectl_ns_tools.output.progress import progress_line

    with StatusLine() as line:
        for progress in follow(connection, plan, timeout=timeout):
            if not progress.ended:
                line.show(progress_line(plan.namespace, progress))
    if progress.state is State.RECREATED:
        warn(progress_line(plan.namespace, progress))


def _warn_all(texts: Iterable[str]) -> None:
    for text in texts:
        warn(text)


@contextmanager
def _interruption(plan: "DeletionPlan", consequence: str) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt as error:
        hint = f"kubectl ns-status {plan.namespace} shows how it stands"
        raise Interrupted(f"interrupted; {consequence}", hint) from error


def _preview_text(plan: "DeletionPlan", output: str) -> str:
    from kubectl_ns_tools.deletion.clock import now
    from kubectl_ns_tools.output.document import document_text
    from kubectl_ns_tools.output.plan import plan_document, plan_names, plan_text

    if output == "name":
        return plan_names(plan)
    if output in ("json", "yaml"):
        return document_text(plan_document(plan), output)
    return plan_text(plan, now(), everything=output == "wide")


def _result_text(plan: "DeletionPlan", output: str) -> str:
    """kubectl's words; a program that asked for data gets what was deleted."""
    if output == "name":
        return escape(f"namespace/{plan.namespace}")
    if output in ("json", "yaml"):
        return _preview_text(plan, output)
    return f'namespace "{escape(plan.namespace)}" deleted'
