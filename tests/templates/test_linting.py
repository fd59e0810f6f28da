"""What lint finds in a template without a cluster: each rule with its place, and no false alarm."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from kubectl_ns_tools.findings import Severity
from kubectl_ns_tools.templates.library.draft import Source
from kubectl_ns_tools.templates.library.shelves import BuiltinShelf
from kubectl_ns_tools.templates.library.starter import starter
from kubectl_ns_tools.templates.linting.check import lint
from kubectl_ns_tools.templates.linting.findings import RULES, Finding, Report, said
from tests.templates.builders import PROJECT_REQUEST

HEAD = "apiVersion: template.openshift.io/v1\nkind: Template\nmetadata: {name: t}\n"  # lines 1 to 3
QUOTA = "- {apiVersion: v1, kind: ResourceQuota, metadata: {name: q}, spec: {hard: {%s}}}\n"
LIMITS = (
    "- {apiVersion: v1, kind: LimitRange, metadata: {name: l}, spec: {limits: [{type: Container, %s}]}}\n"
)
POLICY = "- {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: %s}, spec: {%s}}\n"
DENY = POLICY % ("deny", "podSelector: {}, policyTypes: [Ingress, Egress]")
ELSEWHERE = "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}"


def report(*texts: str) -> Report:
    """Of the files t.yaml, 2.yaml…, which are one template."""
    names = ["t.yaml", *(f"{number}.yaml" for number in range(2, len(texts) + 1))]
    sources = [
        Source(dedent(text), name, expands=True, part_of="t") for text, name in zip(texts, names, strict=True)
    ]
    return lint(sources, "--offline")


def found(*texts: str) -> list[tuple[str, str]]:
    """The rules and the places."""
    return [(each.rule, each.place) for each in report(*texts).findings]


def template(objects: str, parameters: str = "[]") -> str:
    """The objects begin in line 6."""
    return f"{HEAD}parameters: {parameters}\nobjects:\n{objects}"


def namespace(labels: str, field: str = "labels") -> str:
    """The labels are in line 7."""
    head = "- {apiVersion: v1, kind: Namespace, metadata: {name: '${NAMESPACE}',"
    return template(f"{head}\n    {field}: {{{labels}}}}}}}\n")


class TestNothingToSay:
    @pytest.mark.parametrize("name", BuiltinShelf().names())
    def test_of_a_builtin(self, name: str) -> None:
        assert lint(BuiltinShelf().sources(name), "--offline").findings == []

    def test_of_openshifts_project_request(self) -> None:
        assert found(PROJECT_REQUEST) == []

    def test_of_the_starter_but_what_has_to_be_given(self) -> None:
        assert [rule for rule, _ in found(starter("web"))] == ["unbound"]

    def test_of_a_plain_text(self) -> None:
        assert found("{apiVersion: v1, kind: ConfigMap, metadata: {name: '${OWNER}'}}") == []

    def test_what_is_not_asked_is_said(self) -> None:
        assert report(template(DENY)).unchecked == ["kinds, versions and fields: --offline"]


class TestParameters:
    def test_text_that_cannot_be_read(self) -> None:
        assert found("a: {\n") == [("unreadable", "t.yaml:2")]
        assert found("- 1\n") == [("unreadable", "t.yaml:1")]

    def test_a_declaration_that_is_none(self) -> None:
        text = template("", "[{name: A, typ: integer}]")
        [first, *_] = report(text).findings
        assert (first.rule, first.place) == ("declaration", "t.yaml:4")
        assert "no field 'typ' (did you mean type?)" in first.problem

    def test_a_field_that_a_template_does_not_have(self) -> None:
        [finding] = report(f"{HEAD}paramters: []\n").findings
        assert (finding.rule, finding.place) == ("declaration", "t.yaml:4")
        assert finding.problem == "a Template has no field 'paramters' (did you mean parameters?)"

    def test_a_default_that_breaks_its_own_checks(self) -> None:
        text = template(
            "- {apiVersion: v1, kind: ConfigMap, metadata: {name: '${A}'}}\n",
            "[{name: A, value: b, enum: [c]}]",
        )
        [finding] = report(text).findings
        assert (finding.rule, finding.place, finding.problem) == (
            "default", "t.yaml:4", "parameter A: 'b' is not one of c",
        )  # fmt: skip

    def test_a_reference_to_no_parameter_and_a_parameter_without_reference(self) -> None:
        text = template(
            "- {apiVersion: v1, kind: ConfigMap, metadata: {name: 'x-${OWNR}'}}\n",
            "[{name: OWNER, value: a}]",
        )
        unused, undeclared = report(text).findings
        assert (unused.rule, unused.place) == ("unused", "t.yaml:4")
        assert (undeclared.rule, undeclared.place) == ("undeclared", "t.yaml:6")
        assert undeclared.problem == "there is no parameter OWNR (did you mean OWNER?)"

    def test_what_the_labels_and_the_message_refer_to_is_used(self) -> None:
        parameters = "[{name: A, value: a}, {name: B, value: b}]"
        assert found(template("", parameters) + "labels: {a: '${A}'}\nmessage: ${B}\n") == []

    def test_a_required_parameter_without_a_default_is_good_to_know(self) -> None:
        text = template(
            "- {apiVersion: v1, kind: ConfigMap, metadata: {name: '${A}'}}\n", "[{name: A, required: true}]"
        )
        result = report(text)
        assert [(each.rule, each.severity) for each in result.findings] == [("unbound", Severity.INFO)]
        assert result.is_clean

    def test_a_lifetime_that_is_none(self) -> None:
        objects = "- {apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {x: '${EXPIRES}'}}\n"
        assert found(template(objects, "[{name: TTL, value: soon}]")) == [("default", "t.yaml:4")]
        assert found(template(objects, "[{name: TTL}]")) == []

    def test_two_texts_that_disagree_on_a_default(self) -> None:
        one, other, third = (
            f"{HEAD}parameters: [{{name: A{default}}}]\nmessage: ${{A}}\n"
            for default in (", value: x", ", value: y", "")
        )
        [finding] = report(one, other, third).findings
        assert (finding.rule, finding.place, finding.problem) == (
            "default", "2.yaml:4", "parameter A: the default is 'y' here, and 'x' at t.yaml:4",
        )  # fmt: skip


class TestObjects:
    def test_names_and_labels_that_no_server_takes(self) -> None:
        text = template("- {apiVersion: v1, kind: ConfigMap, metadata: {name: A_b,\n    labels: {x: a b}}}\n")
        assert found(text) == [("refused", "t.yaml:6"), ("refused", "t.yaml:7")]

    def test_a_label_from_a_default_counts_and_one_nobody_knows_does_not(self) -> None:
        head = "- {apiVersion: v1, kind: ConfigMap, metadata: {name: c,"
        labels = "\n    labels: {x: '${A}',\n      y: '${B}'}}}\n"
        text = template(head + labels, "[{name: A, value: 'not one'}, {name: B}]")
        assert found(text) == [("refused", "t.yaml:7")]

    def test_an_object_that_is_there_twice(self) -> None:
        text = "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}"
        [finding] = report(text, text).findings
        assert (finding.rule, finding.place) == ("refused", "2.yaml:1")
        assert finding.problem == "configmap/c is there already, at t.yaml:1"

    def test_a_namespace_by_its_name_is_for_that_one_alone(self) -> None:
        text = template("- {apiVersion: v1, kind: Namespace, metadata: {name: blue}}\n")
        [finding] = report(text).findings
        assert (finding.rule, finding.place) == ("fixed-namespace", "t.yaml:6")
        assert finding.problem == 'the template is for the namespace "blue" alone'

    def test_an_object_of_another_namespace(self) -> None:
        text = template("- {apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: red}}\n")
        assert found(text) == [("refused", "t.yaml:6")]

    def test_what_is_written_is_shown_and_not_the_sample(self) -> None:
        text = template("- {apiVersion: v1, kind: ConfigMap, metadata: {name: '${A}_x'}}\n", "[{name: A}]")
        [finding] = report(text).findings
        assert finding.problem.startswith("metadata.name: '${A}_x' is no name: ")

    def test_objects_by_parameters_are_not_taken_for_the_same(self) -> None:
        objects = "".join(
            f"- {{apiVersion: v1, kind: ConfigMap, metadata: {{name: '${{{name}}}'}}}}\n" for name in "AB"
        )
        assert found(template(objects, "[{name: A}, {name: B}]")) == []


class TestQuotas:
    @pytest.mark.parametrize(
        ("hard", "limits"),
        [
            ("limits.cpu: 4", "default: {cpu: 1}"),
            ("limits.cpu: 4", "max: {cpu: 1}"),
            ("requests.memory: 4Gi", "defaultRequest: {memory: 1Gi}"),
            ("memory: 4Gi", "default: {memory: 1Gi}"),
            ("requests.cpu: 4", "min: {cpu: 1}"),
            (
                "pods: 4, count/secrets: 3, requests.storage: 1Gi, limits.ephemeral-storage: 1Gi",
                "default: {}",
            ),
        ],
    )
    def test_defaults_that_do(self, hard: str, limits: str) -> None:
        assert found(template(QUOTA % hard + LIMITS % limits)) == []

    @pytest.mark.parametrize(
        ("hard", "limits"),
        [
            ("limits.cpu: 4", "default: {memory: 1Gi}"),
            ("limits.cpu: 4", "defaultRequest: {cpu: 1}"),
            ("limits.memory: 4Gi", "min: {memory: 1Gi}"),
            ("cpu: 4", "max: {memory: 1}"),
        ],
    )
    def test_defaults_that_do_not(self, hard: str, limits: str) -> None:
        assert found(template(QUOTA % hard + LIMITS % limits)) == [("quota-without-default", "t.yaml:6")]

    def test_each_resource_has_its_finding_and_its_remedy(self) -> None:
        first, second = report(template(QUOTA % "limits.cpu: 4, requests.memory: 1Gi")).findings
        assert first.remedy == "add a LimitRange, type: Container, with default: {cpu: …}"
        assert second.remedy == "add a LimitRange, type: Container, with defaultRequest: {memory: …}"

    def test_a_limit_range_for_pods_states_nothing(self) -> None:
        limits = (LIMITS % "max: {cpu: 1}").replace("Container", "Pod")
        assert found(template(QUOTA % "limits.cpu: 4" + limits)) == [("quota-without-default", "t.yaml:6")]


class TestNetworks:
    @pytest.mark.parametrize(
        "spec",
        [
            f"egress: [{{to: [{{{ELSEWHERE}}}], ports: [{{protocol: UDP, port: 53}}]}}]",
            f"egress: [{{to: [{{{ELSEWHERE}}}]}}]",
            "egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{protocol: UDP, port: 1, endPort: 100}]}]",
            "egress: [{ports: [{protocol: UDP, port: dns}]}]",
            "egress: [{}]",
            "policyTypes: [Egress], egress: '${{RULES}}'",
        ],
    )
    def test_policies_that_let_names_be_resolved(self, spec: str) -> None:
        allow = POLICY % ("allow", f"podSelector: {{}}, {spec}")
        assert found(template(DENY + allow, "[{name: RULES}]" if "RULES" in spec else "[]")) == []

    @pytest.mark.parametrize(
        "spec",
        [
            "egress: [{to: [{podSelector: {}}]}]",  # itself alone
            f"egress: [{{to: [{{{ELSEWHERE}}}], ports: [{{port: 53}}]}}]",  # TCP
            "egress: [{ports: [{protocol: UDP, port: 443}]}]",
            "ingress: [{}]",
        ],
    )
    def test_policies_that_do_not(self, spec: str) -> None:
        allow = POLICY % ("allow", f"podSelector: {{}}, {spec}")
        assert found(template(DENY + allow)) == [("no-dns", "t.yaml:6")]

    def test_a_policy_for_some_pods_is_no_help(self) -> None:
        allow = POLICY % ("allow", "podSelector: {matchLabels: {a: b}}, egress: [{}]")
        assert found(template(DENY + allow)) == [("no-dns", "t.yaml:6")]

    @pytest.mark.parametrize(
        "spec",
        [
            "podSelector: {}",  # policyTypes: [Ingress]
            "podSelector: {}, policyTypes: [Ingress]",
            "podSelector: {matchLabels: {a: b}}, policyTypes: [Egress]",
        ],
    )
    def test_what_does_not_close_the_network(self, spec: str) -> None:
        assert found(template(POLICY % ("p", spec))) == []


class TestPodSecurity:
    @pytest.mark.parametrize(
        ("key", "meant"),
        [
            ("pod-security.kubernetes.io/enforced", "pod-security.kubernetes.io/enforce"),
            ("pod-security.kubernetes.io/warning", "pod-security.kubernetes.io/warn"),
            ("pod-security.kubernetes.io/enforce_version", "pod-security.kubernetes.io/enforce-version"),
            ("podsecurity.kubernetes.io/enforce", "pod-security.kubernetes.io/enforce"),
            ("pod-security.kubernets.io/audit", "pod-security.kubernetes.io/audit"),
        ],
    )
    def test_a_key_that_does_nothing(self, key: str, meant: str) -> None:
        [finding] = report(namespace(f"{key}: restricted")).findings
        assert (finding.rule, finding.place) == ("pod-security-label", "t.yaml:7")
        assert finding.problem == f"{key} does nothing: there is no such label (did you mean {meant}?)"

    @pytest.mark.parametrize(
        ("label", "problem"),
        [
            ("enforce: restriced", "'restriced' is no level (did you mean restricted?)"),
            ("warn: none", "'none' is no level"),
            ("enforce-version: '1.30'", "'1.30' is no version"),
            ("audit-version: newest", "'newest' is no version"),
        ],
    )
    def test_a_value_that_is_refused(self, label: str, problem: str) -> None:
        [finding] = report(namespace(f"pod-security.kubernetes.io/{label}")).findings
        assert (finding.rule, finding.place) == ("pod-security-value", "t.yaml:7")
        assert finding.problem == f"pod-security.kubernetes.io/{label.partition(':')[0]}: {problem}"

    def test_an_annotation_does_nothing_either(self) -> None:
        [finding] = report(namespace("pod-security.kubernetes.io/enforce: baseline", "annotations")).findings
        assert (finding.rule, finding.remedy) == ("pod-security-label", "make it a label")

    @pytest.mark.parametrize(
        "labels",
        [
            "pod-security.kubernetes.io/enforce: privileged, pod-security.kubernetes.io/warn-version: v1.30",
            "pod-security.kubernetes.io/audit: '${CONTEXT}'",
            "security.openshift.io/scc.podSecurityLabelSync: 'true', pod-security.example.com/enforce: x",
        ],
    )
    def test_labels_that_are_all_right(self, labels: str) -> None:
        assert found(namespace(labels)) == []


class TestFindings:
    @pytest.mark.parametrize(
        ("problem", "place", "rest"),
        [
            ("t.yaml:3: it: is wrong", "t.yaml:3", "it: is wrong"),
            ("a:1: b.yaml:3: is wrong", "a:1: b.yaml:3", "is wrong"),
            ("configmap:n/web:3: is wrong", "configmap:n/web:3", "is wrong"),
            ("t.yaml: is wrong", "t.yaml", "is wrong"),
            ("is wrong", "", "is wrong"),
        ],
    )
    def test_a_problem_is_taken_apart(self, problem: str, place: str, rest: str) -> None:
        finding = said("refused", problem, ["t.yaml", "a:1: b.yaml", "configmap:n/web"])
        assert (finding.place, finding.problem) == (place, rest)

    @pytest.mark.parametrize(
        ("place", "file", "line"),
        [
            ("t.yaml:3", "t.yaml", 3),
            ("configmap:n/web", "configmap:n/web", 0),
            ("", "", 0),
            ("a:b:7", "a:b", 7),
        ],
    )
    def test_file_and_line(self, place: str, file: str, line: int) -> None:
        finding = Finding("refused", place, "x")
        assert (finding.file, finding.line) == (file, line)

    def test_they_are_in_the_order_of_the_files(self) -> None:
        bad = "{apiVersion: v1, kind: ConfigMap, metadata: {name: %s}}"
        texts = [bad % "A_", "\n" + bad % "B_", bad % "C_"]
        assert [place for _, place in found(*texts)] == ["t.yaml:1", "2.yaml:2", "3.yaml:1"]

    def test_every_rule_has_a_test(self, rule_texts: Callable[[], str]) -> None:
        assert [rule for rule in RULES if f'"{rule}"' not in rule_texts()] == []

    def test_every_rule_is_documented_with_its_severity(self) -> None:
        text = (Path(__file__).parents[2] / "docs" / "templates.md").read_text()
        lines = {f"| `{name}` | {rule.severity.value} |" for name, rule in RULES.items()}
        assert [line for line in lines if line not in text] == []


@pytest.fixture
def rule_texts() -> Callable[[], str]:
    """The tests of all rules."""
    folder = Path(__file__).parents[1]
    files = (folder / "templates" / "test_linting.py", folder / "commands" / "test_ns_template_lint.py")
    return lambda: "".join(path.read_text() for path in files)
