"""Contexts of the user's kubeconfig that would point to nothing."""

import shlex
from collections.abc import Iterator

from kubectl_ns_tools.deletion.hazards.hazard import Effect, Hazard, Severity
from kubectl_ns_tools.deletion.hazards.scene import Scene


def contexts(scene: Scene) -> Iterator[Hazard]:
    for name, namespace in scene.contexts:
        if namespace == scene.name:
            yield Hazard(
                "contexts",
                Severity.INFO,
                Effect.NOTES,
                f'the context "{name}" of your kubeconfig has it as its default namespace',
                (f"context/{name}",),
                shlex.join(("kubectl", "ctx-set", name, "--unset", "namespace")),
            )
