"""Objects for tests, said in YAML or in one line."""

import json
from textwrap import dedent
from typing import Any

from kubectl_ns_tools.cluster.discovery import Discovery
from kubectl_ns_tools.cluster.resources import Resource
from kubectl_ns_tools.templates.expansion import Expansion, Source, expand
from kubectl_ns_tools.templates.kinds import BuiltinKinds
from kubectl_ns_tools.templates.objects import Manifest, read_objects
from kubectl_ns_tools.templates.plan import CreatePlan, plan_creation

FILE = "f.yaml"
PODS = Resource("", "v1", "pods", "Pod", True)
NAMESPACES = Resource("", "v1", "namespaces", "Namespace", False)
CONFIGMAPS = Resource("", "v1", "configmaps", "ConfigMap", True)
DEPLOYMENTS = Resource("apps", "v1", "deployments", "Deployment", True)
SERVED = Discovery((NAMESPACES, PODS, CONFIGMAPS, DEPLOYMENTS))


def objects(text: str) -> list[Manifest]:
    """The objects of a file called f.yaml."""
    return list(read_objects(dedent(text), FILE))


def expanded(text: str, namespace: str | None = "blue", *, plain: bool = True, **given: str) -> Expansion:
    """The template f.yaml with its parameters; plain=False: a file that is no template."""
    return expand([Source(dedent(text), FILE, expands=plain)], given, namespace)


def datas(expansion: Expansion) -> list[dict[str, Any]]:
    return [manifest.data for manifest in expansion.objects]


def planned(text: str, namespace: str = "blue", template: str = "") -> CreatePlan:
    """A plan made without a cluster."""
    found = objects(text)
    return plan_creation(found, BuiltinKinds(found), namespace, template)


class Template:
    """Template().parameter("A", value="1").object(kind="ConfigMap", …).text: a `kind: Template` as JSON."""

    def __init__(self, **fields: Any) -> None:
        self._value: dict[str, Any] = {
            "apiVersion": "template.openshift.io/v1",
            "kind": "Template",
            "metadata": {"name": "t"},
            **fields,
            "parameters": [],
            "objects": [],
        }

    def parameter(self, name: str, **fields: Any) -> "Template":
        self._value["parameters"].append({"name": name, **fields})
        return self

    def configmap(self, name: str, **fields: Any) -> "Template":
        metadata = {"name": name, **fields.pop("metadata", {})}
        return self.object({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, **fields})

    def object(self, value: dict[str, Any]) -> "Template":
        self._value["objects"].append(value)
        return self

    @property
    def text(self) -> str:
        return json.dumps(self._value, indent=1)
