"""A live namespace as a template."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kubectl_ns_tools.goyaml import dump
from kubectl_ns_tools.templates.capturing.cleaning import cleaned, left_out, pull_secrets, secret_annotations
from kubectl_ns_tools.templates.capturing.escaping import escaped
from kubectl_ns_tools.templates.capturing.parametrising import Parameters, parametrised
from kubectl_ns_tools.templates.capturing.reading import Live
from kubectl_ns_tools.templates.objects import Manifest

_HEADER = """\
# {name}: the policy that the namespace {namespace} had: quotas, limits, network policies, roles, bindings,
# service accounts, and the labels of the namespace itself. Its workloads and its secrets are not in it.
#
#   kubectl ns-create blue -t ./{name}.yaml
#
# The numbers of quotas and the people in bindings are parameters; what they were is their default.
"""


@dataclass(frozen=True)
class Captured:
    """template: the `kind: Template`; warnings: what is not in it, and what it needs and does not bring."""

    namespace: str
    template: dict[str, Any]
    warnings: tuple[str, ...]

    @property
    def text(self) -> str:
        """As YAML, with a comment that says what it is."""
        name = self.template["metadata"]["name"]
        return _HEADER.format(name=name, namespace=self.namespace) + dump(self.template)


def capture(live: Live, name: str) -> Captured:
    """The template with this name that makes a namespace like the live one."""
    parameters = Parameters()
    namespace = {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": live.name, **live.namespace.get("metadata", {})},
    }
    kept = [each for each in live.objects if left_out(each) is None]
    objects = [
        parametrised(escaped(cleaned(each), parameters.literal), live.name, parameters)
        for each in (namespace, *kept)
    ]
    metadata = {
        "name": name,
        "annotations": {"description": f"Captured from the namespace {live.name}."},
    }
    header = {"apiVersion": "template.openshift.io/v1", "kind": "Template", "metadata": metadata}
    declared = {"parameters": parameters.declared} if parameters.declared else {}
    return Captured(
        live.name,
        {**header, **declared, "objects": objects},
        tuple(_warnings(live, [namespace, *kept])),
    )


def _warnings(live: Live, kept: list[dict[str, Any]]) -> Iterator[str]:
    for error in live.unread:
        yield f"not captured: {error}"
    for each in live.objects:
        why = left_out(each)
        if why:
            yield f"{_reference(each)} is left out: {why}"
    for each in kept:
        for key in secret_annotations(each):
            yield f"{_reference(each)}: the annotation {key} is left out: it may be a secret"
        for secret in pull_secrets(each):
            yield f"{_reference(each)} pulls images with the secret {secret}, which is not captured"


def _reference(live: dict[str, Any]) -> str:
    return Manifest(live, "").reference
