"""What a template asks of a parameter's value, beyond OpenShift's `required`.

`type`: string, integer, boolean or quantity; `pattern`: a regular expression for the whole value; `enum`: the
values that may be; `minimum` and `maximum`, both allowed themselves, for integers and quantities.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kubectl_ns_tools.templates.parameters.quantity import quantity
from kubectl_ns_tools.templates.planning.problems import suggestion

FIELDS = ("type", "pattern", "enum", "minimum", "maximum")
_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)\Z")  # JSON's, as `${{NAME}}` inserts it
_LONGEST = 400  # digits; Python itself refuses thousands of them


@dataclass(frozen=True)
class Checks:
    """The checks of one parameter; "" and () where there is none."""

    type: str = ""
    pattern: str = ""
    enum: tuple[str, ...] = ()
    minimum: str = ""
    maximum: str = ""

    def complaints(self, value: str) -> Iterator[str]:
        """What is wrong with a value, each to follow the value in a sentence; nothing where all is well."""
        try:
            size = _READ[self.type](value)
        except ValueError:
            yield _NAMES[self.type]
            return
        if self.pattern and not re.fullmatch(self.pattern, value):
            yield f"does not match the pattern {self.pattern}"
        if self.enum and size not in map(_READ[self.type], self.enum):
            yield f"is not one of {', '.join(self.enum)}"
        yield from self._out_of_bounds(size)

    def insert(self, value: str) -> Any:
        """What `${{NAME}}` stands for, by the type: a text, or what JSON makes of an integer or a boolean."""
        fits = self.type in ("integer", "boolean") and value and not any(self.complaints(value))
        return json.loads(value) if fits else value

    def _out_of_bounds(self, size: Any) -> Iterator[str]:
        if self.minimum and size < _READ[self.type](self.minimum):
            yield f"is less than the minimum {self.minimum}"
        if self.maximum and size > _READ[self.type](self.maximum):
            yield f"is more than the maximum {self.maximum}"


NO_CHECKS = Checks()


def declared_checks(entry: Mapping[str, Any]) -> Checks:
    """The checks of a declaration, its scalars as texts. Raises ValueError when they make none."""
    kind = entry.get("type") or ""
    if kind not in _READ:
        raise ValueError(
            f"unknown type {kind!r}; there are {', '.join(filter(None, _READ))}{suggestion(kind, _READ)}"
        )
    checks = Checks(
        kind,
        pattern=_pattern(entry.get("pattern")),
        enum=_enum(entry.get("enum")),
        minimum=entry.get("minimum") or "",
        maximum=entry.get("maximum") or "",
    )
    _sensible(checks)
    return checks


def _sensible(checks: Checks) -> None:
    for field, bound in (("minimum", checks.minimum), ("maximum", checks.maximum)):
        if bound and checks.type not in ("integer", "quantity"):
            raise ValueError(f"{field} needs type: integer or type: quantity")
    read = _READ[checks.type]
    for field, values in (
        ("enum", checks.enum),
        ("minimum", (checks.minimum,)),
        ("maximum", (checks.maximum,)),
    ):
        for value in filter(None, values):
            try:
                read(value)
            except ValueError:
                raise ValueError(f"{field}: {value!r} {_NAMES[checks.type]}") from None
    if checks.minimum and checks.maximum and read(checks.minimum) > read(checks.maximum):
        raise ValueError(f"the minimum {checks.minimum} is more than the maximum {checks.maximum}")


def _pattern(value: str | None) -> str:
    pattern = value or ""
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"pattern {pattern!r} is no regular expression: {error}") from error
    return pattern


def _enum(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if not (isinstance(value, list) and value and all(isinstance(item, str) for item in value)):
        raise ValueError("enum must be a list of values")
    return tuple(value)


def _integer(value: str) -> Fraction:
    if not _INTEGER.match(value) or len(value) > _LONGEST:
        raise ValueError
    return Fraction(int(value))


def _boolean(value: str) -> str:
    if value not in ("true", "false"):
        raise ValueError
    return value


_READ: Mapping[str, Callable[[str], Any]] = {
    "": str,
    "string": str,
    "integer": _integer,
    "boolean": _boolean,
    "quantity": quantity,
}
_NAMES = {
    "integer": "is not an integer",
    "boolean": "is neither true nor false",
    "quantity": "is not a quantity, such as 500m, 2 or 4Gi",
}
