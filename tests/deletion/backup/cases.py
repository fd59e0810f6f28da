"""An object of each kind in the table of what is cleaned, as somebody would send it."""

import base64
from typing import Any

CONTAINER = {"name": "main", "image": "registry.example.com/none"}
LABELS = {"app": "x"}
TEMPLATE = {"metadata": {"labels": LABELS}, "spec": {"containers": [CONTAINER]}}
SELECTED = {"selector": {"matchLabels": LABELS}, "template": TEMPLATE}
JOB = {"template": {"spec": {"containers": [CONTAINER], "restartPolicy": "Never"}}}
# Of a class that has no volumes: a claim of none would be given one that another test has just made.
CLAIM = {
    "accessModes": ["ReadWriteOnce"],
    "resources": {"requests": {"storage": "1Gi"}},
    "storageClassName": "none",
}
PORTS = [{"name": "a", "port": 80}, {"name": "b", "port": 443}]
ADDRESS = {"addresses": ["192.0.2.1"]}
TARGET = {"kind": "Deployment", "name": "x", "apiVersion": "apps/v1"}
CPU = {
    "type": "Resource",
    "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}},
}

# Kind, plural, and what is sent besides name and namespace.
CASES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "ConfigMap": ("v1", "configmaps", {"data": {"a": "1e3", "b": "on\n", "c": ""}, "immutable": True}),
    "CronJob": ("batch/v1", "cronjobs", {"spec": {"schedule": "0 0 1 1 *", "jobTemplate": {"spec": JOB}}}),
    "DaemonSet": ("apps/v1", "daemonsets", {"spec": SELECTED}),
    "Deployment": ("apps/v1", "deployments", {"spec": {"replicas": 2, **SELECTED}}),
    "Endpoints": (
        "v1",
        "endpoints",
        {"subsets": [{"addresses": [{"ip": "192.0.2.1"}], "ports": [{"port": 80}]}]},
    ),
    "EndpointSlice": (
        "discovery.k8s.io/v1",
        "endpointslices",
        {"addressType": "IPv4", "endpoints": [ADDRESS], "ports": [{"port": 80}]},
    ),
    "HorizontalPodAutoscaler": (
        "autoscaling/v2",
        "horizontalpodautoscalers",
        {"spec": {"scaleTargetRef": TARGET, "maxReplicas": 3, "metrics": [CPU]}},
    ),
    "Ingress": (
        "networking.k8s.io/v1",
        "ingresses",
        {"spec": {"defaultBackend": {"service": {"name": "x", "port": {"number": 80}}}}},
    ),
    "Job": ("batch/v1", "jobs", {"spec": JOB}),
    "LimitRange": ("v1", "limitranges", {"spec": {"limits": [{"type": "Pod", "max": {"cpu": "2000m"}}]}}),
    "NetworkPolicy": ("networking.k8s.io/v1", "networkpolicies", {"spec": {"podSelector": {}}}),
    "PersistentVolumeClaim": ("v1", "persistentvolumeclaims", {"spec": CLAIM}),
    "Pod": ("v1", "pods", {"spec": {"containers": [CONTAINER], "volumes": [{"name": "v", "emptyDir": {}}]}}),
    "PodDisruptionBudget": ("policy/v1", "poddisruptionbudgets", {"spec": {"minAvailable": 1}}),
    "PodTemplate": ("v1", "podtemplates", {"template": TEMPLATE}),
    "ReplicaSet": ("apps/v1", "replicasets", {"spec": SELECTED}),
    "ReplicationController": (
        "v1",
        "replicationcontrollers",
        {"spec": {"selector": LABELS, "template": TEMPLATE}},
    ),
    "ResourceQuota": ("v1", "resourcequotas", {"spec": {"hard": {"configmaps": "100", "cpu": "2000m"}}}),
    "Role": (
        "rbac.authorization.k8s.io/v1",
        "roles",
        {"rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]},
    ),
    "RoleBinding": (
        "rbac.authorization.k8s.io/v1",
        "rolebindings",
        {
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "x"},
            "subjects": [{"kind": "ServiceAccount", "name": "x", "namespace": "blue"}],
        },
    ),
    "Secret": ("v1", "secrets", {"type": "Opaque", "data": {"a": base64.b64encode(b"\0").decode()}}),
    "Secret of Helm": ("v1", "secrets", {"type": "helm.sh/release.v1", "data": {"release": "eA=="}}),
    "Service": ("v1", "services", {"spec": {"selector": LABELS, "ports": PORTS}}),
    "Service, a name": ("v1", "services", {"spec": {"type": "ExternalName", "externalName": "example.com"}}),
    "Service, headless": (
        "v1",
        "services",
        {"spec": {"clusterIP": "None", "selector": LABELS, "ports": PORTS}},
    ),
    "Service, on nodes": (
        "v1",
        "services",
        {"spec": {"type": "NodePort", "selector": LABELS, "ports": PORTS}},
    ),
    "Service, balanced": (
        "v1",
        "services",
        {
            "spec": {
                "type": "LoadBalancer",
                "externalTrafficPolicy": "Local",
                "selector": LABELS,
                "ports": PORTS,
            }
        },
    ),
    "ServiceAccount": ("v1", "serviceaccounts", {"imagePullSecrets": [{"name": "x"}]}),
    "StatefulSet": (
        "apps/v1",
        "statefulsets",
        {
            "spec": {
                "serviceName": "x",
                "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": CLAIM}],
                **SELECTED,
            }
        },
    ),
}
