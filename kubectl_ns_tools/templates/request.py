"""What a user asks for, read: which namespace, which objects, from which template."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.templates.expansion import Expansion, Source, expand
from kubectl_ns_tools.templates.find import DEFAULT_TEMPLATE, find_file, find_template
from kubectl_ns_tools.templates.parameters import parse_assignments
from kubectl_ns_tools.templates.plan import named_namespace


@dataclass(frozen=True)
class Request:
    """namespace: the name; template: for provenance, "" when only files were given."""

    namespace: str
    template: str
    expansion: Expansion


def read_request(
    name: str | None,
    *,
    template: str | None,
    files: Sequence[str],
    assignments: Sequence[str],
    read_stdin: Callable[[], str],
) -> Request:
    """Find, read and expand the template and the files; without both, the default template.

    name: None when the Namespace object in a file names it. Raises NotFound for what is not there, Refused
    with everything that is wrong with the texts or with the parameters.
    """
    if template is None and not files:
        template = DEFAULT_TEMPLATE
    given = parse_assignments(assignments)
    sources = _sources(template, files, read_stdin)
    expansion = expand(sources, given, name)
    label = "" if template is None else sources[0].label
    return Request(name or named_namespace(expansion.objects), label, expansion)


def _sources(template: str | None, files: Sequence[str], read_stdin: Callable[[], str]) -> list[Source]:
    names = [*files] if template is None else [template, *files]
    if names.count("-") > 1:
        raise Refused("standard input can be read only once")
    stdin = read_stdin() if "-" in names else ""
    found = [find_file(name, stdin) for name in files]
    return found if template is None else [find_template(template, stdin), *found]
