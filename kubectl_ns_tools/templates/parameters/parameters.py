"""The parameters that a template declares."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kubectl_ns_tools.goyaml import Node, Scalar, fields_of, find, resolved
from kubectl_ns_tools.templates.objects import Manifest
from kubectl_ns_tools.templates.parameters import checks
from kubectl_ns_tools.templates.parameters.checks import NO_CHECKS, Checks, declared_checks
from kubectl_ns_tools.templates.planning.problems import suggestion

# template.openshift.io/v1 Parameter
_OPENSHIFTS = ("name", "displayName", "description", "value", "generate", "from", "required")
FIELDS = (*_OPENSHIFTS, *checks.FIELDS)
_NAME = re.compile(r"[a-zA-Z0-9_]+\Z")


@dataclass(frozen=True)
class Parameter:
    """A declared parameter; `origin` is OpenShift's field `from`, `place` the file and line."""

    name: str
    place: str
    display_name: str = ""
    description: str = ""
    value: str = ""
    generate: str = ""
    origin: str = ""
    required: bool = False
    checks: Checks = NO_CHECKS

    @property
    def what_for(self) -> str:
        """What the template's author says it is for, "" if nothing."""
        return self.description or self.display_name

    @property
    def is_secret(self) -> bool:
        """Whether its value is to be shown nowhere: what is generated is taken for a password."""
        return bool(self.generate)

    def complaints(self, value: str, given_by: str = "") -> list[str]:
        """What is wrong with a value, each with file and line of the declaration. An empty one is none, and
        `required` decides on it."""
        shown = "the value" if self.is_secret else repr(value)
        said_by = f" (from {given_by})" if given_by else ""
        found = self.checks.complaints(value) if value else ()
        return [f"{self.place}: parameter {self.name}: {shown} {complaint}{said_by}" for complaint in found]


def is_parameter_name(name: str) -> bool:
    """Whether a reference `${name}` would be one."""
    return bool(_NAME.match(name))


def declared_parameters(template: Manifest, problems: list[str]) -> dict[str, Parameter]:
    """The parameters that a `kind: Template` declares, by name; what is wrong is added to `problems`."""
    entries = template.data.get("parameters") or []
    if not isinstance(entries, list):
        problems.append(f"{template.place('parameters')}: parameters must be a list")
        return {}
    found: dict[str, Parameter] = {}
    for index, entry in enumerate(entries):
        place = template.place("parameters", index)
        node = find(template.node, "parameters", index) if template.node else None
        parameter: Parameter | None
        try:
            parameter = _parameter(_as_meant(entry, node), place)
            if parameter.name in found:
                raise ValueError(f"parameter {parameter.name} is there twice")
        except ValueError as error:
            problems.append(f"{place}: {error}")
            parameter = _stand_in(entry, place)
        if parameter:
            found.setdefault(parameter.name, parameter)
            problems += parameter.complaints(parameter.value, "its own default")
    return found


def _stand_in(entry: Any, place: str) -> Parameter | None:
    """For a malformed declaration, so that the references to it are not called wrong as well."""
    name = entry.get("name") if isinstance(entry, dict) else None
    return Parameter(name, place) if isinstance(name, str) and is_parameter_name(name) else None


def _parameter(entry: Any, place: str) -> Parameter:
    """Raises ValueError when the declaration is none."""
    name = _checked_name(entry)
    try:
        _check_fields(entry)
        found = declared_checks(entry)
    except ValueError as error:
        raise ValueError(f"parameter {name}: {error}") from error
    return Parameter(
        name=name,
        place=place,
        display_name=entry.get("displayName") or "",
        description=entry.get("description") or "",
        value=entry.get("value") or "",
        generate=entry.get("generate") or "",
        origin=entry.get("from") or "",
        required=bool(entry.get("required")),
        checks=found,
    )


def _as_meant(value: Any, node: Node | None, *, field: str = "") -> Any:
    """A declaration with its scalars as they are written: `1.10`, `012` and `yes` are texts in all the fields
    but `required`."""
    if isinstance(value, dict):
        written = fields_of(node) if node else {}
        return {key: _as_meant(item, written.get(key), field=key) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_meant(item, node and find(node, index)) for index, item in enumerate(value)]
    scalar = node and resolved(node)
    if value is None or isinstance(value, str) or field == "required" or not isinstance(scalar, Scalar):
        return value
    return scalar.value


def _checked_name(entry: Any) -> str:
    if not isinstance(entry, dict):
        raise ValueError("a parameter must be a mapping")
    unknown = [name for name in entry if name not in FIELDS]
    if unknown:
        raise ValueError(f"a parameter has no field {unknown[0]!r}{suggestion(unknown[0], FIELDS)}")
    name = entry.get("name")
    if not (isinstance(name, str) and is_parameter_name(name)):
        raise ValueError("the name of a parameter must be made of letters, digits and underscores")
    return name


def _check_fields(entry: Mapping[str, Any]) -> None:
    if not isinstance(entry.get("required") or False, bool):
        raise ValueError("required must be true or false")
    if any(isinstance(value, (dict, list)) for key, value in entry.items() if key != "enum"):
        raise ValueError(f"all fields{' but enum' if 'enum' in entry else ''} must be strings")
    if entry.get("generate") not in (None, "", "expression"):
        raise ValueError(f"unknown generator {entry['generate']!r}; there is only 'expression'")
