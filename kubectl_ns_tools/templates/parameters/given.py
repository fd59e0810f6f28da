"""Values of parameters as the user gives them, and where each one comes from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.templates.parameters.parameters import is_parameter_name

COMMAND_LINE = "-p"
DEFAULT, FILLED_IN, GENERATED = "default", "filled in", "generated"


@dataclass(frozen=True)
class Given:
    """A value, and where it was given: `-p`, `team.env:3`, `$NS_OWNER`, `the prompt`.

    meant: whether it is a mistake when no template has such a parameter; not so for the environment.
    """

    text: str
    place: str
    meant: bool = True


@dataclass(frozen=True)
class Value:
    """What a parameter stands for. origin: the place of a given value, or DEFAULT, FILLED_IN or GENERATED;
    secret: it is shown nowhere but in the objects themselves."""

    text: str
    origin: str
    secret: bool = False


def parse_assignments(assignments: Iterable[str]) -> dict[str, Given]:
    """The KEY=VALUE of the command line; everything behind the first `=` is the value."""
    values: dict[str, Given] = {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not equals or not is_parameter_name(name):
            raise Refused(f"invalid parameter {assignment!r}", "write it like -p ADMIN_GROUP=team-blue")
        if name in values:
            raise Refused(f"parameter {name} is given twice")
        values[name] = Given(value, COMMAND_LINE)
    return values


def from_environment(prefix: str, environ: Mapping[str, str]) -> dict[str, Given]:
    """The variables that begin with `prefix`, by what follows it. Raises Refused for an empty prefix, which
    would take in the whole environment."""
    if not prefix:
        raise Refused("the prefix for parameters from the environment is empty", "--env-prefix NS_")
    return {
        variable.removeprefix(prefix): Given(value, f"${variable}", meant=False)
        for variable, value in environ.items()
        if variable.startswith(prefix) and variable != prefix
    }
