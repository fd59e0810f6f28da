"""kubectl ns-create: a namespace with everything that a template or a file puts into it, or nothing."""

import math
import sys
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from kubectl_ns_tools.commands.options import cluster_options, dry_run_option, duration, output_option
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.spelling import KubectlCommand
from kubectl_ns_tools.commands.terminal import out, say, warn
from kubectl_ns_tools.kubeconfig.names import check_namespace
from kubectl_ns_tools.output.escape import escape

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection
    from kubectl_ns_tools.templates.check import ServedKinds
    from kubectl_ns_tools.templates.objects import Manifest
    from kubectl_ns_tools.templates.plan import CreatePlan
    from kubectl_ns_tools.templates.request import Request


@click.command("ns-create", cls=KubectlCommand)
@click.argument("name", required=False)
@click.option(
    "-t",
    "--template",
    metavar="TEMPLATE",
    help="A built-in (default, team, restricted), a file, or - for stdin. [default, unless -f is given]",
)
@click.option(
    "-p",
    "--param",
    "assignments",
    multiple=True,
    metavar="KEY=VALUE",
    help="A parameter of the template; may be repeated.",
)
@click.option(
    "-f",
    "--filename",
    "files",
    multiple=True,
    metavar="FILE",
    help="A file of objects, such as an edited dry run, or - for stdin; may be repeated.",
)
@dry_run_option
@click.option(
    "--timeout",
    type=duration,
    default="30s",
    show_default=True,
    metavar="DURATION",
    help="How long to wait until pods are admitted; 0 waits for ever.",
)
@output_option("text", "name", "json", "yaml")
@cluster_options
def command(
    session: Session,
    *,
    name: str | None,
    template: str | None,
    assignments: Sequence[str],
    files: Sequence[str],
    dry_run: str,
    timeout: float,
    output: str,
) -> None:
    """Create a namespace from a template, or from a file of objects.

    All that the template has is created with it, in the right order, and the command waits until the first
    pod would be admitted. If one object fails, or on Ctrl-C, what was created is removed again.

    NAME may be left out when a file has a Namespace object. A file may be plain YAML or JSON, or an OpenShift
    Template; ${NAMESPACE} in a template stands for the name.

    \b
    Examples:
      # A bare namespace
      kubectl ns-create blue
      # With quota, limits and network policies, and an admin
      kubectl ns-create blue -t team -p ADMIN_GROUP=team-blue
      # Have the YAML first, edit it, create from it
      kubectl ns-create orange --dry-run=client -o yaml > orange.yaml
      kubectl ns-create -f orange.yaml
    """
    from kubectl_ns_tools.templates.request import read_request

    if name is None and not files:
        raise click.UsageError("Missing argument 'NAME'.")
    if name is not None:
        check_namespace(name)
    request = read_request(
        name, template=template, files=files, assignments=assignments, read_stdin=_read_stdin
    )
    check_namespace(request.namespace)
    if dry_run == "client":
        _show_unasked(request, output)
    elif dry_run == "server":
        _rehearse(session.connect(), request, output)
    else:
        deadline = time.monotonic() + timeout if timeout else math.inf
        _create(session.connect(), request, output, deadline)


def _read_stdin() -> str:
    from kubectl_ns_tools.templates.find import decoded

    return decoded(sys.stdin.buffer.read(), "STDIN")


def _show_unasked(request: "Request", output: str) -> None:
    from kubectl_ns_tools.templates.kinds import BuiltinKinds
    from kubectl_ns_tools.templates.plan import plan_creation

    objects = request.expansion.objects
    kinds = BuiltinKinds(objects)
    plan = plan_creation(objects, kinds, request.namespace, request.template)
    _say_left_out(request)
    for manifest in plan.objects:
        if kinds.namespaced(manifest) is None:
            say(escape(f"{manifest.reference}: left as written, only a cluster knows if it is namespaced"))
    _show(plan, output, asked=())


def _rehearse(connection: "Connection", request: "Request", output: str) -> None:
    from kubectl_ns_tools.templates.rehearsal import rehearse, unchecked_lines

    plan, kinds = _plan(connection, request)
    try:
        rehearsal = rehearse(connection, plan, kinds)
    finally:
        _warn_all(connection.warnings)
    for line in unchecked_lines(rehearsal):
        say(escape(line))
    _show(plan, output, asked=[each for each in plan.objects if each not in rehearsal.unchecked])


def _create(connection: "Connection", request: "Request", output: str, deadline: float) -> None:
    from kubectl_ns_tools.templates.creation import Created, Listener, create

    plan, kinds = _plan(connection, request)
    results: list[Created] = []

    def report(result: Created) -> None:
        results.append(result)
        if output == "text":
            done = "created" if result.created else "serverside-applied"
            out(escape(f"{result.manifest.reference} {done}"))

    try:
        unchecked = create(connection, plan, kinds, deadline=deadline, listener=Listener(report, say))
    finally:
        _warn_all(connection.warnings)
    _warn_all(unchecked)
    if output == "name":
        out("\n".join(escape(result.manifest.reference) for result in results))
    elif output != "text":
        out(_text([_shown(result.object) for result in results], output))
    for message in request.expansion.messages:
        say("\n".join(escape(line) for line in message.splitlines()))


def _plan(connection: "Connection", request: "Request") -> "tuple[CreatePlan, ServedKinds]":
    from kubectl_ns_tools.cluster.discovery import discover
    from kubectl_ns_tools.templates.check import ServedKinds
    from kubectl_ns_tools.templates.plan import plan_creation

    objects = request.expansion.objects
    kinds = ServedKinds(discover(connection), objects)
    plan = plan_creation(objects, kinds, request.namespace, request.template)
    _say_left_out(request)
    return plan, kinds


def _show(plan: "CreatePlan", output: str, asked: "Collection[Manifest]") -> None:
    """asked: the objects that the server has validated; the words are kubectl's."""
    if output in ("json", "yaml"):
        out(_text([manifest.data for manifest in plan.objects], output))
        return
    for manifest in plan.objects:
        mode = "server dry run" if manifest in asked else "dry run"
        out(escape(manifest.reference + ("" if output == "name" else f" created ({mode})")))


def _text(objects: Sequence[Mapping[str, Any]], output: str) -> str:
    """A List in JSON, several documents in YAML: what kubectl reads back in the order given."""
    if output == "json":
        from kubectl_ns_tools.output.document import document_text

        return document_text({"apiVersion": "v1", "kind": "List", "items": list(objects)}, "json")
    from kubectl_ns_tools.goyaml import dump_all

    return dump_all(objects).rstrip("\n")


def _shown(live: Mapping[str, Any]) -> dict[str, Any]:
    """Without managedFields, as kubectl shows objects."""
    metadata = {key: value for key, value in live["metadata"].items() if key != "managedFields"}
    return {**live, "metadata": metadata}


def _say_left_out(request: "Request") -> None:
    for left_out in request.expansion.left_out:
        verb = "are" if len(left_out.names) > 1 else "is"
        warn(f"{left_out.reference} is left out: {' and '.join(left_out.names)} {verb} empty")


def _warn_all(texts: Iterable[str]) -> None:
    for text in texts:
        warn(text)
