import pytest

from kubectl_ns_tools.deletion.restore.order import LAST, TOKEN_TYPE, level_of
from tests.deletion.restore.builders import manifest

RBAC, NETWORK = "rbac.authorization.k8s.io/v1", "networking.k8s.io/v1"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (manifest("PersistentVolumeClaim"), manifest("Secret")),
        (manifest("ServiceAccount"), manifest("Secret", type=TOKEN_TYPE)),
        (manifest("Role", api_version=RBAC), manifest("RoleBinding", api_version=RBAC)),
        (manifest("LimitRange"), manifest("Pod")),
        (manifest("NetworkPolicy", api_version=NETWORK), manifest("Deployment", api_version="apps/v1")),
        (manifest("RoleBinding", api_version=RBAC), manifest("Job", api_version="batch/v1")),
        (manifest("Service"), manifest("StatefulSet", api_version="apps/v1")),
        (
            manifest("Deployment", api_version="apps/v1"),
            manifest("HorizontalPodAutoscaler", api_version="autoscaling/v2"),
        ),
        (manifest("Ingress", api_version=NETWORK), manifest("Widget", api_version="example.com/v1")),
        (manifest("Pod"), manifest("Deployment", api_version="example.com/v1")),
        (manifest("Widget", api_version="example.com/v1"), manifest("ResourceQuota")),
    ],
    ids=lambda each: f"{each['kind']} of {each['apiVersion']}",
)
def test_what_others_need_comes_first(before: dict, after: dict) -> None:
    assert level_of(before) < level_of(after)


def test_quotas_are_the_last_of_all() -> None:
    assert level_of(manifest("ResourceQuota")) == LAST
    assert level_of(manifest("Anything", api_version="example.com/v1")) < LAST
