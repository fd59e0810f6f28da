import json
import shlex
from typing import Any

import pytest

from kubectl_ns_tools.deletion.hazards.hazard import Effect, Hazard, Severity
from tests.deletion.hazards.surroundings import Surroundings

pytestmark = pytest.mark.integration

ARGO, SETS, FLUX = "argo-applications", "argo-application-sets", "flux"
IN_CLUSTER = "https://kubernetes.default.svc"
CHECKS = (ARGO, SETS, FLUX, "operator-groups", "velero", "hnc", "capsule")


@pytest.mark.parametrize("check", CHECKS)
def test_where_the_kinds_are_not_served_nothing_is_found(around: Surroundings, check: str) -> None:
    assert around.hazards(check) == []


def application(around: Surroundings, automated: Any, **destination: str) -> dict[str, Any]:
    place = {"namespace": around.namespace, "server": IN_CLUSTER, **destination}
    return {"destination": place, "syncPolicy": {"automated": automated}}


def argo(around: Surroundings, *specs: Any) -> list[Hazard]:
    api = around.definition("applications.argoproj.io", "Application", versions=("v1alpha1",))
    for spec in specs:
        around.custom_in(around.other, api, "applications", spec=spec)
    return around.hazards(ARGO)


def carry_out(around: Surroundings, remedy: str, path: str) -> Any:
    """Does what a `kubectl patch … -p PATCH` would do; returns the patched object."""
    words = shlex.split(remedy)
    assert words[:2] == ["kubectl", "patch"]
    status, answer = around.api.call(
        "PATCH", path, json.loads(words[words.index("-p") + 1]), "application/merge-patch+json"
    )
    assert status == 200
    return answer


@pytest.mark.parametrize(
    ("automated", "when"), [({}, "with the next commit"), ({"selfHeal": True}, "at once")]
)
def test_argo_cd_makes_it_again(around: Surroundings, automated: Any, when: str) -> None:
    (found,) = argo(around, application(around, automated))
    assert (found.severity, found.effect) == (Severity.WARNING, Effect.RETURNS)
    assert found.summary.endswith(f"makes the content again {when}")
    (label,) = found.objects
    name = label.partition("/")[2].partition(" ")[0]
    path = f"/apis/argoproj.io/v1alpha1/namespaces/{around.other}/applications/{name}"
    assert "automated" not in carry_out(around, found.remedy, path)["spec"]["syncPolicy"]
    assert [hazard.severity for hazard in around.hazards(ARGO)] == [Severity.INFO]


@pytest.mark.parametrize("automated", [None, {"enabled": False}])
def test_argo_cd_leaves_it_to_somebody(around: Surroundings, automated: Any) -> None:
    (found,) = argo(around, application(around, automated))
    assert (found.severity, found.effect) == (Severity.INFO, Effect.RETURNS)
    assert found.remedy == ""


def test_applications_for_elsewhere_are_none_of_its_business(around: Surroundings) -> None:
    found = argo(
        around,
        application(around, {}, namespace=around.other),
        application(around, {}, server="https://other.example.com"),
        {"destination": {"namespace": around.namespace, "name": "production"}},
        {"destination": None},
        None,
        "nonsense",
    )
    assert found == []


def test_an_application_in_here_goes_too(around: Surroundings) -> None:
    api = around.definition("applications.argoproj.io", "Application", versions=("v1alpha1",))
    around.custom_in(around.namespace, api, "applications", spec=application(around, {}))
    assert around.hazards(ARGO) == []


def test_an_application_set_makes_such_applications(around: Surroundings) -> None:
    api = around.definition("applicationsets.argoproj.io", "ApplicationSet", versions=("v1alpha1",))
    spec = {"template": {"spec": application(around, {"selfHeal": True})}}
    name = around.custom_in(around.other, api, "applicationsets", spec=spec)
    around.custom_in(around.other, api, "applicationsets", spec={"template": {"spec": None}})
    (found,) = around.hazards(SETS)
    assert (found.severity, found.effect) == (Severity.WARNING, Effect.RETURNS)
    patched = carry_out(around, found.remedy, f"{api}/namespaces/{around.other}/applicationsets/{name}")
    assert "automated" not in patched["spec"]["template"]["spec"]["syncPolicy"]


@pytest.mark.parametrize(
    ("group", "plural", "kind"),
    [("kustomize", "kustomizations", "Kustomization"), ("helm", "helmreleases", "HelmRelease")],
)
def test_flux_makes_it_again_unless_suspended(
    around: Surroundings, group: str, plural: str, kind: str
) -> None:
    api = around.definition(f"{plural}.{group}.toolkit.fluxcd.io", kind)
    name = around.custom_in(around.other, api, plural, spec={"targetNamespace": around.namespace})
    around.custom_in(around.other, api, plural, spec={"targetNamespace": around.other})
    (found,) = around.hazards(FLUX)
    assert (found.severity, found.effect) == (Severity.WARNING, Effect.RETURNS)
    assert found.objects == (f"{kind.lower()}.{group}.toolkit.fluxcd.io/{name} -n {around.other}",)
    carry_out(around, found.remedy, f"{api}/namespaces/{around.other}/{plural}/{name}")
    assert around.hazards(FLUX) == []


@pytest.mark.parametrize("entry", ["_{}__Namespace", "{}_web_apps_Deployment"], ids=["itself", "content"])
def test_flux_knows_what_it_has_made(around: Surroundings, entry: str) -> None:
    api = around.definition("kustomizations.kustomize.toolkit.fluxcd.io", "Kustomization")
    for namespace in (around.namespace, around.other):
        status = {"inventory": {"entries": [{"id": entry.format(namespace), "v": "v1"}, None]}}
        around.custom_in(around.other, api, "kustomizations", spec={}, status=status)
    assert [found.effect for found in around.hazards(FLUX)] == [Effect.RETURNS]


@pytest.mark.parametrize(
    ("check", "plural", "kind", "spec"),
    [
        (
            "operator-groups",
            "operatorgroups.operators.coreos.com",
            "OperatorGroup",
            '{"targetNamespaces": ["a", "HERE"]}',
        ),
        ("velero", "schedules.velero.io", "Schedule", '{"template": {"includedNamespaces": ["HERE"]}}'),
    ],
    ids=["olm", "velero"],
)
def test_who_goes_on_to_look_for_it(
    around: Surroundings, check: str, plural: str, kind: str, spec: str
) -> None:
    api, name = around.definition(plural, kind), plural.partition(".")[0]
    around.custom_in(around.other, api, name, spec={"template": 7, "targetNamespaces": "a"})
    there = json.loads(spec.replace("HERE", around.namespace))
    made = around.custom_in(around.other, api, name, spec=there)
    (found,) = around.hazards(check)
    assert (found.severity, found.effect) == (Severity.INFO, Effect.LEAVES)
    assert found.objects == (f"{kind.lower()}.{plural.partition('.')[2]}/{made} -n {around.other}",)


def test_a_capsule_tenant_counts_it(around: Surroundings) -> None:
    api = around.definition("tenants.capsule.clastix.io", "Tenant", scope="Cluster")
    around.custom_in("", api, "tenants", status={"namespaces": [None, around.other]})
    name = around.custom_in("", api, "tenants", status={"namespaces": [around.namespace]})
    (found,) = around.hazards("capsule")
    assert (found.severity, found.effect) == (Severity.INFO, Effect.NOTES)
    assert found.objects == (f"tenant.capsule.clastix.io/{name}",)


def test_its_hierarchical_children_are_hurt(around: Surroundings) -> None:
    around.definition("hierarchyconfigurations.hnc.x-k8s.io", "HierarchyConfiguration")
    assert around.hazards("hnc") == []
    for depth, number in (("2", 0), ("1", 1)):
        labels = {f"{around.namespace}.tree.hnc.x-k8s.io/depth": depth}
        path = f"/api/v1/namespaces/{around.other}"
        around.api.call("PATCH", path, {"metadata": {"labels": labels}}, "application/merge-patch+json")
        assert len(around.hazards("hnc")) == number
    (found,) = around.hazards("hnc")
    assert (found.severity, found.effect) == (Severity.DANGER, Effect.BREAKS)
    assert found.objects == (f"namespace/{around.other}",)
