"""Generated values kept out of what is shown: passwords are to be read from where they were put."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from typing import Any

from kubectl_ns_tools.errors import NsToolsError
from kubectl_ns_tools.templates.parameters.given import Value

MASK = "***"  # as kubectl diff shows the values of Secrets
_SHORTEST = 6  # shorter values are no secrets, and stand in other words by chance
_OPEN = ("apiVersion", "kind", "metadata")  # a generated part of a name must be seen


class Secrecy:
    """Masks the secret ones of the values of a run wherever they stand."""

    def __init__(self, values: Iterable[Value]) -> None:
        secret = {value.text for value in values if value.secret and len(value.text) >= _SHORTEST}
        self._secrets = sorted(secret, key=len, reverse=True)  # one may be a part of another

    def text(self, text: str) -> str:
        """A text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return text

    def clean(self, error: NsToolsError) -> None:
        """Take the secrets out of an error: a server repeats a value that it refuses."""
        error.message, error.hint = self.text(error.message), self.text(error.hint)
        error.problems = tuple(self.text(problem) for problem in error.problems)

    def object(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """An object without secrets, those in the base64 of a Secret included; its metadata stays."""
        return {key: item if key in _OPEN else self._data(item) for key, item in value.items()}

    def _data(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._data(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._data(item) for item in value]
        return self._scalar(value) if isinstance(value, str) and self._secrets else value

    def _scalar(self, text: str) -> str:
        try:
            decoded = base64.b64decode(text, validate=True).decode()
        except (binascii.Error, ValueError):
            decoded = ""
        return self.text(text) if self.text(decoded) == decoded else MASK
