"""What has been typed before the word that is to be completed."""

import os
from collections.abc import Iterable, Sequence
from functools import cached_property

import click

from kubectl_ns_tools.commands.session import Session


class Typed:
    """incomplete: the word itself, of an option its value."""

    def __init__(self, context: click.Context, incomplete: str) -> None:
        self._values = context.params
        self.incomplete = incomplete

    def text(self, parameter: str) -> str:
        """The value of a parameter, "" if it was not given."""
        value = self._values.get(parameter)
        return value if isinstance(value, str) else ""

    def texts(self, *parameters: str) -> list[str]:
        """The values of parameters that may be repeated."""
        return [
            text
            for parameter in parameters
            for text in self._values.get(parameter) or ()
            if isinstance(text, str)
        ]

    def flag(self, *parameters: str) -> bool:
        """Whether one of these flags was given."""
        return any(self._values.get(parameter) is True for parameter in parameters)

    def unused(self, names: Iterable[str]) -> list[str]:
        """The names that have not been given already."""
        given = {name for value in self._values.values() if isinstance(value, tuple) for name in value}
        return [name for name in names if name not in given]

    @cached_property
    def session(self) -> Session:
        """The kubeconfig and the context that the command would use."""
        kubeconfig = os.path.expanduser(
            self.text("kubeconfig")
        )  # which a script may have left as it was typed
        return Session(kubeconfig or None, self.text("context") or None)

    def in_context(self, names: Sequence[str]) -> Session:
        """The same in the first of these that is a context; in the one in use if none is."""
        name = next((name for name in names if name in self.session.view.contexts), None)
        return Session(self.session.kubeconfig, name or self.session.context)
