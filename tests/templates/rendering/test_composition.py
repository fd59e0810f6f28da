"""Several templates that make one namespace: objects merged, parameters shared."""

from textwrap import dedent
from typing import Any

import pytest

from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.templates.library.draft import Source, read_draft
from kubectl_ns_tools.templates.planning.kinds import BuiltinKinds
from kubectl_ns_tools.templates.planning.plan import plan_creation
from kubectl_ns_tools.templates.rendering.expansion import expand
from tests.templates.builders import Template, datas, expand_all, planned, problems_of_all, surroundings

HEADERS = {
    "ConfigMap": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n",
    "Deployment": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n",
    "LimitRange": "apiVersion: v1\nkind: LimitRange\nmetadata: {name: x}\n",
    "NetworkPolicy": "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: x}\n",
    "RoleBinding": "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: x}\n",
    "Service": "apiVersion: v1\nkind: Service\nmetadata: {name: x}\n",
    "ServiceAccount": "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: x}\n",
    "Widget": "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: x}\n",
}


def merged(kind: str, *bodies: str) -> Any:
    """The one object that these texts make, without its header."""
    found = datas(expand_all(*(HEADERS[kind] + dedent(body) for body in bodies)))
    assert len(found) == 1
    return {key: value for key, value in found[0].items() if key not in ("apiVersion", "kind", "metadata")}


def conflicts(kind: str, *bodies: str) -> list[str]:
    return problems_of_all(*(HEADERS[kind] + dedent(body) for body in bodies))


def test_mappings_are_merged_in_order() -> None:
    found = merged("ConfigMap", "data: {b: '1', a: '2'}", "data: {c: '3', a: '2'}", "data: {d: '4'}")
    assert found == {"data": {"b": "1", "a": "2", "c": "3", "d": "4"}}
    assert list(found["data"]) == ["b", "a", "c", "d"]


def test_labels_of_several_templates_come_together() -> None:
    one = Template(labels={"a": "1"}).configmap("c", metadata={"labels": {"own": "x"}}).text
    two = Template(labels={"b": "2"}).configmap("c").text
    [found] = datas(expand_all(one, two))
    assert found["metadata"]["labels"] == {"own": "x", "a": "1", "b": "2"}


def test_different_values_of_one_field_are_a_conflict_that_names_both_files() -> None:
    assert conflicts(
        "ConfigMap", "data:\n  a: one\n  b.c: two\n", "data: {a: one}\n", "data:\n  b.c: three\n"
    ) == ["3.yaml:5: configmap/x: data[b.c] is not what it is at f.yaml:6"]


def test_all_conflicts_are_told_at_once_and_no_value_is_shown() -> None:
    found = conflicts("ConfigMap", "data: {a: secret1, b: x}", "data: {a: secret2, b: y}")
    assert len(found) == 2
    assert "secret" not in "".join(found)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("1", "1", True), ("1", "1.0", True), ("true", "1", False), ("'1'", "1", False), ("[1]", "[1]", True),
     ("[1, 2]", "[2, 1]", False), ("null", "1", True), ("1", "~", True), ("{}", "[]", False)],
)  # fmt: skip
def test_values_are_compared_as_json(one: str, other: str, same: bool) -> None:
    if same:
        assert merged("Widget", f"spec: {{a: {one}}}", f"spec: {{a: {other}}}")["spec"]["a"] in (1, [1])
    else:
        assert len(conflicts("Widget", f"spec: {{a: {one}}}", f"spec: {{a: {other}}}")) == 1


def test_containers_are_merged_by_name_and_what_is_in_them_by_its_keys() -> None:
    one = """
        spec:
          template:
            spec:
              containers:
              - name: web
                image: w
                env: [{name: A, value: a}]
                ports: [{containerPort: 80}]
    """
    two = """
        spec:
          template:
            spec:
              containers:
              - name: sidecar
                image: s
              - name: web
                env: [{name: B, value: b}, {name: A, value: a}]
                ports: [{containerPort: 80, protocol: TCP, name: http}, {containerPort: 80, protocol: UDP}]
                volumeMounts: [{mountPath: /x, name: v}]
              volumes: [{name: v, emptyDir: {}}]
    """
    spec = merged("Deployment", one, two)["spec"]["template"]["spec"]
    assert spec == {
        "containers": [
            {
                "name": "web",
                "image": "w",
                "env": [{"name": "A", "value": "a"}, {"name": "B", "value": "b"}],
                "ports": [
                    {"containerPort": 80, "protocol": "TCP", "name": "http"},
                    {"containerPort": 80, "protocol": "UDP"},
                ],
                "volumeMounts": [{"mountPath": "/x", "name": "v"}],
            },
            {"name": "sidecar", "image": "s"},
        ],
        "volumes": [{"name": "v", "emptyDir": {}}],
    }
    image = two.replace("name: web", "name: web\n                image: other")
    assert conflicts("Deployment", one, image) == [
        "2.yaml:12: deployment.apps/x: spec.template.spec.containers[web].image is not what it is at"
        " f.yaml:10"
    ]


@pytest.mark.parametrize(
    ("kind", "one", "other", "field"),
    [
        ("NetworkPolicy", "spec: {ingress: [{from: []}]}", "spec: {ingress: [{from: [{podSelector: {}}]}]}",
         "spec.ingress"),
        ("NetworkPolicy", "spec: {podSelector: {}}", "spec: {podSelector: {matchLabels: {a: b}}}",
         "spec.podSelector"),
        ("LimitRange", "spec: {limits: [{type: Pod}]}", "spec: {limits: [{type: Container}]}", "spec.limits"),
        ("RoleBinding", "subjects: [{kind: User, name: a}]", "subjects: [{kind: User, name: b}]", "subjects"),
        ("RoleBinding", "roleRef: {name: a}", "roleRef: {kind: Role}", "roleRef"),
        ("Service", "spec: {selector: {a: b}}", "spec: {selector: {c: d}}", "spec.selector"),
        ("Widget", "spec: {containers: [{name: a}]}", "spec: {containers: [{name: b}]}", "spec.containers"),
        ("Deployment", "spec: {template: {spec: {containers: [{image: a}]}}}",
         "spec: {template: {spec: {containers: [{image: b}]}}}", "spec.template.spec.containers"),
        ("Deployment", "spec: {template: {spec: {tolerations: [{key: a}]}}}",
         "spec: {template: {spec: {tolerations: [{key: b}]}}}", "spec.template.spec.tolerations"),
        ("ServiceAccount", "imagePullSecrets: [{name: a}]", "imagePullSecrets: [{name: b}]",
         "imagePullSecrets"),
    ],
)  # fmt: skip
def test_what_is_one_value_is_not_mixed(kind: str, one: str, other: str, field: str) -> None:
    assert merged(kind, one, one) == merged(kind, one)
    [problem] = conflicts(kind, one, other)
    assert problem.endswith(f": {field} is not what it is at f.yaml:4")


def test_sets_are_united() -> None:
    def text(*finalizers: str) -> str:
        return Template().configmap("x", metadata={"finalizers": finalizers}).text

    [found] = datas(expand_all(text("a/b", "c/d"), text("e/f", "a/b")))
    assert found["metadata"]["finalizers"] == ["a/b", "c/d", "e/f"]


def test_service_ports_are_merged_by_port_and_protocol() -> None:
    found = merged(
        "Service", "spec: {ports: [{port: 80}]}", "spec: {ports: [{port: 80, name: a}, {port: 81}]}"
    )
    assert found == {"spec": {"ports": [{"port": 80, "name": "a"}, {"port": 81}]}}


def test_a_field_of_a_merged_object_is_placed_in_its_file() -> None:
    one = HEADERS["Deployment"] + "spec:\n  replicas: 1\n"
    two = HEADERS["Deployment"] + dedent("""\
        spec:
          paused: true
          template:
            spec:
              containers:
              - name: a
              - name: b
                image: i
    """)
    [found] = expand_all(one, two).objects
    assert found.place("spec", "replicas") == "f.yaml:5"
    assert found.place("spec", "paused") == "2.yaml:5"
    assert found.place("spec", "template", "spec", "containers", 1, "image") == "2.yaml:11"
    assert found.place("spec", "template", "spec", "containers", 1, "nothing") == "2.yaml:10"
    assert found.place("metadata", "name") == "f.yaml:3"
    assert found.place("missing") == "f.yaml:1"


def test_the_versions_of_one_object_are_a_conflict() -> None:
    one = "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: x}}"
    assert problems_of_all(one, one.replace("v1", "v1beta1")) == [
        "2.yaml:1: poddisruptionbudget.policy/x: apiVersion is not what it is at f.yaml:1"
    ]


def test_an_object_twice_in_one_file_is_a_mistake_and_is_not_merged() -> None:
    text = HEADERS["ConfigMap"] + "---\n" + HEADERS["ConfigMap"]
    assert len(expand_all(text).objects) == 2
    with pytest.raises(Refused, match=r"is there already, at f\.yaml:1"):
        planned(text)


def test_the_files_of_one_folder_are_one_template() -> None:
    sources = [
        Source(HEADERS["ConfigMap"], f"t/{name}.yaml", "t", expands=True, part_of="t") for name in ("a", "b")
    ]
    assert len(expand(read_draft(sources), {}, surroundings(), "blue").objects) == 2


def test_the_namespace_of_several_templates_is_one() -> None:
    one = "{apiVersion: v1, kind: Namespace, metadata: {name: '${NAMESPACE}', labels: {a: b}}}"
    two = "{apiVersion: v1, kind: Namespace, metadata: {name: '${NAMESPACE}', annotations: {c: d}}}"
    [found] = expand_all(one, two).objects
    assert found.metadata == {"name": "blue", "labels": {"a": "b"}, "annotations": {"c": "d"}}


class TestSharedParameters:
    @staticmethod
    def template(**fields: Any) -> str:
        return Template().parameter("P", **fields).configmap("x-${P}").text

    def test_one_default_is_enough_for_all(self) -> None:
        found = expand_all(self.template(), self.template(value="1", required=True)).objects
        assert [manifest.name for manifest in found] == ["x-1"]

    def test_two_defaults_are_a_conflict_that_a_given_value_ends(self) -> None:
        texts = self.template(value="1"), self.template(value="2")
        assert problems_of_all(*texts) == [
            "2.yaml:8: parameter P: the default is '2' here, and '1' at f.yaml:8: -p P=… decides"
        ]
        assert [manifest.name for manifest in expand_all(*texts, P="3").objects] == ["x-3"]

    def test_the_same_default_twice_is_none(self) -> None:
        assert len(expand_all(self.template(value="1"), self.template(value="1")).objects) == 1

    def test_the_checks_of_all_count(self) -> None:
        texts = self.template(type="integer"), self.template(pattern="..", value="10")
        assert len(expand_all(*texts).objects) == 1
        assert problems_of_all(*texts, P="x") == [
            "f.yaml:8: parameter P: 'x' is not an integer (from -p)",
            "2.yaml:8: parameter P: 'x' does not match the pattern .. (from -p)",
        ]
        assert problems_of_all(self.template(type="integer"), self.template(value="x")) == [
            "f.yaml:8: parameter P: 'x' is not an integer (from default)"
        ]

    def test_required_in_one_is_required(self) -> None:
        [problem] = problems_of_all(self.template(), self.template(required=True))
        assert problem.startswith("2.yaml:8: parameter P is required")

    def test_a_value_is_generated_once(self) -> None:
        expression = {"generate": "expression", "from": "[a-z]{12}"}
        found = expand_all(self.template(**expression), self.template(**expression)).objects
        assert len(found) == 1
        other = {"generate": "expression", "from": "[0-9]{12}"}
        [problem] = problems_of_all(self.template(**expression), self.template(**other))
        assert problem.startswith(
            "2.yaml:8: parameter P: the default is '[0-9]{12}' here, and '[a-z]{12}' at"
        )


def test_a_merged_object_can_be_planned() -> None:
    [found] = expand_all(HEADERS["ConfigMap"], HEADERS["ConfigMap"] + "data: {a: b}").objects
    plan = plan_creation([found], BuiltinKinds([found]), "blue")
    assert plan.objects[1].data["data"] == {"a": "b"}
