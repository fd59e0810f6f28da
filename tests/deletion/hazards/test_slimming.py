from kubectl_ns_tools.deletion.hazards.slimming import slim_pod


def test_a_pod_keeps_only_what_the_checks_look_at() -> None:
    whole = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "web", "uid": "u", "managedFields": ["…"], "annotations": {"a": "b"}},
        "spec": {
            "nodeName": "n",
            "containers": ["…"],
            "volumes": [
                {"name": "db", "persistentVolumeClaim": {"claimName": "data", "readOnly": True}},
                {"name": "scratch", "ephemeral": {"volumeClaimTemplate": {}}},
                {"name": "token", "projected": {"sources": []}},
            ],
        },
        "status": {"phase": "Running", "containerStatuses": ["…"]},
    }
    assert slim_pod(whole) == {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "web", "uid": "u"},
        "spec": {
            "nodeName": "n",
            "volumes": [
                {"persistentVolumeClaim": {"claimName": "data"}},
                {"persistentVolumeClaim": {"claimName": "web-scratch"}},
            ],
        },
        "status": {"phase": "Running"},
    }
