"""A live namespace made a template: what is kept, what is a parameter, and that it comes out as it was."""

from typing import Any

import pytest

from kubectl_ns_tools.templates.capturing.capture import capture
from kubectl_ns_tools.templates.capturing.escaping import escaped
from kubectl_ns_tools.templates.capturing.reading import Live
from tests.templates.builders import datas, expanded

SERVERS = {
    "uid": "u", "resourceVersion": "7", "generation": 1, "creationTimestamp": "2026-01-01T00:00:00Z",
    "managedFields": [{"manager": "x"}], "namespace": "blue",
}  # fmt: skip
VERSIONS = {
    "NetworkPolicy": "networking.k8s.io/v1",
    "Role": "rbac.authorization.k8s.io/v1",
    "RoleBinding": "rbac.authorization.k8s.io/v1",
}


def live(kind: str, name: str, metadata: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    whole = {"name": name, **SERVERS, **(metadata or {})}
    return {"apiVersion": VERSIONS.get(kind, "v1"), "kind": kind, "metadata": whole, **fields}


def captured(*objects: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    """The template of a namespace `blue` with these objects."""
    return capture(Live("blue", {"metadata": {"name": "blue", **metadata}}, objects), "t").template


def kept(*objects: dict[str, Any]) -> list[str]:
    """The names of what is captured besides the Namespace."""
    return [each["metadata"]["name"] for each in captured(*objects)["objects"][1:]]


def binding(name: str, *subjects: dict[str, str], role: str = "admin") -> dict[str, Any]:
    return live("RoleBinding", name, roleRef={"kind": "ClusterRole", "name": role}, subjects=list(subjects))


def quota(name: str, **hard: str) -> dict[str, Any]:
    spec = {"hard": {key.replace("_", "."): value for key, value in hard.items()}}
    return live("ResourceQuota", name, spec=spec, status={"hard": {}, "used": {}})


def subjects_of(*subjects: dict[str, str]) -> tuple[list[dict[str, str]], dict[str, str]]:
    """What stands in the template, and the parameters with their defaults."""
    template = captured(binding("b", *subjects))
    values = {each["name"]: each["value"] for each in template.get("parameters", ())}
    return template["objects"][1]["subjects"], values


class TestCleaning:
    def test_nothing_of_the_servers_is_left(self) -> None:
        ours = {"annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}"}}
        template = captured(live("LimitRange", "l", ours, spec={"limits": []}, status={}))
        assert template["objects"][1] == {
            "apiVersion": "v1",
            "kind": "LimitRange",
            "metadata": {"name": "l"},
            "spec": {"limits": []},
        }

    def test_labels_and_annotations_of_other_tools_go(self) -> None:
        labels = {
            "team": "a",
            "pod-security.kubernetes.io/enforce": "baseline",
            "kubernetes.io/metadata.name": "blue",
            "app.kubernetes.io/managed-by": "kubectl-ns-tools",
            "kubectl-ns-tools/template": "team",
            "blue.tree.hnc.x-k8s.io/depth": "0",
            "field.cattle.io/projectId": "p",
            "capsule.clastix.io/tenant": "t",
        }
        annotations = {
            "example.com/note": "x",
            "kubectl-ns-tools/objects": "{}",
            "openshift.io/sa.scc.mcs": "s0",
            "openshift.io/description": "for blue",
            "meta.helm.sh/release-name": "r",
            "argocd.argoproj.io/tracking-id": "i",
        }
        namespace = captured(labels=labels, annotations=annotations)["objects"][0]
        assert namespace["metadata"] == {
            "name": "${NAMESPACE}",
            "labels": {"team": "a", "pod-security.kubernetes.io/enforce": "baseline"},
            "annotations": {"example.com/note": "x", "openshift.io/description": "for blue"},
        }

    def test_what_may_be_a_secret_goes_with_a_warning(self) -> None:
        annotations = {"example.com/api-key": "k", "example.com/dbPassword": "p", "token/x": "y"}
        found = capture(Live("blue", {"metadata": {"annotations": annotations}}), "t")
        assert found.template["objects"][0]["metadata"] == {
            "name": "${NAMESPACE}",
            "annotations": {"token/x": "y"},
        }
        assert found.warnings == (
            "namespace/blue: the annotation example.com/api-key is left out: it may be a secret",
            "namespace/blue: the annotation example.com/dbPassword is left out: it may be a secret",
        )

    def test_what_somebody_else_makes_is_left_out(self) -> None:
        owned = live("Role", "owned", {"ownerReferences": [{"kind": "Widget", "name": "w"}]}, rules=[])
        found = capture(Live("blue", {}, (owned, binding("system:image-pullers"))), "t")
        assert len(found.template["objects"]) == 1
        assert found.warnings == ("role.rbac.authorization.k8s.io/owned is left out: Widget w makes it",)

    @pytest.mark.parametrize(
        ("name", "fields", "is_kept"),
        [
            ("default", {}, False),
            ("default", {"secrets": [{"name": "default-token-x"}]}, False),
            ("default", {"automountServiceAccountToken": False}, True),
            ("default", {"imagePullSecrets": [{"name": "pull"}]}, True),
            ("default", {"imagePullSecrets": [{"name": "default-dockercfg-abcde"}]}, False),
            ("deployer", {}, True),
            ("deployer", {"secrets": [{"name": "deployer-dockercfg-abcde"}]}, False),
        ],
    )
    def test_service_accounts_that_the_cluster_makes(
        self, name: str, fields: dict[str, Any], is_kept: bool
    ) -> None:
        assert (kept(live("ServiceAccount", name, **fields)) == [name]) is is_kept

    def test_a_service_account_without_its_tokens(self) -> None:
        pulling = [{"name": "pull"}, {"name": "ci-dockercfg-abcde"}]
        account = live("ServiceAccount", "ci", secrets=[{"name": "t"}], imagePullSecrets=pulling)
        found = capture(Live("blue", {}, (account,)), "t")
        assert found.template["objects"][1] == {
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": {"name": "ci"},
            "imagePullSecrets": [{"name": "pull"}],
        }
        assert found.warnings == (
            "serviceaccount/ci pulls images with the secret pull, which is not captured",
        )

    def test_empty_mappings_stay(self) -> None:
        spec = {"podSelector": {}, "ingress": [{"from": [{"podSelector": {}}]}]}
        assert captured(live("NetworkPolicy", "p", spec=spec))["objects"][1]["spec"] == spec


class TestParameters:
    def test_the_numbers_of_a_quota(self) -> None:
        template = captured(quota("q", limits_cpu="4", pods="10"))
        assert template["objects"][1]["spec"] == {"hard": {"limits.cpu": "${LIMITS_CPU}", "pods": "${PODS}"}}
        assert template["parameters"][0] == {
            "name": "LIMITS_CPU",
            "description": "limits.cpu of the quota q",
            "type": "quantity",
            "value": "4",
            "required": True,
            "minimum": "0",
        }

    def test_two_quotas_for_the_same(self) -> None:
        template = captured(quota("a", pods="1"), quota("b", pods="2"), quota("c", b_pods="3"))
        values = {each["name"]: each["value"] for each in template["parameters"]}
        assert values == {"PODS": "1", "B_PODS": "2", "C_B_PODS": "3"}

    def test_other_fields_of_a_quota_stay(self) -> None:
        scoped = live("ResourceQuota", "q", spec={"hard": {"pods": "1"}, "scopes": ["BestEffort"]})
        assert captured(scoped)["objects"][1]["spec"] == {
            "hard": {"pods": "${PODS}"},
            "scopes": ["BestEffort"],
        }

    def test_people_and_groups(self) -> None:
        anna, bob = {"kind": "User", "name": "anna"}, {"kind": "User", "name": "bob"}
        subjects, values = subjects_of(anna, bob, {"kind": "Group", "name": "devs"})
        assert [each["name"] for each in subjects] == ["${ADMIN_USER}", "${ADMIN_USER_2}", "${ADMIN_GROUP}"]
        assert values == {"ADMIN_USER": "anna", "ADMIN_USER_2": "bob", "ADMIN_GROUP": "devs"}

    def test_the_same_person_with_the_same_role_is_one(self) -> None:
        anna = {"kind": "User", "name": "anna"}
        template = captured(binding("a", anna), binding("b", anna), binding("c", anna, role="view"))
        assert [each["name"] for each in template["parameters"]] == ["ADMIN_USER", "VIEW_USER"]

    @pytest.mark.parametrize(
        ("subject", "becomes"),
        [
            ({"kind": "ServiceAccount", "name": "ci", "namespace": "blue"},
             {"kind": "ServiceAccount", "name": "ci", "namespace": "${NAMESPACE}"}),
            ({"kind": "ServiceAccount", "name": "ci"}, {"kind": "ServiceAccount", "name": "ci"}),
            ({"kind": "ServiceAccount", "name": "argo", "namespace": "argocd"},
             {"kind": "ServiceAccount", "name": "${ADMIN_ACCOUNT}", "namespace": "argocd"}),
            ({"kind": "Group", "name": "system:authenticated"},
             {"kind": "Group", "name": "system:authenticated"}),
            ({"kind": "Group", "name": "system:serviceaccounts:blue"},
             {"kind": "Group", "name": "system:serviceaccounts:${NAMESPACE}"}),
            ({"kind": "User", "name": "system:serviceaccount:blue:ci"},
             {"kind": "User", "name": "system:serviceaccount:${NAMESPACE}:ci"}),
            ({"kind": "Group", "name": "system:serviceaccounts:red"},
             {"kind": "Group", "name": "system:serviceaccounts:red"}),
        ],
    )  # fmt: skip
    def test_accounts_and_the_servers_own_groups(
        self, subject: dict[str, str], becomes: dict[str, str]
    ) -> None:
        assert subjects_of(subject)[0] == [becomes]

    def test_names_that_are_filled_in_are_not_taken(self) -> None:
        template = captured(quota("q", ttl="1", project_name="2", namespace="3"))
        assert [each["name"] for each in template["parameters"]] == [
            "TTL_2",
            "THE_PROJECT_NAME",
            "NAMESPACE_2",
        ]

    def test_the_namespaces_own_name_follows_it_in_selectors(self) -> None:
        label = "kubernetes.io/metadata.name"
        peers = [
            {"namespaceSelector": {"matchLabels": {label: "blue"}}},
            {"namespaceSelector": {"matchExpressions": [{"key": label, "values": ["blue", "red"]}]}},
            {"namespaceSelector": {"matchLabels": {"team": "blue"}}},
        ]
        policy = live("NetworkPolicy", "p", spec={"ingress": [{"from": peers}]})
        one, other, third = captured(policy)["objects"][1]["spec"]["ingress"][0]["from"]
        assert one["namespaceSelector"]["matchLabels"] == {label: "${NAMESPACE}"}
        assert other["namespaceSelector"]["matchExpressions"][0]["values"] == ["${NAMESPACE}", "red"]
        assert third == peers[2]

    def test_and_in_rules_about_it(self) -> None:
        mine = {"resources": ["namespaces"], "resourceNames": ["blue"], "verbs": ["get"]}
        other = {"resources": ["configmaps"], "resourceNames": ["blue"], "verbs": ["get"]}
        rules = captured(live("Role", "r", rules=[mine, other]))["objects"][1]["rules"]
        assert [rule["resourceNames"] for rule in rules] == [["${NAMESPACE}"], ["blue"]]


class TestEscaping:
    TEXTS = (
        "${A}", "$${A}", "$$${A}", "x ${A} ${B_1}", "${{A}}", "$${{A}}", "$$${{A}}", "x ${{A}}", "${{A}} ",
        "$A", "${A-B}", "${}", "$", "${${A}}", "{{A}}",
    )  # fmt: skip

    @pytest.mark.parametrize("text", TEXTS)
    def test_a_text_comes_out_as_it_was(self, text: str) -> None:
        annotations = {"example.com/x": text}
        found = capture(Live("red", {"metadata": {"annotations": annotations}}), "t")
        [namespace] = datas(expanded(found.text))
        assert namespace["metadata"] == {"name": "blue", "annotations": annotations}

    def test_keys_too(self) -> None:
        assert escaped({"${A}": ["${B}", 1, None]}, str) == {"$${A}": ["$${B}", 1, None]}


def test_the_text_says_what_it_is() -> None:
    text = capture(Live("blue", {}), "web").text
    assert text.startswith("# web: the policy that the namespace blue had: ")
    assert "description: Captured from the namespace blue." in text
    assert "\nparameters:" not in text
