"""The values of declared parameters: given, else the default, else filled in, else generated."""

from collections.abc import Callable, Mapping, Sequence

from kubectl_ns_tools.templates.parameters.filled import NotKnown
from kubectl_ns_tools.templates.parameters.generator import generate
from kubectl_ns_tools.templates.parameters.given import DEFAULT, FILLED_IN, GENERATED, Given, Value
from kubectl_ns_tools.templates.parameters.parameters import Parameter


class DeclaredValues:
    """problems: what was wrong with the values so far. fill: the last default of a name, which may raise
    NotKnown."""

    def __init__(self, given: Mapping[str, Given], fill: Callable[[str], str]) -> None:
        self.problems: list[str] = []
        self._given = given
        self._fill = fill

    def value(self, declarations: Sequence[Parameter]) -> Value:
        """The one value of a parameter that each of these templates declares."""
        before = len(self.problems)
        value = self._chosen(declarations)
        for parameter in declarations:
            if not (value.origin == DEFAULT and parameter.value == value.text):  # its own was looked at
                self.problems += parameter.complaints(value.text, value.origin)
        required = [parameter for parameter in declarations if parameter.required]
        if required and not value.text and len(self.problems) == before:
            self.problems.append(_required(required[0]))
        return value

    def _chosen(self, declarations: Sequence[Parameter]) -> Value:
        name, secret = declarations[0].name, any(parameter.is_secret for parameter in declarations)
        given = self._given.get(name)
        if given and (given.text or not secret):
            return Value(given.text, given.place, secret)
        default = "" if given else self._agreed([each for each in declarations if each.value], "value")
        if default or not secret:
            return Value(default, DEFAULT, secret) if default else self._filled(declarations[0])
        return Value(self._generated(declarations), GENERATED, secret)

    def _filled(self, parameter: Parameter) -> Value:
        try:
            text = self._fill(parameter.name)
        except NotKnown as error:
            self.problems.append(
                f"{parameter.place}: parameter {parameter.name} is not known: {error}: -p {parameter.name}=…"
            )
            text = ""
        return Value(text, FILLED_IN if text else DEFAULT)

    def _generated(self, declarations: Sequence[Parameter]) -> str:
        parameters = [parameter for parameter in declarations if parameter.generate]
        expression = self._agreed(parameters, "origin")
        try:
            return generate(expression)
        except ValueError as error:
            name, place = parameters[0].name, parameters[0].place
            self.problems.append(f"{place}: parameter {name}: from {expression!r}: {error}")
            return ""

    def _agreed(self, declarations: Sequence[Parameter], field: str) -> str:
        """What all declarations say in a field: no template changes what another one means."""
        if not declarations:
            return ""
        first, *others = declarations
        said: str = getattr(first, field)
        for other in others:
            if getattr(other, field) != said:
                self.problems.append(
                    f"{other.place}: parameter {other.name}: the default is {getattr(other, field)!r} here,"
                    f" and {said!r} at {first.place}: -p {other.name}=… decides"
                )
        return said


def _required(parameter: Parameter) -> str:
    what_for = f" ({parameter.what_for})" if parameter.what_for else ""
    return (
        f"{parameter.place}: parameter {parameter.name} is required and must be specified{what_for}:"
        f" -p {parameter.name}=…"
    )
