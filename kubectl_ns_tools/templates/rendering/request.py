"""What a user asks for, read: which objects, from which templates, with which parameters."""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.templates.library.draft import Draft, Source, read_draft
from kubectl_ns_tools.templates.library.find import DEFAULT_TEMPLATE, STDIN, find_files, find_template
from kubectl_ns_tools.templates.library.library import Library
from kubectl_ns_tools.templates.library.texts import read_text
from kubectl_ns_tools.templates.parameters.filled import Surroundings
from kubectl_ns_tools.templates.parameters.given import Given, from_environment, parse_assignments
from kubectl_ns_tools.templates.parameters.parameter_files import parse_parameters
from kubectl_ns_tools.templates.parameters.parameters import Parameter
from kubectl_ns_tools.templates.parameters.values import problems_of
from kubectl_ns_tools.templates.planning.plan import named_namespace
from kubectl_ns_tools.templates.rendering.expansion import Expansion, expand

# Asks a person for a parameter; the function says what is wrong with an answer.
Ask = Callable[[Parameter, Callable[[str], list[str]]], str]


@dataclass(frozen=True)
class ParameterInput:
    """Where parameters are given. assignments: KEY=VALUE; files: `-` for stdin, the later ones win;
    env_prefix: of environment variables, None for none."""

    assignments: Sequence[str] = ()
    files: Sequence[str] = ()
    env_prefix: str | None = None


@dataclass(frozen=True)
class Request:
    """namespace: the name; template: for provenance, "" when only files were given."""

    namespace: str
    template: str
    expansion: Expansion


@dataclass(frozen=True)
class Preparation:
    """Everything read and nothing filled in, for any number of namespaces.

    template: for provenance; notes: what the user should know about where the templates are from.
    """

    draft: Draft
    given: Mapping[str, Given]
    surroundings: Surroundings
    template: str = ""
    notes: tuple[str, ...] = ()

    def request(self, name: str | None) -> Request:
        """The objects for one namespace; values are generated anew for each.

        name: None when the Namespace object in a file names it. Raises Refused with everything that is wrong
        with the texts or with the parameters.
        """
        expansion = expand(self.draft, self.given, self.surroundings, name)
        return Request(name or named_namespace(expansion.objects), self.template, expansion)


class Reader:
    """Reads what the command line names. stdin is read when it is asked for, and only once."""

    def __init__(self, library: Library, read_stdin: Callable[[], str]) -> None:
        self._library = library
        self._read_stdin = read_stdin

    def prepare(
        self,
        *,
        templates: Sequence[str],
        files: Sequence[str],
        parameters: ParameterInput,
        surroundings: Surroundings,
        environ: Mapping[str, str],
        ask: Ask | None = None,
    ) -> Preparation:
        """Find and read the templates, the files and the parameters; without any template or file, the
        default template.

        ask: how to ask for parameters that are required and missing, None when there is nobody to ask.
        Raises NotFound for what is not there, Refused for what cannot be read.
        """
        if not templates and not files:
            templates = [DEFAULT_TEMPLATE]
        stdin = self._stdin([*templates, *files, *parameters.files])
        sources, labels, notes = self._templates(templates, stdin)
        for name in files:
            sources += find_files(name, stdin)
        given = _given(parameters, environ, stdin)
        draft = read_draft(sources)
        if ask and not (draft.problems or problems_of(draft, given)):
            given.update(_asked(draft, given, ask))
        return Preparation(draft, given, surroundings, "+".join(labels), tuple(notes))

    def _stdin(self, names: Sequence[str]) -> str:
        if names.count("-") > 1:
            raise Refused("standard input can be read only once")
        return self._read_stdin() if "-" in names else ""

    def _templates(self, names: Sequence[str], stdin: str) -> tuple[list[Source], list[str], list[str]]:
        """The texts, the labels, and a note on each template that is not what its name may be taken for."""
        sources: list[Source] = []
        labels: list[str] = []
        notes: list[str] = []
        for name in names:
            if names.count(name) > 1:
                raise Refused(f"template {name!r} is named twice")
            info, found = find_template(name, self._library, stdin)
            if info and self._library.hides_builtin(info):
                notes.append(f"template {name!r} is {info.place}, not the built-in one")
            sources += found
            labels += dict.fromkeys(source.label for source in found if source.label)
        return sources, labels, notes


def _given(parameters: ParameterInput, environ: Mapping[str, str], stdin: str) -> dict[str, Given]:
    """By precedence: the command line, then the files, then the environment."""
    given: dict[str, Given] = {}
    if parameters.env_prefix is not None:
        given.update(from_environment(parameters.env_prefix, environ))
    for name in parameters.files:
        text, source = (stdin, STDIN) if name == "-" else (read_text(Path(name)), name)
        given.update(parse_parameters(text, source))
    given.update(parse_assignments(parameters.assignments))
    return given


def _asked(draft: Draft, given: Mapping[str, Given], ask: Ask) -> dict[str, Given]:
    answers: dict[str, Given] = {}
    for parameter in draft.missing(given):
        answer = ask(parameter, functools.partial(draft.complaints, parameter.name))
        answers[parameter.name] = Given(answer, "the prompt")
    return answers
