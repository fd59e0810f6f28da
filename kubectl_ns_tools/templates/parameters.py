"""The parameters of a template: their declarations, and the values of one run."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.templates.generator import generate
from kubectl_ns_tools.templates.objects import Manifest
from kubectl_ns_tools.templates.problems import suggestion

# template.openshift.io/v1 Parameter
_FIELDS = ("name", "displayName", "description", "value", "generate", "from", "required")
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

    @property
    def what_for(self) -> str:
        """What the template's author says it is for, "" if nothing."""
        return self.description or self.display_name


def parse_assignments(assignments: Iterable[str]) -> dict[str, str]:
    """The KEY=VALUE of the command line; everything behind the first `=` is the value."""
    values: dict[str, str] = {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not equals or not _NAME.match(name):
            raise Refused(f"invalid parameter {assignment!r}", "write it like -p ADMIN_GROUP=team-blue")
        if name in values:
            raise Refused(f"parameter {name} is given twice")
        values[name] = value
    return values


def declared_parameters(template: Manifest, problems: list[str]) -> dict[str, Parameter]:
    """The parameters that a `kind: Template` declares, by name; what is wrong is added to `problems`."""
    entries = template.data.get("parameters") or []
    if not isinstance(entries, list):
        problems.append(f"{template.place('parameters')}: parameters must be a list")
        return {}
    found: dict[str, Parameter] = {}
    for index, entry in enumerate(entries):
        place = template.place("parameters", index)
        wrong = _wrong_with(entry) or (entry["name"] in found and f"parameter {entry['name']} is there twice")
        if wrong:
            problems.append(f"{place}: {wrong}")
        else:
            found[entry["name"]] = _parameter(entry, place)
    return found


def values_of(
    parameters: Iterable[Parameter], given: Mapping[str, str], filled: Mapping[str, str], problems: list[str]
) -> dict[str, str]:
    """The value of each parameter: filled in by us, else given, else the default, else generated.

    `required` without a value, and an expression that cannot be generated, are added to `problems`. An empty
    value counts as none, as in OpenShift.
    """
    values = dict(filled)
    for parameter in parameters:
        if parameter.name not in filled:
            values[parameter.name] = _value(parameter, given, problems)
    return values


def unknown_parameters(given: Iterable[str], known: Iterable[str], filled: Iterable[str]) -> list[str]:
    """One problem for each given name that no template knows, or that is not for the user to give."""
    names, reserved = set(known), set(filled)
    problems = [f"parameter {name} cannot be given: it is filled in" for name in given if name in reserved]
    for name in given:
        if name not in names | reserved:
            problems.append(f"unknown parameter {name}{suggestion(name, names - reserved)}")
    return problems


def _value(parameter: Parameter, given: Mapping[str, str], problems: list[str]) -> str:
    value = given.get(parameter.name, parameter.value)
    if not value and parameter.generate:
        value = _generated(parameter, problems)
    elif not value and parameter.required:
        what_for = f" ({parameter.what_for})" if parameter.what_for else ""
        problems.append(
            f"{parameter.place}: parameter {parameter.name} is required and must be specified{what_for}:"
            f" -p {parameter.name}=…"
        )
    return value


def _generated(parameter: Parameter, problems: list[str]) -> str:
    try:
        return generate(parameter.origin)
    except ValueError as error:
        problems.append(f"{parameter.place}: parameter {parameter.name}: from {parameter.origin!r}: {error}")
        return ""


def _wrong_with(entry: Any) -> str:
    if not isinstance(entry, dict):
        return "a parameter must be a mapping"
    unknown = [name for name in entry if name not in _FIELDS]
    if unknown:
        return f"a parameter has no field {unknown[0]!r}{suggestion(unknown[0], _FIELDS)}"
    name = entry.get("name")
    if not (isinstance(name, str) and _NAME.match(name)):
        return "the name of a parameter must be made of letters, digits and underscores"
    wrong = _wrong_value(entry)
    return wrong and f"parameter {name}: {wrong}"


def _wrong_value(entry: Mapping[str, Any]) -> str:
    if not isinstance(entry.get("required") or False, bool):
        return "required must be true or false"
    if any(isinstance(value, (dict, list)) for value in entry.values()):
        return "all fields must be strings"
    if entry.get("generate") not in (None, "", "expression"):
        return f"unknown generator {entry['generate']!r}; there is only 'expression'"
    return ""


def _parameter(entry: Mapping[str, Any], place: str) -> Parameter:
    return Parameter(
        name=entry["name"],
        place=place,
        display_name=_text(entry.get("displayName")),
        description=_text(entry.get("description")),
        value=_text(entry.get("value")),
        generate=_text(entry.get("generate")),
        origin=_text(entry.get("from")),
        required=bool(entry.get("required")),
    )


def _text(value: Any) -> str:
    """A scalar of the YAML as the text that was meant: `value: 5` and `value: true` come unquoted."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
