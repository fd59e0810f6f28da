"""Files of parameters: a YAML mapping, JSON, or `.env`."""

from collections.abc import Iterator
from pathlib import PurePath

from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.goyaml import Mapping, Node, Scalar, YamlError, construct, parse, resolved
from kubectl_ns_tools.templates.parameters.dotenv import looks_like_dotenv, parse_dotenv
from kubectl_ns_tools.templates.parameters.given import Given
from kubectl_ns_tools.templates.parameters.parameters import is_parameter_name

_YAML = (".yaml", ".yml", ".json")


def parse_parameters(text: str, source: str) -> dict[str, Given]:
    """The parameters of a file, as texts: `1.10`, `012` and `yes` are what is written.

    The ending decides on the form (.env; .yaml, .yml and .json), and where it tells nothing, the first line.
    Raises Refused with file and line for what is no mapping of names to scalars, and for a name twice.
    """
    text = text.removeprefix("\ufeff")
    pairs = _dotenv_pairs(text, source) if _is_dotenv(text, source) else _yaml_pairs(text, source)
    found: dict[str, Given] = {}
    for name, value, line in pairs:
        place = f"{source}:{line}"
        if not is_parameter_name(name):
            raise Refused(f"{place}: {name!r} is no name of a parameter: letters, digits and underscores")
        if name in found:
            raise Refused(f"{place}: parameter {name} is there already, at {found[name].place}")
        found[name] = Given(value, place)
    return found


def _is_dotenv(text: str, source: str) -> bool:
    path = PurePath(source)
    if path.suffix in _YAML:
        return False
    return path.suffix == ".env" or path.name.startswith(".env") or looks_like_dotenv(text)


def _dotenv_pairs(text: str, source: str) -> Iterator[tuple[str, str, int]]:
    yield from parse_dotenv(text, source)


def _yaml_pairs(text: str, source: str) -> Iterator[tuple[str, str, int]]:
    documents = parse(text, source)
    if len(documents) > 1:
        raise Refused(f"{source}:{documents[1].start.line}: a second document: parameters are one mapping")
    root = resolved(documents[0].root) if documents and documents[0].root else None
    if root is None:
        return
    if not isinstance(root, Mapping):
        raise Refused(f"{source}:{root.span.start.line}: parameters must be a mapping, or lines NAME=VALUE")
    for key, value in root.pairs:
        yield _text(key, source), _text(value, source), key.span.start.line


def _text(node: Node, source: str) -> str:
    scalar = resolved(node)
    if not isinstance(scalar, Scalar):
        raise YamlError(
            source, node.span.start.line, "the value of a parameter must be a string, a number or true/false"
        )
    plain = not scalar.style and scalar.tag is None
    return "" if plain and construct(scalar, source) is None else scalar.value
