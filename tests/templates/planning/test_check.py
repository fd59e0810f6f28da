import pytest

from kubectl_ns_tools.errors import ExitCode, Refused
from kubectl_ns_tools.templates.planning.check import ServedKinds
from kubectl_ns_tools.templates.planning.plan import plan_creation
from tests.templates.builders import DEPLOYMENTS, PODS, SERVED, objects
from tests.templates.planning.test_kinds import DEFINITION

WIDGET = "    ---\n    {apiVersion: example.com/v1, kind: Widget, metadata: {name: w}}\n"


def problem(text: str) -> str:
    found = objects(text)
    return ServedKinds(SERVED, found).problem(found[-1])


@pytest.mark.parametrize(
    ("api_version", "kind", "said"),
    [
        ("v1", "Pod", ""),
        ("v2", "Pod", 'no matches for kind "Pod" in version "v2" (this cluster serves Pod in v1)'),
        (
            "extensions/v1beta1",
            "Deployment",
            'no matches for kind "Deployment" in version "extensions/v1beta1"'
            " (this cluster serves Deployment in apps/v1)",
        ),
        (
            "v1",
            "Configmap",
            'no matches for kind "Configmap" in version "v1"'
            " (ensure CRDs are installed first) (did you mean ConfigMap?)",
        ),
        (
            "example.com/v1",
            "Widget",
            'no matches for kind "Widget" in version "example.com/v1" (ensure CRDs are installed first)',
        ),
    ],
)
def test_a_kind_that_is_not_served_is_told_in_kubectls_words(api_version: str, kind: str, said: str) -> None:
    text = f"# comment\nkind: {kind}\napiVersion: {api_version}\n"
    assert problem(text) == (f"f.yaml:3: {said}" if said else "")


def test_a_definition_in_the_file_makes_its_kind_acceptable_and_new() -> None:
    found = objects(DEFINITION.format(scope="Namespaced") + WIDGET)
    kinds = ServedKinds(SERVED, found)
    assert kinds.problem(found[1]) == ""
    assert kinds.is_new(found[1])
    assert kinds.resource(found[1]).path("blue", "w") == "/apis/example.com/v1/namespaces/blue/widgets/w"
    assert "v2" in problem(DEFINITION.format(scope="Cluster") + WIDGET.replace("v1", "v2"))


def test_a_served_kind_is_where_the_cluster_has_it() -> None:
    pod, deployment = objects("{apiVersion: v1, kind: Pod}\n---\n{apiVersion: apps/v1, kind: Deployment}")
    kinds = ServedKinds(SERVED, [pod, deployment])
    assert (kinds.resource(pod), kinds.resource(deployment)) == (PODS, DEPLOYMENTS)
    assert not kinds.is_new(pod)


def test_every_wrong_version_is_in_one_error() -> None:
    found = objects("""\
        {apiVersion: v2, kind: Pod, metadata: {name: a, namespace: red}}
        ---
        {apiVersion: v1, kind: Pod, metadata: {name: b, namespace: red}}
        ---
        {apiVersion: apps/v2, kind: Deployment, metadata: {name: c}}
    """)
    with pytest.raises(Refused) as caught:
        plan_creation(found, ServedKinds(SERVED, found), "blue")
    assert [line.partition(" ")[0] for line in caught.value.problems] == [
        "f.yaml:1:",
        "f.yaml:1:",
        "f.yaml:3:",
        "f.yaml:5:",
    ]
    assert caught.value.exit_code == ExitCode.REFUSED
