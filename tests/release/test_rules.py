"""Our rules for manifests are krew's: what its own check refuses we refuse too, each for its reason."""

import copy
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from release import manifests, rules
from tests.release.krew import build

Document = dict[str, Any]
ALL_ARCHIVES = dict.fromkeys(manifests.missing(manifests.documents(), "1.2.3", {}), "0" * 64)


def released() -> list[Document]:
    return [
        manifests.released(document, "1.2.3", ALL_ARCHIVES, manifests.DOWNLOADS)
        for document in manifests.documents()
    ]


@pytest.fixture(scope="session")
def validator(users_environ: dict[str, str]) -> Path:
    return build.validator(users_environ)


@pytest.fixture
def krew_takes(validator: Path, tmp_path: Path) -> Callable[[Document, str], bool]:
    """krew_takes(document, name): whether krew's own check has nothing against it as NAME.yaml."""

    def check(document: Document, name: str) -> bool:
        path = tmp_path / f"{name}.yaml"
        path.write_text(manifests.text(document))
        done = subprocess.run(
            [validator, "-manifest", path, "-skip-install"], capture_output=True, text=True, check=False
        )
        assert ("structural validation OK" in done.stderr) or done.returncode
        return done.returncode == 0

    return check


@pytest.mark.parametrize("document", released(), ids=lambda document: document["metadata"]["name"])
def test_each_manifest_keeps_the_rules(
    document: Document, krew_takes: Callable[[Document, str], bool]
) -> None:
    name = document["metadata"]["name"]
    assert rules.problems(document, name) == []
    assert krew_takes(document, name)


def sample() -> Document:
    return copy.deepcopy(released()[0])


def changed(place: str, value: Any) -> Document:
    """The sample with another value at a place like `spec.platforms.0.uri`; None takes it away."""
    document = sample()
    *folders, last = place.split(".")
    inner: Any = document
    for part in folders:
        inner = inner[int(part) if part.isdigit() else part]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return document


LINUX = {"matchLabels": {"os": "linux"}}
EXPRESSION = {"key": "os", "operator": "In", "values": ["linux"]}
REFUSED = {
    "of another version of krew": ("apiVersion", "v1", "apiVersion: must be"),
    "of another kind": ("kind", "Pod", "kind: must be Plugin"),
    "without a name": ("metadata.name", None, "metadata.name: must be ns-create"),
    "with another name than its file": ("metadata.name", "ns-make", "metadata.name: must be ns-create"),
    "without a version": ("spec.version", None, "spec.version: must be"),
    "with a bare version": ("spec.version", "1.2.3", "spec.version: must be"),
    "with a version of two numbers": ("spec.version", "v1.2", "spec.version: must be"),
    "with a version of Python's": ("spec.version", "v1.2.3rc1", "spec.version: must be"),
    "without a tagline": ("spec.shortDescription", None, "spec.shortDescription: must be one line"),
    "with a tagline of two lines": ("spec.shortDescription", "A\nb", "shortDescription: must be one line"),
    "for nothing": ("spec.platforms", [], "spec.platforms: none"),
    "without an address": ("spec.platforms.0.uri", None, "platforms[0].uri"),
    "without a digest": ("spec.platforms.1.sha256", None, "platforms[1].sha256"),
    "with a digest in capitals": ("spec.platforms.0.sha256", "A" * 64, "platforms[0].sha256"),
    "without an executable": ("spec.platforms.0.bin", None, "platforms[0].bin"),
    "with no files": ("spec.platforms.0.files", [], "platforms[0].files"),
    "with files from nowhere": ("spec.platforms.0.files", [{"to": "."}], "platforms[0].files"),
    "without a selector": ("spec.platforms.0.selector", None, "selector: must not be empty"),
    "with an empty selector": ("spec.platforms.0.selector", {"matchLabels": {}}, "must not be empty"),
    "half of whose selector is empty": (
        "spec.platforms.0.selector",
        {"matchLabels": {"os": "linux"}, "matchExpressions": []},
        "must not be empty",
    ),
    "for a libc": ("spec.platforms.0.selector.matchLabels.libc", "musl", "libc: krew knows os and arch"),
    "for a platform without krew": ("spec.platforms.0.selector.matchLabels.os", "plan9", "no platform"),
    "twice for a platform": ("spec.platforms.0.selector", LINUX, "0 and 1 both select linux/arm64"),
    "twice for a platform, by an expression": (
        "spec.platforms.2.selector",
        {"matchExpressions": [EXPRESSION]},
        "0 and 2 both select linux/amd64",
    ),
}
DISCOURAGED = {
    "with a misspelt field": ("spec.caveat", "careful", "spec.caveat: no field of krew's"),
    "with a field of its own": ("metadata.labels", {"a": "b"}, "metadata.labels: no field of krew's"),
    "with a platform's misspelt field": ("spec.platforms.0.url", "x", "platforms[0].url: no field"),
    "without a description": ("spec.description", None, "spec.description: must be there"),
    "without a homepage": ("spec.homepage", None, "spec.homepage: must be an https address"),
    "with a long tagline": ("spec.shortDescription", "Create" * 9, "must not be longer than 50"),
    "with a tagline like a sentence": ("spec.shortDescription", "Create it.", "without a full stop"),
}
NAMES = {
    "nscreate": "must be words in lowercase with hyphens between",
    "NS-create": "must be words in lowercase with hyphens between",
    "ns_create": "must be words in lowercase with hyphens between",
    "kube-create": "must not begin with kube",
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_krew_refuses(what: str, krew_takes: Callable[[Document, str], bool]) -> None:
    place, value, problem = REFUSED[what]
    document = changed(place, value)
    assert any(problem in found for found in rules.problems(document, "ns-create"))
    assert not krew_takes(document, "ns-create")


@pytest.mark.parametrize("what", DISCOURAGED)
def test_what_only_its_guides_are_against(what: str, krew_takes: Callable[[Document, str], bool]) -> None:
    place, value, problem = DISCOURAGED[what]
    document = changed(place, value)
    [found] = rules.problems(document, "ns-create")
    assert problem in found
    assert krew_takes(document, "ns-create")


@pytest.mark.parametrize("name", NAMES)
def test_names_that_the_naming_guide_is_against(
    name: str, krew_takes: Callable[[Document, str], bool]
) -> None:
    document = changed("metadata.name", name)
    assert rules.problems(document, name) == [f"metadata.name: {NAMES[name]}"]
    assert krew_takes(document, name)


@pytest.mark.parametrize(
    "expression",
    [
        {"key": "os", "operator": "NotIn", "values": ["linux"]},
        {"key": "os", "operator": "Exists"},
        {"key": "arch", "operator": "DoesNotExist"},
    ],
    ids=lambda expression: expression["operator"],
)
def test_expressions_select_as_they_do_in_krew(
    expression: Document, krew_takes: Callable[[Document, str], bool]
) -> None:
    document = sample()
    document["spec"]["platforms"] = [
        {**document["spec"]["platforms"][0], "selector": {"matchExpressions": [expression]}}
    ]
    assert krew_takes(document, "ns-create") == (rules.problems(document, "ns-create") == [])
