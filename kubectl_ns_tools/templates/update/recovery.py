"""A plan in which what only the cluster knows has been put in its place."""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from kubectl_ns_tools.templates.objects import Manifest
from kubectl_ns_tools.templates.parameters.given import GENERATED, Value
from kubectl_ns_tools.templates.planning.plan import CreatePlan
from kubectl_ns_tools.templates.planning.problems import refuse
from kubectl_ns_tools.templates.rendering.secrecy import Secrecy
from kubectl_ns_tools.templates.sending import as_sent
from kubectl_ns_tools.templates.update.kept_values import find_values, places_of, with_values


def secrecy_of(texts: Iterable[str]) -> Secrecy:
    """What masks these texts."""
    return Secrecy(Value(text, "", secret=True) for text in texts)


def generated(values: Mapping[str, Value]) -> dict[str, str]:
    return {name: value.text for name, value in values.items() if value.origin == GENERATED and value.text}


def named_by_chance(plan: CreatePlan, tokens: Mapping[str, str]) -> list[str]:
    """An object whose name has a value in it that only its last creation knew is not to be found again."""
    return [
        f"{manifest.place('metadata', 'name')}: {manifest.kind}: the value of {name} is in its name, and"
        f" was not kept: -p {name}=…"
        for manifest in plan.objects
        for name, token in tokens.items()
        if token in manifest.name
    ]


def with_known_values(
    plan: CreatePlan,
    lives: Mapping[tuple[str, str], Any],
    tokens: Mapping[str, str],
    needed: Mapping[str, str],
) -> tuple[CreatePlan, set[str]]:
    """The plan with what the cluster knows in the place of tokens, and these values.

    needed: the tokens for which nothing else will do; a generated value that is nowhere is a new one. Raises
    Refused where a value is not to be found, or where there are several.
    """
    sent = {object_key(manifest): as_sent(manifest.data) for manifest in plan.objects}
    found = find_values(((data, lives[key]) for key, data in sent.items()), tokens.values())
    problems = [
        f"the live objects have different values of {name}: -p {name}=…"
        for name, token in tokens.items()
        if token in found.contradictory
    ]
    for name, token in needed.items():
        for manifest in plan.objects if token not in found.values else ():
            problems += [
                f"{manifest.place(*path)}: {manifest.reference}: the value of {name} was"
                f" not kept: -p {name}=…"
                for path in places_of(manifest.data, token)
            ]
    refuse(problems)
    levels = tuple(
        tuple(each.with_data(with_values(each.data, found.values)) for each in level) for level in plan.levels
    )
    return dataclasses.replace(plan, levels=levels), set(found.values.values())


def object_key(manifest: Manifest) -> tuple[str, str]:
    return manifest.api_version, manifest.reference
