"""The value of every parameter of a run.

One name has one value, in whichever of the templates it stands. An empty value counts as none, as in
OpenShift.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kubectl_ns_tools.templates.library.draft import Draft
from kubectl_ns_tools.templates.parameters.declared import DeclaredValues
from kubectl_ns_tools.templates.parameters.filled import MAY_BE_UNKNOWN, NotKnown, Surroundings
from kubectl_ns_tools.templates.parameters.given import FILLED_IN, Given, Value
from kubectl_ns_tools.templates.planning.problems import suggestion


@dataclass(frozen=True)
class Values:
    """found: by name; not_known: why a name that is filled in has no value; problems: all that is wrong."""

    found: dict[str, Value]
    not_known: dict[str, str]
    problems: list[str]


def values_of(
    draft: Draft, given: Mapping[str, Given], surroundings: Surroundings, namespace: str | None
) -> Values:
    """The values of a draft's parameters.

    namespace: the value of NAMESPACE, None when only the files name it. Who we are is asked for only when
    a template refers to it.
    """
    filling = _Filling(draft, given, surroundings, namespace)
    own = DeclaredValues(given, filling.default)
    found = {name: own.value(each) for name, each in draft.own.items()}
    found.update({name: Value(given[name].text, given[name].place) for name in draft.implied & given.keys()})
    found.update(filling.values(found))
    problems = [*_unknown(draft, given), *own.problems, *filling.problems]
    return Values(found, filling.not_known, problems)


def problems_of(draft: Draft, given: Mapping[str, Given]) -> list[str]:
    """What is wrong with the given values by themselves."""
    wrong = [
        complaint
        for name, declarations in draft.own.items()
        for parameter in declarations
        for complaint in parameter.complaints(given[name].text if name in given else "")
    ]
    return [*_unknown(draft, given), *wrong]


class _Filling:
    """Fills in what is not for the user to give, and the last default of what templates declare."""

    def __init__(
        self, draft: Draft, given: Mapping[str, Given], surroundings: Surroundings, namespace: str | None
    ) -> None:
        self.problems: list[str] = []
        self.not_known: dict[str, str] = {}
        self._draft = draft
        self._given = given
        self._surroundings = surroundings
        self._namespace = namespace

    def default(self, name: str) -> str:
        """What a declared parameter is when nobody gives it; "" for most. Raises NotKnown."""
        if name not in self._draft.filled or name not in self._draft.uses:
            return ""
        return self._surroundings.value(name, self._namespace)

    def values(self, found: Mapping[str, Value]) -> Iterator[tuple[str, Value]]:
        """The values by name; `found`: those of the declared parameters."""
        for name in sorted(self._draft.filled - self._draft.own.keys()):
            given = self._given.get(name)
            try:
                text = self._value(name, found)
            except NotKnown as error:
                if given and name in MAY_BE_UNKNOWN:
                    yield name, Value(given.text, given.place)
                else:
                    hint = f": -p {name}=…" if name in MAY_BE_UNKNOWN else ""
                    self.not_known[name] = f"{error}{hint}"
                continue
            if given and given.meant:
                self.problems.append(_located(given, f"parameter {name} cannot be given: it is filled in"))
            if text is not None:
                yield name, Value(text, FILLED_IN)

    def _value(self, name: str, found: Mapping[str, Value]) -> str | None:
        """None for what nothing refers to."""
        if name not in self._draft.uses:
            return None
        if name == "EXPIRES":
            return self._surroundings.expiry(found["TTL"].text)
        return self._surroundings.value(name, self._namespace)


def _unknown(draft: Draft, given: Mapping[str, Given]) -> Iterator[str]:
    """One problem for each given name that is no parameter of the draft."""
    names = draft.own.keys() | draft.implied
    for name, each in given.items():
        if each.meant and name not in names | draft.filled:
            yield _located(each, f"unknown parameter {name}{suggestion(name, names)}")


def _located(given: Given, problem: str) -> str:
    return f"{given.place}: {problem}" if ":" in given.place else problem
