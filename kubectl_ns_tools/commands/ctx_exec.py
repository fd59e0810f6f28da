"""kubectl ctx-exec: one command in several contexts."""

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

import click

from kubectl_ns_tools.commands.command_line import WithCommand
from kubectl_ns_tools.commands.help import heading
from kubectl_ns_tools.commands.isolated import isolated
from kubectl_ns_tools.commands.options import duration, kubeconfig_options, output_option
from kubectl_ns_tools.commands.protection import confirm_context_option, confirm_contexts
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.terminal import out, say
from kubectl_ns_tools.errors import ExitCode, Interrupted, NotFound
from kubectl_ns_tools.kubeconfig.config import load_config
from kubectl_ns_tools.kubeconfig.names import check_namespace
from kubectl_ns_tools.kubeconfig.patterns import matching

if TYPE_CHECKING:
    from kubectl_ns_tools.kubeconfig.isolation.crowd import Outcome, Task
    from kubectl_ns_tools.kubeconfig.isolation.isolation import Isolation

_CONTEXT = "KUBECTL_NS_TOOLS_CONTEXT"


@click.command("ctx-exec", cls=WithCommand)
@click.argument("patterns", nargs=-1, required=True, metavar="PATTERN...")
@heading("Command options")
@click.option("-n", "--namespace", metavar="NAME", help="The default namespace in each of the contexts.")
@click.option(
    "-j", "--jobs", type=click.IntRange(min=1), default=4, show_default=True, metavar="NUMBER",
    help="How many to run at the same time.",
)  # fmt: skip
@click.option(
    "--timeout", type=duration, metavar="DURATION", help="End a command that takes longer, like 30s."
)
@heading("Confirmation options")
@confirm_context_option
@heading("Output options")
@output_option("text", "json", "yaml")
@kubeconfig_options
def command(
    session: Session,
    *,
    patterns: tuple[str, ...],
    namespace: str | None,
    jobs: int,
    timeout: float | None,
    confirmed: tuple[str, ...],
    output: str,
    command: tuple[str, ...],
) -> int:
    """Run a command in each context that matches, several at a time.

    Examples:
      # In every context whose name begins with blue
      kubectl ctx-exec 'blue*' -- kubectl get nodes
      # For a program, and with an end
      kubectl ctx-exec '*' -o json --timeout 10s -- kubectl version
      # What needs a shell
      kubectl ctx-exec 'dev-*' -- sh -c 'kubectl get namespaces | wc -l'

    A PATTERN is a context's name or a glob. Each command sees its context as the current one, through a
    kubeconfig of its own, and finds its name in $KUBECTL_NS_TOOLS_CONTEXT; it has no terminal and no input.
    What it wrote is shown when it has ended, below a line that names the context: stdout on stdout, stderr
    on stderr. A summary on stderr comes last. The exit code is 0 if every command's was, else 1.

    A context that ~/.config/kubectl-ns-tools/config.yaml protects asks for its name, before anything runs.
    """
    contexts = matching(patterns, session.view.contexts)
    if namespace is not None:
        check_namespace(namespace)
    _check_program(command[0], session.environ.get("PATH"))
    confirm_contexts(load_config(session.environ), contexts, confirmed, f"run {command[0]} in it")
    with isolated(session) as isolation:
        tasks = [_task(isolation, session, each, namespace or "", command) for each in contexts]
        return _run(isolation, tasks, jobs, timeout, output)


def _check_program(name: str, path: str | None) -> None:
    import shutil

    if shutil.which(name, path=path) is None:
        raise NotFound(f"{name}: command not found", "the command stands after --, by its name or path")


def _task(
    isolation: "Isolation", session: Session, context: str, namespace: str, command: Sequence[str]
) -> "Task":
    from kubectl_ns_tools.kubeconfig.isolation.crowd import Task

    variables = {**isolation.overlay(context, namespace), _CONTEXT: context}
    return Task(context, command, {**session.environ, **variables}, isolation.scratch(), isolation.scratch())


def _run(
    isolation: "Isolation", tasks: Sequence["Task"], jobs: int, timeout: float | None, output: str
) -> int:
    from kubectl_ns_tools.kubeconfig.isolation.crowd import Crowd
    from kubectl_ns_tools.output.runs import summary

    crowd = Crowd(tasks, isolation.folder.descriptor, timeout)
    outcomes = []
    with closing(crowd.outcomes(jobs)) as coming:  # a reader that has enough ends what still runs
        for outcome in coming:
            outcomes.append(outcome)
            if output == "text":
                _show(outcome.task)
    if output != "text":
        out(_document(outcomes, output))
    say(summary(outcomes))
    if crowd.stopped_by:
        raise Interrupted(f"ended by {signal.Signals(crowd.stopped_by).name}")
    return ExitCode.FAILED if any(outcome.failed for outcome in outcomes) else ExitCode.OK


def _show(task: "Task") -> None:
    """What the command wrote, byte for byte, each stream below its label."""
    from kubectl_ns_tools.output.runs import label

    for path, err in ((task.stdout, False), (task.stderr, True)):
        last = b""
        for chunk in _chunks(path):
            if not last:
                click.echo(label(task.context, "stderr" if err else ""), err=err)
            click.echo(chunk, nl=False, err=err)
            last = chunk
        if last and not last.endswith(b"\n"):
            click.echo(err=err)


def _chunks(path: str) -> Iterator[bytes]:
    if not os.path.exists(path):  # the command was not started
        return
    with open(path, "rb") as file:
        while chunk := file.read(1 << 16):
            yield chunk
    os.unlink(path)


def _document(outcomes: Sequence["Outcome"], form: str) -> str:
    from kubectl_ns_tools.output.document import document_text
    from kubectl_ns_tools.output.runs import runs_document

    texts = {each.task.context: (_text(each.task.stdout), _text(each.task.stderr)) for each in outcomes}
    return document_text(runs_document(outcomes, texts), form)


def _text(path: str) -> str:
    return b"".join(_chunks(path)).decode(errors="replace")
