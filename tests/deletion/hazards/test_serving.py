from typing import Any

import pytest

from kubectl_ns_tools.deletion.hazards.serving import Service, service_of

WEB = Service("blue", "web")


@pytest.mark.parametrize(
    ("config", "wanted"),
    [
        ({"service": {"namespace": "blue", "name": "web", "path": "/x"}}, WEB),
        ({"url": "https://web.blue.svc:8443/x"}, WEB),
        ({"url": "https://WEB.blue.svc.cluster.local./x"}, WEB),
        ({"url": "https://pod-0.web.blue.svc.cluster.local"}, WEB),
        ({"url": "https://blue.svc"}, None),
        ({"url": "https://hooks.example.com/web.blue.svc"}, None),
        ({"url": "https://web.blue.svcs"}, None),
        ({"url": "https://[::1"}, None),
        ({"url": None, "service": None}, None),
        ({"service": "web"}, None),
        ({}, None),
    ],
)
def test_the_service_that_a_client_config_names(config: Any, wanted: Service | None) -> None:
    assert service_of(config) == wanted


def test_a_service_is_called_by_its_place() -> None:
    assert (WEB.label("blue"), WEB.label("green")) == ("service/web", "service/web -n blue")
