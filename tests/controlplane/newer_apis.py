"""Tests of APIs that only newer servers have.

    @pytest.mark.api("admissionregistration.k8s.io/v1", "mutatingadmissionpolicybindings", since="1.36")

What the server serves decides: where it has the API, the test runs. Only on an older one without it is it
skipped. docs/kubernetes-versions.md lists these tests.
"""

from tests.controlplane import versions
from tests.controlplane.api import Api


def lacking(api: Api, group_version: str, resource: str, since: str) -> str:
    """Why a test of this API cannot run on this server; "" if it can.

    AssertionError when the server is one of those that should have it.
    """
    status, answer = api.call("GET", f"/apis/{group_version}")
    if status == 200 and resource in {each["name"] for each in answer["resources"]}:
        return ""
    version = api.get("/version")["gitVersion"]
    reason = f"{version} has no {resource} in {group_version}, which is there since {since}"
    assert versions.release(version) < versions.release(since), reason
    return reason
