"""What ns-create is asked for, checked as far as that is possible without a cluster."""

import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kubectl_ns_tools.errors import NsToolsError, Refused
from kubectl_ns_tools.kubeconfig.names import check_namespace

if TYPE_CHECKING:
    from kubectl_ns_tools.templates.creation.manner import Manner
    from kubectl_ns_tools.templates.planning.provenance import Extras
    from kubectl_ns_tools.templates.rendering.request import ParameterInput


@dataclass(frozen=True)
class Wish:
    """The command line of ns-create, as it was written. timeout: 0 waits for ever."""

    names: Sequence[str]
    names_from: str | None
    templates: Sequence[str]
    files: Sequence[str]
    parameters: "ParameterInput"
    labels: Sequence[str]
    annotations: Sequence[str]
    ttl: str | None
    switch: bool
    add_context: str | None
    dry_run: str
    wait: bool
    timeout: float
    keep_on_failure: bool
    check_rights: bool
    parallel: int
    output: str
    diff: bool
    update: bool
    all_from: str | None
    force_conflicts: bool
    yes: bool
    confirmed: Sequence[str]

    @property
    def is_update(self) -> bool:
        """Whether it is about namespaces that exist, or may exist."""
        return self.update or self.diff

    @property
    def manner(self) -> "Manner":
        """How to create."""
        from kubectl_ns_tools.templates.creation.manner import Manner

        return Manner(
            timeout=self.timeout or math.inf,
            wait=self.wait,
            keep=self.keep_on_failure,
            rights_may_come=not self.check_rights,
        )

    def all_names(self) -> list[str | None]:
        """The names of the namespaces; [None] when a file names the only one.

        Raises Refused with all that are wrong, UsageError where there is none.
        """
        names = [*self.names, *self._names_in_file()]
        if not names and not self.files:
            raise click.UsageError("Missing argument 'NAME'.")
        if (self.switch or self.add_context) and len(names) > 1:
            raise click.UsageError("--switch and --add-context are for one namespace")
        refuse_all([*_wrong(names), *(f'the namespace "{name}" is named twice' for name in _twice(names))])
        return list(names) or [None]

    def extras(self, at: datetime) -> "Extras":
        """What the flags put on the Namespace. Raises Refused with all that is wrong with them."""
        from kubectl_ns_tools.templates.parameters.lifetime import expiry
        from kubectl_ns_tools.templates.planning import legal
        from kubectl_ns_tools.templates.planning.provenance import Extras

        problems: list[str] = []
        labels, annotations = (
            _pairs("--label", self.labels, problems),
            _pairs("--annotation", self.annotations, problems),
        )
        for flag, pairs in (("--label", labels), ("--annotation", annotations)):
            for key, value in pairs.items():
                wrong = legal.key_problem(key) or (
                    legal.label_value_problem(value) if flag == "--label" else ""
                )
                problems += [f"{flag}: {wrong}"] if wrong else []
        expires = ""
        try:
            expires = expiry(self.ttl, at) if self.ttl is not None else ""
        except ValueError as error:
            problems.append(f"--ttl: {error}")
        refuse_all(problems)
        return Extras(labels, annotations, expires)

    def _names_in_file(self) -> list[str]:
        """One name a line; empty lines, and what follows a #, count for nothing."""
        from kubectl_ns_tools.templates.library.texts import decoded, read_text

        if self.names_from is None:
            return []
        if self.names_from != "-":
            text = read_text(Path(self.names_from))
        elif "-" in [*self.templates, *self.files, *self.parameters.files]:
            raise Refused("standard input can be read only once")
        else:
            text = decoded(sys.stdin.buffer.read(), "STDIN")
        names = [line.partition("#")[0].strip() for line in text.splitlines()]
        found = [name for name in names if name]
        if not found:
            raise Refused(f"there is no name in {self.names_from}")
        return found


def refuse_all(problems: Sequence[str], hint: str = "") -> None:
    """Raise Refused with all the problems; return if there are none."""
    from kubectl_ns_tools.templates.planning.problems import refuse

    refuse(problems, hint)


def _wrong(names: Iterable[str]) -> Iterable[str]:
    for name in names:
        try:
            check_namespace(name)
        except NsToolsError as error:
            yield error.message


def _twice(names: Sequence[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})


def _pairs(flag: str, given: Sequence[str], problems: list[str]) -> dict[str, str]:
    """The KEY=VALUE of a flag; everything behind the first `=` is the value."""
    pairs: dict[str, str] = {}
    for text in given:
        key, equals, value = text.partition("=")
        if not equals:
            problems.append(f"{flag}: {text!r} is not KEY=VALUE")
        elif pairs.setdefault(key, value) != value:
            problems.append(f"{flag}: {key!r} is given twice")
    return pairs
