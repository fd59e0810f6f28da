from typing import Any

import pytest

from kubectl_ns_tools.deletion.hazards.hazard import Effect, Severity
from tests.deletion.hazards.surroundings import Surroundings

pytestmark = pytest.mark.integration

GROUP = "gateway.networking.k8s.io"
ELSEWHERE: dict[str, Any] = {
    "parentRefs": [{"name": "g"}],
    "rules": [{"backendRefs": [{"name": "s", "port": 80}]}],
}


def test_where_the_gateway_api_is_not_served_nothing_is_found(around: Surroundings) -> None:
    assert around.hazards("routes") == around.hazards("reference-grants") == []


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({"parentRefs": [{"name": "g", "namespace": "HERE"}]}, "gateway/g"),
        ({"rules": [{"backendRefs": [{"name": "s", "namespace": "HERE", "port": 80}]}]}, "service/s"),
        ({"rules": [{"backendRefs": [{"kind": "Bucket", "name": "b", "namespace": "HERE"}]}]}, "bucket/b"),
        (
            {"rules": [{"filters": [{"requestMirror": {"backendRef": {"name": "m", "namespace": "HERE"}}}]}]},
            "service/m",
        ),
    ],
    ids=["parent", "backend", "backend of another kind", "mirror"],
)
def test_a_route_elsewhere_with_a_reference_to_here(
    around: Surroundings, spec: dict[str, Any], words: str
) -> None:
    api = around.definition(f"httproutes.{GROUP}", "HTTPRoute")
    name = around.custom_in(around.other, api, "httproutes", spec=_here(spec, around.namespace))
    around.custom_in(around.namespace, api, "httproutes", spec=_here(spec, around.namespace))
    around.custom_in(around.other, api, "httproutes", spec=ELSEWHERE)
    (found,) = around.hazards("routes")
    assert (found.severity, found.effect) == (Severity.DANGER, Effect.BREAKS)
    assert found.objects == (f"httproute.{GROUP}/{name} -n {around.other}",)
    assert found.summary.endswith(f"refers to {words} of here")


def _here(value: Any, namespace: str) -> Any:
    if isinstance(value, dict):
        return {key: _here(part, namespace) for key, part in value.items()}
    if isinstance(value, list):
        return [_here(part, namespace) for part in value]
    return namespace if value == "HERE" else value


def test_a_gateway_elsewhere_with_a_certificate_in_here(around: Surroundings) -> None:
    api = around.definition(f"gateways.{GROUP}", "Gateway")
    reference = {"name": "cert", "namespace": around.namespace}
    spec = {"listeners": [{"tls": {"certificateRefs": [reference]}}, None]}
    name = around.custom_in(around.other, api, "gateways", spec=spec)
    (found,) = around.hazards("routes")
    assert found.objects == (f"gateway.{GROUP}/{name} -n {around.other}",)
    assert found.summary.endswith("refers to secret/cert of here")


def test_a_grant_elsewhere_for_this_namespace(around: Surroundings) -> None:
    api = around.definition(f"referencegrants.{GROUP}", "ReferenceGrant")
    source = {"group": GROUP, "kind": "HTTPRoute", "namespace": around.namespace}
    name = around.custom_in(around.other, api, "referencegrants", spec={"from": [source, None]})
    around.custom_in(around.other, api, "referencegrants", spec={"from": "nonsense"})
    (found,) = around.hazards("reference-grants")
    assert (found.severity, found.effect) == (Severity.INFO, Effect.LEAVES)
    assert found.objects == (f"referencegrant.{GROUP}/{name} -n {around.other}",)
    assert "goes on letting HTTPRoute of a namespace of this name in" in found.summary
