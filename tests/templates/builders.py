"""Objects for tests, said in YAML or in one line."""

import json
from collections.abc import Callable
from datetime import datetime, timezone
from textwrap import dedent
from typing import Any

import pytest

from kubectl_ns_tools.cluster.discovery import Discovery
from kubectl_ns_tools.cluster.resources import Resource
from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.templates.library.draft import Source, read_draft
from kubectl_ns_tools.templates.objects import Manifest, read_objects
from kubectl_ns_tools.templates.parameters.filled import Surroundings
from kubectl_ns_tools.templates.parameters.given import parse_assignments
from kubectl_ns_tools.templates.planning.kinds import BuiltinKinds
from kubectl_ns_tools.templates.planning.plan import CreatePlan, plan_creation
from kubectl_ns_tools.templates.planning.provenance import origin_stamp
from kubectl_ns_tools.templates.rendering.expansion import Expansion, expand

FILE = "f.yaml"
PODS = Resource("", "v1", "pods", "Pod", True)
NAMESPACES = Resource("", "v1", "namespaces", "Namespace", False)
CONFIGMAPS = Resource("", "v1", "configmaps", "ConfigMap", True)
DEPLOYMENTS = Resource("apps", "v1", "deployments", "Deployment", True)
SERVED = Discovery((NAMESPACES, PODS, CONFIGMAPS, DEPLOYMENTS))

# What `oc adm create-bootstrap-project-template` prints.
PROJECT_REQUEST = """\
    apiVersion: template.openshift.io/v1
    kind: Template
    metadata:
      creationTimestamp: null
      name: project-request
    objects:
    - apiVersion: project.openshift.io/v1
      kind: Project
      metadata:
        annotations:
          openshift.io/description: ${PROJECT_DESCRIPTION}
          openshift.io/display-name: ${PROJECT_DISPLAYNAME}
          openshift.io/requester: ${PROJECT_REQUESTING_USER}
        creationTimestamp: null
        name: ${PROJECT_NAME}
      spec: {}
      status: {}
    - apiVersion: rbac.authorization.k8s.io/v1
      kind: RoleBinding
      metadata:
        creationTimestamp: null
        name: admin
        namespace: ${PROJECT_NAME}
      roleRef:
        apiGroup: rbac.authorization.k8s.io
        kind: ClusterRole
        name: admin
      subjects:
      - apiGroup: rbac.authorization.k8s.io
        kind: User
        name: ${PROJECT_ADMIN_USER}
    parameters:
    - name: PROJECT_NAME
    - name: PROJECT_DISPLAYNAME
    - name: PROJECT_DESCRIPTION
    - name: PROJECT_ADMIN_USER
    - name: PROJECT_REQUESTING_USER
"""


def objects(text: str) -> list[Manifest]:
    """The objects of a file called f.yaml."""
    return list(read_objects(dedent(text), FILE))


AT = datetime(2026, 3, 1, 23, 30, tzinfo=timezone.utc)


def surroundings(requester: str | Exception = "anna", context: str | Exception = "prod") -> Surroundings:
    """At 2026-03-01T23:30:00Z; an exception is raised when the value is asked for."""

    def known(value: str | Exception) -> Callable[[], str]:
        def tell() -> str:
            if isinstance(value, Exception):
                raise value
            return value

        return tell

    return Surroundings(AT, known(context), known(requester))


def expand_all(
    *texts: str,
    namespace: str | None = "blue",
    where: Surroundings | None = None,
    plain: bool = True,
    **given: str,
) -> Expansion:
    """The templates f.yaml, 2.yaml, 3.yaml… with their parameters; plain=False: files that are none."""
    names = [FILE, *(f"{number}.yaml" for number in range(2, len(texts) + 1))]
    sources = [Source(dedent(text), name, expands=plain) for text, name in zip(texts, names, strict=True)]
    values = parse_assignments(f"{name}={value}" for name, value in given.items())
    return expand(read_draft(sources), values, where or surroundings(), namespace)


def expanded(text: str, namespace: str | None = "blue", *, plain: bool = True, **given: str) -> Expansion:
    """The template f.yaml with its parameters; plain=False: a file that is no template."""
    return expand_all(text, namespace=namespace, plain=plain, **given)


def problems_of_all(*texts: str, **options: Any) -> list[str]:
    """What is wrong with the templates, all of it."""
    with pytest.raises(Refused) as caught:
        expand_all(*texts, **options)
    return list(caught.value.problems) or [caught.value.message]


def datas(expansion: Expansion) -> list[dict[str, Any]]:
    return [manifest.data for manifest in expansion.objects]


def planned(text: str, namespace: str = "blue", template: str = "") -> CreatePlan:
    """A plan made without a cluster."""
    found = objects(text)
    return plan_creation(found, BuiltinKinds(found), namespace, origin_stamp(template))


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
