"""How server-side apply looks at a field when two appliers set it: as one value, or item by item.

What the OpenAPI of Kubernetes 1.36 says by x-kubernetes-list-type, -list-map-keys and -map-type, without what
is in a status; a list that is not named here is one value, as are all lists of custom resources, whose schema
only a cluster knows. tests/templates/test_field_rules.py compares it with a real server.
"""

from collections.abc import Mapping

from kubectl_ns_tools.templates.planning.kinds import is_builtin_group

Names = tuple[str, ...]

_CONTAINERS = ("containers", "initContainers", "ephemeralContainers")
_NAME: Names = ("name",)
# By the names of the field around the list and of the list itself; "" is the object.
_KEYS: Mapping[tuple[str, str], Names] = {
    ("metadata", "ownerReferences"): ("uid",),
    **{("spec", name): _NAME for name in _CONTAINERS},
    ("spec", "volumes"): _NAME,
    ("spec", "imagePullSecrets"): _NAME,
    ("spec", "resourceClaims"): _NAME,
    ("spec", "schedulingGates"): _NAME,
    ("spec", "hostAliases"): ("ip",),
    ("spec", "topologySpreadConstraints"): ("topologyKey", "whenUnsatisfiable"),
    **{(name, "env"): _NAME for name in _CONTAINERS},
    **{(name, "ports"): ("containerPort", "protocol") for name in _CONTAINERS},
    **{(name, "volumeMounts"): ("mountPath",) for name in _CONTAINERS},
    **{(name, "volumeDevices"): ("devicePath",) for name in _CONTAINERS},
    ("resources", "claims"): _NAME,
    ("", "webhooks"): _NAME,
    ("webhooks", "matchConditions"): _NAME,
    ("spec", "matchConditions"): _NAME,
    ("spec", "drivers"): _NAME,
}
_OF_KINDS: Mapping[tuple[str, str, str], Names] = {
    ("Service", "spec", "ports"): ("port", "protocol"),
    ("ServiceAccount", "", "secrets"): _NAME,
    ("ValidatingAdmissionPolicy", "spec", "variables"): _NAME,
}
_SETS = frozenset(
    {
        ("metadata", "finalizers"),
        ("spec", "podCIDRs"),
        ("spec", "validationActions"),
        ("spec", "volumeLifecycleModes"),
    }
)
DEFAULTS = {"protocol": "TCP"}  # what a key is when an item does not say
_ATOMIC_MAPS = frozenset(
    """
    configMapKeyRef controllerExpandSecretRef controllerPublishSecretRef dataSource fieldRef
    fileKeyRef involvedObject labelSelector matchConstraints matchResources namespaceSelector
    nodeExpandSecretRef nodePublishSecretRef nodeSelector nodeStageSecretRef nodeTopology objectSelector
    paramKind paramRef podSelector preference regarding related required
    requiredDuringSchedulingIgnoredDuringExecution resource resourceFieldRef roleRef
    scopeSelector secretKeyRef secretRef selector targetRef
    """.split()
)
_INGRESS_PORT = ("service", "port")


def list_keys(group: str, kind: str, names: Names) -> Names:
    """The keys that tell the items of a list apart; () for a list that is one value, or a set.

    names: of the fields down to the list, items of lists left out: ("spec", "containers", "env").
    """
    if not is_builtin_group(group):
        return ()
    around, name = _last_two(names)
    return _OF_KINDS.get((kind, around, name)) or _KEYS.get((around, name), ())


def is_set(group: str, names: Names) -> bool:
    """Whether a list is a set of values."""
    return is_builtin_group(group) and _last_two(names) in _SETS


def is_atomic_map(names: Names) -> bool:
    """Whether a mapping is one value, such as a selector, whose parts mean nothing by themselves."""
    return bool(names) and (names[-1] in _ATOMIC_MAPS or names[-2:] == _INGRESS_PORT)


def _last_two(names: Names) -> tuple[str, str]:
    around, name = ("", *names)[-2:]
    return around, name
