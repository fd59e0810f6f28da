import itertools
import random

import pytest

from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.templates.planning.kinds import BuiltinKinds
from kubectl_ns_tools.templates.planning.plan import named_namespace, plan_creation
from tests.templates.builders import objects, planned

MANAGED = {"app.kubernetes.io/managed-by": "kubectl-ns-tools"}
OF_TEMPLATE = {"kubectl-ns-tools/template": "mine.yaml"}
POD = "{apiVersion: v1, kind: Pod, metadata: {name: p}}"
SPACE = "{apiVersion: v1, kind: Namespace, metadata: {name: blue}}"
LEVELS = [
    ["v1 Namespace"],
    ["apiextensions.k8s.io/v1 CustomResourceDefinition"],
    ["v1 ResourceQuota", "v1 LimitRange", "networking.k8s.io/v1 NetworkPolicy", "v1 ServiceAccount",
     "v1 ConfigMap", "v1 Secret", "rbac.authorization.k8s.io/v1 Role",
     "rbac.authorization.k8s.io/v1 ClusterRole"],
    ["rbac.authorization.k8s.io/v1 RoleBinding", "rbac.authorization.k8s.io/v1 ClusterRoleBinding"],
    ["v1 Service", "v1 PersistentVolumeClaim", "networking.k8s.io/v1 Ingress", "example.com/v1 Deployment"],
    ["v1 Pod", "apps/v1 Deployment", "apps/v1 StatefulSet", "batch/v1 Job", "batch/v1 CronJob"],
]  # fmt: skip


def problems(text: str, namespace: str = "blue") -> list[str]:
    with pytest.raises(Refused) as caught:
        planned(text, namespace)
    return list(caught.value.problems) or [caught.value.message]


def test_objects_are_created_in_levels_whatever_their_order_in_the_file() -> None:
    kinds = list(itertools.chain(*LEVELS))
    random.Random(3).shuffle(kinds)
    text = "---\n".join(
        f"apiVersion: {kind.split()[0]}\nkind: {kind.split()[1]}\nmetadata: {{name: blue}}\n"
        for kind in kinds
    )
    found = [[f"{each.api_version} {each.kind}" for each in level] for level in planned(text).levels]
    assert [set(level) for level in found] == [set(level) for level in LEVELS]


def test_within_a_level_the_order_of_the_file_stays() -> None:
    text = "\n---\n".join(f"{{apiVersion: v1, kind: Secret, metadata: {{name: {name}}}}}" for name in "zaq")
    assert [each.name for each in planned(text).objects] == ["blue", "z", "a", "q"]


def test_a_namespace_is_added_where_there_is_none() -> None:
    plan = planned(POD, template="mine.yaml")
    assert plan.namespace_object.data == {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": "blue",
            "labels": MANAGED | OF_TEMPLATE,
            "annotations": OF_TEMPLATE,
        },
    }
    assert plan.objects[1].data["metadata"] == {
        "name": "p",
        "namespace": "blue",
        "labels": MANAGED | OF_TEMPLATE,
    }


def test_without_a_template_there_is_no_note_of_one_and_an_old_one_stays() -> None:
    assert "annotations" not in planned(SPACE).namespace_object.metadata
    text = SPACE.replace("name: blue", "name: blue, annotations: {kubectl-ns-tools/template: team}")
    assert planned(text).namespace_object.metadata["annotations"] == {"kubectl-ns-tools/template": "team"}
    assert planned(text, template="x").namespace_object.metadata["annotations"] == {
        "kubectl-ns-tools/template": "x"
    }


def test_what_an_object_says_itself_stays() -> None:
    text = """\
        apiVersion: v1
        kind: Pod
        metadata:
          labels: {app.kubernetes.io/managed-by: helm, a: b}
          namespace: blue
          name: p
        spec: {}
    """
    pod = planned(text).objects[1]
    assert pod.data["metadata"]["labels"] == {"app.kubernetes.io/managed-by": "helm", "a": "b"}
    assert list(pod.data) == ["apiVersion", "kind", "metadata", "spec"]
    assert pod.data["spec"] == {}


def test_empty_fields_of_kubectls_dry_run_are_left_out() -> None:
    text = """\
        apiVersion: v1
        kind: Namespace
        metadata: {creationTimestamp: null, name: blue, labels: null}
        spec: {}
        status: {}
    """
    assert planned(text).namespace_object.data == {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": "blue", "labels": MANAGED},
        "spec": {},
    }


@pytest.mark.parametrize(
    ("header", "namespace"),
    [
        ("apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole", None),
        ("apiVersion: rbac.authorization.k8s.io/v1, kind: Role", "blue"),
        ("apiVersion: example.com/v1, kind: Widget", None),
    ],
    ids=["cluster-scoped", "namespaced", "unknown"],
)
def test_only_what_is_known_to_be_namespaced_gets_a_namespace(header: str, namespace: str | None) -> None:
    plan = planned(f"{{{header}, metadata: {{name: x}}}}")
    assert plan.objects[1].metadata.get("namespace") == namespace


def test_a_namespace_on_a_cluster_scoped_object_means_nothing() -> None:
    plan = planned(
        "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: x, namespace: z}}"
    )
    assert "namespace" not in plan.objects[1].metadata


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  namespace: red",
            '5: metadata.namespace: pod/p belongs to "red", but "blue" is to be created',
        ),
        (
            "apiVersion: example.com/v1\nkind: W\nmetadata:\n  name: p\n  namespace: red",
            '5: metadata.namespace: w.example.com/p belongs to "red", but "blue" is to be created',
        ),
        (f"{SPACE}\n---\n{SPACE}", '3: a second Namespace object "blue"'),
        (SPACE.replace("blue", "red"), '1: metadata.name: the Namespace is "red", not "blue"'),
        (f"{POD}\n---\n{POD}", "3: pod/p is there already, at f.yaml:1"),
        ("kind: Pod\nmetadata: {name: p}", "1: apiVersion not set"),
        ("apiVersion: v1\nmetadata: {name: p}", "1: kind not set"),
        ("apiVersion: 1\nkind: Pod\nmetadata: {name: p}", "1: apiVersion must be a string"),
        ("apiVersion: v1\nkind: Pod", "1: metadata: Required value"),
        ("apiVersion: v1\nkind: Pod\nmetadata: [a]", "3: metadata must be a mapping"),
        ("apiVersion: v1\nkind: Pod\nmetadata:\n  labels: {}", "3: metadata.name: Required value"),
        (
            "apiVersion: v1\nkind: Pod\nmetadata:\n  generateName: p-",
            "4: metadata.generateName cannot be applied: give the object a name",
        ),
        ("apiVersion: v1\nkind: Pod\nmetadata:\n  name: 5", "4: metadata.name must be a string: quote it"),
        ("apiVersion: v1\nkind: Pod\nmetadata:\n  name: n", "4: metadata.name must be a string: quote it"),
        (
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  labels:\n    a: true",
            "6: metadata.labels.a must be a string: quote it",
        ),
        (
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  annotations: x",
            "5: metadata.annotations must be a mapping",
        ),
        (
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  uid: x",
            "5: metadata.uid should not be set on objects to be created",
        ),
        (
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  resourceVersion: '4'",
            "5: metadata.resourceVersion should not be set on objects to be created",
        ),
    ],
)
def test_what_cannot_be_right_is_refused_with_file_line_and_field(text: str, problem: str) -> None:
    assert problems(text) == [f"f.yaml:{problem}"]


def test_all_problems_are_told_at_once() -> None:
    text = f"{SPACE}\n---\n{SPACE}\n---\n{{kind: A}}\n---\n{POD.replace('name: p', 'name: p, namespace: x')}"
    with pytest.raises(Refused) as caught:
        planned(text)
    assert caught.value.message == "4 things are wrong, nothing was created"
    assert len(caught.value.problems) == 4


def test_the_same_name_in_another_kind_or_group_is_another_object() -> None:
    text = "\n---\n".join(
        f"{{apiVersion: {api}, kind: {kind}, metadata: {{name: x}}}}"
        for api, kind in [("v1", "Service"), ("v1", "Secret"), ("example.com/v1", "Service")]
    )
    assert len(planned(text).objects) == 4


def test_the_name_may_come_from_the_namespace_in_the_file() -> None:
    assert named_namespace(objects(f"{POD}\n---\n{SPACE}")) == "blue"
    with pytest.raises(Refused, match="which namespace"):
        named_namespace(objects(POD))


def test_a_plan_of_nothing_is_the_namespace() -> None:
    assert [each.reference for each in plan_creation([], BuiltinKinds([]), "blue").objects] == [
        "namespace/blue"
    ]
