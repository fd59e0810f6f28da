"""ns-create --dry-run: what would be created, without a cluster and with the server's word on it."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from kubectl_ns_tools.commands.terminal import out, say, warn
from kubectl_ns_tools.output.escape import escape
from kubectl_ns_tools.output.objects import objects_text

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection
    from kubectl_ns_tools.templates.objects import Manifest
    from kubectl_ns_tools.templates.planning.plan import CreatePlan
    from kubectl_ns_tools.templates.planning.planning import Planned
    from kubectl_ns_tools.templates.planning.provenance import Extras
    from kubectl_ns_tools.templates.rendering.request import Request


def show_unasked(requests: "Sequence[Request]", extras: "Extras", output: str) -> None:
    """--dry-run=client."""
    from kubectl_ns_tools.templates.planning.kinds import BuiltinKinds
    from kubectl_ns_tools.templates.planning.plan import plan_creation
    from kubectl_ns_tools.templates.planning.provenance import origin_stamp

    plans = []
    for request in requests:
        objects = request.expansion.objects
        kinds = BuiltinKinds(objects)
        plan = plan_creation(objects, kinds, request.namespace, origin_stamp(request.template, extras))
        say_left_out(request)
        for manifest in plan.objects:
            if kinds.namespaced(manifest) is None:
                say(
                    escape(f"{manifest.reference}: left as written, only a cluster knows if it is namespaced")
                )
        plans.append(plan)
    _warn_of_secrets(requests, output)
    _show(plans, output, asked=())


def rehearse_all(
    connection: "Connection",
    requests: "Sequence[Request]",
    planned: "Planned",
    output: str,
) -> None:
    """--dry-run=server."""
    from kubectl_ns_tools.templates.planning.rehearsal import rehearse, unchecked_lines

    asked: list[Manifest] = []
    for plan in planned.plans:
        rehearsal = rehearse(connection, plan, planned.kinds)
        asked += [each for each in plan.objects if each not in rehearsal.unchecked]
        for line in unchecked_lines(rehearsal):
            say(escape(line))
    _warn_of_secrets(requests, output)
    _show(planned.plans, output, asked)


def say_left_out(request: "Request") -> None:
    """Bindings that nobody would be bound by."""
    for left_out in request.expansion.left_out:
        verb = "are" if len(left_out.names) > 1 else "is"
        warn(f"{left_out.reference} is left out: {' and '.join(left_out.names)} {verb} empty")


def _show(plans: "Sequence[CreatePlan]", output: str, asked: "Collection[Manifest]") -> None:
    """asked: the objects that the server has validated; the words are kubectl's."""
    manifests = [manifest for plan in plans for manifest in plan.objects]
    if output in ("json", "yaml"):
        out(objects_text([manifest.data for manifest in manifests], output))
        return
    for manifest in manifests:
        mode = "server dry run" if manifest in asked else "dry run"
        out(escape(manifest.reference + ("" if output == "name" else f" created ({mode})")))


def _warn_of_secrets(requests: "Sequence[Request]", output: str) -> None:
    """What a dry run prints is to be edited and created, so the generated values are in it."""
    values = {name: value for request in requests for name, value in request.expansion.values.items()}
    secret = [name for name, value in values.items() if value.secret]
    if secret and output in ("json", "yaml"):
        warn(f"the output has the secret value of {', '.join(secret)} in it: keep it as you would the secret")
