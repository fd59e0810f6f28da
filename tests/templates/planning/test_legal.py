import pytest

from kubectl_ns_tools.templates.planning.legal import MOST_ANNOTATIONS, problems_of
from tests.templates.builders import objects

LABEL = "must consist of alphanumeric characters"


def problems(header: str, metadata: str) -> list[str]:
    [manifest] = objects(f"{{{header},\nmetadata: {metadata}}}")
    return list(problems_of(manifest))


@pytest.mark.parametrize(
    ("header", "name", "word"),
    [
        ("apiVersion: v1, kind: ConfigMap", "Upper", "lowercase RFC 1123 subdomain"),
        ("apiVersion: v1, kind: ConfigMap", "a..b", "lowercase RFC 1123 subdomain"),
        ("apiVersion: v1, kind: ConfigMap", "a" * 254, "at most 253"),
        ("apiVersion: apps/v1, kind: Deployment", "a_b", "lowercase RFC 1123 subdomain"),
        ("apiVersion: rbac.authorization.k8s.io/v1, kind: Role", "a/b", "may not contain '/'"),
        ("apiVersion: rbac.authorization.k8s.io/v1, kind: Role", "..", "may not be '..'"),
        ("apiVersion: example.com/v1, kind: Widget", "a%b", "may not contain '%'"),
    ],
)
def test_names_that_no_server_takes(header: str, name: str, word: str) -> None:
    [problem] = problems(header, f"{{name: '{name}'}}")
    assert problem.startswith(f"f.yaml:2: metadata.name: '{name}' is no name: ")
    assert word in problem


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("apiVersion: v1, kind: ConfigMap", "kube-root-ca.crt"),
        ("apiVersion: rbac.authorization.k8s.io/v1, kind: Role", "system:controller:Foo"),
        ("apiVersion: example.com/v1, kind: Widget", "Whatever it is"),
        ("apiVersion: certificates.k8s.io/v1, kind: CertificateSigningRequest", "a:b"),
    ],
)
def test_names_that_some_server_takes(header: str, name: str) -> None:
    assert problems(header, f"{{name: '{name}'}}") == []


@pytest.mark.parametrize(
    ("labels", "problem"),
    [
        ("{a b: c}", f"metadata.labels: key 'a b': the name {LABEL}"),
        ("{A.com/b: c}", "metadata.labels: key 'A.com/b': the part before the slash: a lowercase RFC 1123"),
        ("{/b: c}", "metadata.labels: key '/b': the part before the slash: a lowercase RFC 1123"),
        ("{a: b c}", f"metadata.labels: value 'b c': a label {LABEL}"),
        ("{a: -b}", f"metadata.labels: value '-b': a label {LABEL}"),
        (f"{{a: {'b' * 64}}}", f"metadata.labels: value '{'b' * 64}': a label {LABEL}"),
    ],
)
def test_labels_that_no_server_takes(labels: str, problem: str) -> None:
    [found] = problems("apiVersion: v1, kind: Secret", f"{{name: s, labels: {labels}}}")
    assert found.startswith(f"f.yaml:2: {problem}")


def test_annotations_may_have_any_value_up_to_a_size() -> None:
    header = "apiVersion: v1, kind: Secret"
    assert problems(header, "{name: s, annotations: {a.b/c: 'any thing', d: ''}}") == []
    [found] = problems(header, f"{{name: s, annotations: {{a: {'x' * MOST_ANNOTATIONS}}}}}")
    assert (
        found
        == f"f.yaml:2: metadata.annotations: {MOST_ANNOTATIONS + 1} bytes, and at most 262144 are allowed"
    )


def test_what_is_no_string_is_told_elsewhere() -> None:
    assert problems("apiVersion: v1, kind: Secret", "{name: 5, labels: {a: true}, annotations: x}") == []


@pytest.mark.integration
@pytest.mark.parametrize(
    "metadata",
    [
        {"name": "Upper"},
        {"name": "a", "labels": {"a b": "c"}},
        {"name": "a", "labels": {"A.com/b": "c"}},
        {"name": "a", "labels": {"a": "b c"}},
        {"name": "a", "annotations": {"a b": "c"}},
    ],
)
def test_the_real_server_refuses_them_too(controlplane: object, metadata: dict[str, object]) -> None:
    body = {"metadata": metadata}
    path = "/api/v1/namespaces/default/configmaps?dryRun=All"
    status, _ = controlplane.api.call("POST", path, body)  # type: ignore[attr-defined]
    assert status == 422
