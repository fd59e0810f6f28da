"""Pods that end late, or never: the node that would confirm their end is gone or silent."""

from collections.abc import Iterator, Mapping, Sequence
from shlex import quote
from typing import Any

from kubectl_ns_tools.deletion.clock import span
from kubectl_ns_tools.deletion.hazards.hazard import Effect, Hazard, Severity
from kubectl_ns_tools.deletion.hazards.scene import Scene
from kubectl_ns_tools.deletion.hazards.wording import doing, form, some

LONG = 300
_ENDED = ("Succeeded", "Failed")
_DEFAULT_GRACE = 30  # core/v1 DefaultTerminationGracePeriodSeconds
_OUT_OF_SERVICE = "node.kubernetes.io/out-of-service"

Object = Mapping[str, Any]


def check(scene: Scene) -> Iterator[Hazard]:
    """Grace periods first: they need no right to read nodes."""
    waited_for = [pod for pod in scene.here("pods") if _is_waited_for(pod)]
    if not waited_for:
        return
    yield _grace(waited_for)
    nodes = {node["metadata"]["name"]: node for node in scene.everywhere("nodes")}
    yield from _on_missing([pod for pod in waited_for if _node(pod) not in nodes])
    silent = {name for name, node in nodes.items() if not _is_ready(node)}
    yield from _on_silent(scene, [pod for pod in waited_for if _node(pod) in silent])


def pods_first(scene: Scene) -> str:
    """What a pod that does not go means for everything else: KEP-5080, on by default since 1.33."""
    return "; pods go first, nothing else is deleted before" if scene.server_version >= (1, 33) else ""


def _is_waited_for(pod: Object) -> bool:
    """Whether a kubelet has to confirm its end; others go at once (core/pod CheckGracefulDelete)."""
    return bool(_node(pod) and _period(pod) and pod["status"]["phase"] not in _ENDED)


def _node(pod: Object) -> str:
    return str(pod["spec"].get("nodeName") or "")


def _period(pod: Object) -> int:
    """A negative one counts as one second."""
    period = pod["spec"].get("terminationGracePeriodSeconds", _DEFAULT_GRACE)
    return 1 if period < 0 else int(period)


def _grace(pods: Sequence[Object]) -> Hazard:
    longest = max(map(_period, pods))
    names = [_label(pod) for pod in pods if _period(pod) == longest]
    return Hazard(
        "pods",
        Severity.WARNING if longest > LONG else Severity.INFO,
        Effect.DELAYS,
        f"{some(names)} may take up to {span(longest)} to end",
        tuple(names),
    )


def _is_ready(node: Object) -> bool:
    """A node that an administrator has given up counts: terminating pods of it are removed (podgc)."""
    if any(taint.get("key") == _OUT_OF_SERVICE for taint in (node.get("spec") or {}).get("taints") or ()):
        return True
    conditions = (node.get("status") or {}).get("conditions") or ()
    return any(found.get("type") == "Ready" and found.get("status") == "True" for found in conditions)


def _on_missing(pods: Sequence[Object]) -> Iterator[Hazard]:
    """The pod garbage collector removes such pods after a minute or so (podgc, gcOrphaned)."""
    if pods:
        names, nodes = _names(pods)
        yield Hazard(
            "pods",
            Severity.WARNING,
            Effect.DELAYS,
            f"{doing(names, 'is', 'are')} on {some(nodes)}, which {form(nodes, 'does', 'do')} not exist: "
            f"{form(names, 'it goes', 'they go')} when the pod garbage collector removes "
            f"{form(names, 'it', 'them')}",
            tuple(names),
        )


def _on_silent(scene: Scene, pods: Sequence[Object]) -> Iterator[Hazard]:
    if pods:
        names, nodes = _names(pods)
        pod = quote(pods[0]["metadata"]["name"])
        yield Hazard(
            "pods",
            Severity.DANGER,
            Effect.BLOCKS,
            f"{doing(names, 'is', 'are')} on {some(nodes)}, which {form(nodes, 'is', 'are')} not "
            f"ready: nobody confirms the end of {form(names, 'the pod', 'the pods')}{pods_first(scene)}",
            tuple(names),
            f"where the node is gone for good: kubectl delete pod {pod} -n {quote(scene.name)} --force "
            "--grace-period=0",
        )


def _names(pods: Sequence[Object]) -> tuple[list[str], list[str]]:
    nodes = dict.fromkeys(f"node/{_node(pod)}" for pod in pods)
    return [_label(pod) for pod in pods], list(nodes)


def _label(pod: Object) -> str:
    return f"pod/{pod['metadata']['name']}"
