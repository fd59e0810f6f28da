"""What of a namespace is a parameter: the numbers of quotas, the people in bindings, its name."""

import re
from collections.abc import Hashable, Mapping
from typing import Any

_FILLED = frozenset({"NAMESPACE", "REQUESTER", "CONTEXT", "DATE", "EXPIRES", "TTL"})
_OF_PROJECTS = "PROJECT_"  # OpenShift fills in several of them
_NAMESPACE, _NAME_LABEL = "${NAMESPACE}", "kubernetes.io/metadata.name"
_RBAC = "rbac.authorization.k8s.io"


class Parameters:
    """The parameters found so far, as a template declares them."""

    def __init__(self) -> None:
        self.declared: list[dict[str, Any]] = []
        self._names: dict[Hashable, str] = {}

    def reference(self, meant: Hashable, name: str, **fields: Any) -> str:
        """`${NAME}` for a parameter. meant: what it stands for, so that the same twice is one parameter;
        name: how it is called, if that is free."""
        if meant not in self._names:
            self._names[meant] = self._free(_as_name(name))
            self.declared.append({"name": self._names[meant], **fields})
        return f"${{{self._names[meant]}}}"

    def literal(self, text: str) -> str:
        """For a text that has no other way into a template."""
        return self.reference(text, "TEXT", description="A text that cannot be written literally", value=text)

    def _free(self, name: str) -> str:
        taken = {*self._names.values(), *_FILLED}
        if name.startswith(_OF_PROJECTS):
            name = f"THE_{name}"
        number, free = 2, name
        while free in taken:
            number, free = number + 1, f"{name}_{number}"
        return free


def parametrised(data: Mapping[str, Any], namespace: str, parameters: Parameters) -> dict[str, Any]:
    """A cleaned and escaped object of the namespace, with references in it."""
    changed = {
        "Namespace": _namespace,
        "ResourceQuota": _quota,
        "NetworkPolicy": _network_policy,
        "Role": _role,
        "RoleBinding": _binding,
    }.get(data["kind"])
    return changed(data, namespace, parameters) if changed else dict(data)


def _namespace(data: Mapping[str, Any], namespace: str, parameters: Parameters) -> dict[str, Any]:
    return {**data, "metadata": {**data["metadata"], "name": _NAMESPACE}}


def _quota(data: Mapping[str, Any], namespace: str, parameters: Parameters) -> dict[str, Any]:
    name, spec = data["metadata"]["name"], data.get("spec") or {}
    hard = {
        key: parameters.reference(
            ("quota", name, key),
            key if _as_name(key) not in _called(parameters) else f"{name}_{key}",
            description=f"{key} of the quota {name}",
            type="quantity",
            value=str(value),
            required=True,
            minimum="0",
        )
        for key, value in (spec.get("hard") or {}).items()
    }
    return {**data, "spec": {**spec, "hard": hard}}


def _network_policy(data: Mapping[str, Any], namespace: str, parameters: Parameters) -> dict[str, Any]:
    return {**data, "spec": _selecting(data.get("spec"), namespace)}


def _selecting(value: Any, namespace: str) -> Any:
    """The same with selectors of the namespace by its name that follow it."""
    if isinstance(value, list):
        return [_selecting(item, namespace) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("key") == _NAME_LABEL and isinstance(value.get("values"), list):
        return {**value, "values": [_own(each, namespace) for each in value["values"]]}
    return {
        key: _own(item, namespace) if key == _NAME_LABEL else _selecting(item, namespace)
        for key, item in value.items()
    }


def _role(data: Mapping[str, Any], namespace: str, parameters: Parameters) -> dict[str, Any]:
    rules = [
        {**rule, "resourceNames": [_own(each, namespace) for each in rule["resourceNames"]]}
        if rule.get("resourceNames") and "namespaces" in (rule.get("resources") or ())
        else rule
        for rule in data.get("rules") or ()
    ]
    return {**data, "rules": rules}


def _binding(data: Mapping[str, Any], namespace: str, parameters: Parameters) -> dict[str, Any]:
    role = data["roleRef"]["name"]
    subjects = [_subject(each, role, namespace, parameters) for each in data.get("subjects") or ()]
    return {**data, **({"subjects": subjects} if subjects else {})}


def _subject(subject: Mapping[str, Any], role: str, namespace: str, parameters: Parameters) -> dict[str, Any]:
    """Accounts of the namespace itself, and the server's own groups, stay who they are."""
    kind, name, home = subject["kind"], subject["name"], subject.get("namespace", "")
    if kind == "ServiceAccount" and home in ("", namespace):  # a RoleBinding need not say it
        return {**subject, **({"namespace": _NAMESPACE} if home else {})}
    if name.startswith("system:"):
        return {**subject, "name": _of_accounts(name, namespace)}
    what = {"User": "user", "Group": "group"}.get(kind, f"ServiceAccount of {home}")
    suffix = {"User": "USER", "Group": "GROUP"}.get(kind, "ACCOUNT")
    reference = parameters.reference(
        ("subject", role, kind, name, home),
        f"{role}_{suffix}",
        description=f"A {what} with the role {role}; empty for none",
        value=name,
    )
    return {**subject, "name": reference}


def _of_accounts(name: str, namespace: str) -> str:
    """`system:serviceaccounts:blue` and `system:serviceaccount:blue:ci`, of the new namespace."""
    head, kind, *rest = name.split(":", 3)
    if kind not in ("serviceaccounts", "serviceaccount") or not rest:
        return name
    return ":".join([head, kind, _own(rest[0], namespace), *rest[1:]])


def _own(text: Any, namespace: str) -> Any:
    return _NAMESPACE if text == namespace else text


def _as_name(text: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "_", text.upper()).strip("_") or "VALUE"


def _called(parameters: Parameters) -> set[str]:
    return {each["name"] for each in parameters.declared}
