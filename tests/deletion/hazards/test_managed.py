import pytest

from kubectl_ns_tools.deletion.hazards.hazard import Effect, Severity
from tests.deletion.hazards.surroundings import Surroundings

pytestmark = pytest.mark.integration

HELM = "meta.helm.sh/release-"
FLUX = "kustomize.toolkit.fluxcd.io/"


def test_a_namespace_that_nobody_manages(around: Surroundings) -> None:
    around.mark(labels={"app": "a"}, annotations={"b": "c"})
    assert around.hazards("managed") == []


@pytest.mark.parametrize(
    ("marks", "words", "remedy"),
    [
        ({"argocd.argoproj.io/tracking-id": "shop:/Namespace:blue/blue"}, '"shop" holds', "source"),
        (
            {f"{FLUX}name": "apps", f"{FLUX}namespace": "flux-system"},
            "kustomization/apps -n flux-system (Flux)",
            "flux suspend kustomization apps -n flux-system",
        ),
        (
            {"helm.toolkit.fluxcd.io/name": "web", "helm.toolkit.fluxcd.io/namespace": "flux-system"},
            "helmrelease/web -n flux-system (Flux)",
            "flux suspend helmrelease web -n flux-system",
        ),
        (
            {f"{HELM}name": "web; rm", f"{HELM}namespace": "ops"},
            '"web; rm" of namespace ops holds',
            "helm get manifest 'web; rm' -n ops",
        ),
        (
            {"hnc.x-k8s.io/subnamespace-of": "team"},
            "a subnamespace of team",
            "kubectl delete subnamespaceanchor",
        ),
    ],
    ids=["argo", "flux", "flux-helm", "helm", "hnc"],
)
def test_who_makes_it_again(around: Surroundings, marks: dict[str, str], words: str, remedy: str) -> None:
    around.mark(annotations=marks)
    (found,) = around.hazards("managed")
    assert (found.severity, found.effect) == (Severity.WARNING, Effect.RETURNS)
    assert words in found.summary
    assert remedy in found.remedy


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("field.cattle.io/projectId", "the Rancher project p1"),
        ("capsule.clastix.io/tenant", "the Capsule tenant p1"),
    ],
)
def test_whose_it_is(around: Surroundings, key: str, words: str) -> None:
    around.mark(labels={key: "p1"})
    (found,) = around.hazards("managed")
    assert (found.severity, found.effect) == (Severity.INFO, Effect.NOTES)
    assert found.summary == f"it belongs to {words}"


def test_a_release_that_is_kept_in_here_is_forgotten(around: Surroundings) -> None:
    around.mark(annotations={f"{HELM}name": "web", f"{HELM}namespace": around.namespace})
    (found,) = around.hazards("managed")
    assert (found.effect, found.remedy) == (Effect.NOTES, f"helm uninstall web -n {around.namespace}")
