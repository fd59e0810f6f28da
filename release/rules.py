"""What krew asks of a plugin's manifest, and what its guides ask besides. Pure.

Sources, of krew 0.4: internal/index/validation/validate.go, cmd/validate-krew-manifest/main.go; of its site:
docs/developer-guide/plugin-manifest and docs/developer-guide/develop/naming-guide.
"""

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any

API_VERSION = "krew.googlecontainertools.github.com/v1alpha2"
# allPlatforms() of validate-krew-manifest
SYSTEMS = (
    *(("windows", machine) for machine in ("386", "amd64", "arm64")),
    *(("linux", machine) for machine in ("386", "amd64", "arm", "arm64", "ppc64le")),
    *(("darwin", machine) for machine in ("386", "amd64", "arm64")),
)
FIELDS = {
    "": {"apiVersion", "kind", "metadata", "spec"},
    "metadata": {"name"},
    "spec": {"version", "homepage", "shortDescription", "description", "caveats", "platforms"},
}
PLATFORM_FIELDS = {"selector", "uri", "sha256", "bin", "files"}
# semver.org's own expression, without what follows a `+`, which krew's order of versions has no place for.
VERSION = re.compile(r"v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?")
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")  # lowercase and hyphens; more than a bare noun or verb
LONGEST_TAGLINE = 50  # wider ones are cut by `kubectl krew search`

Document = dict[str, Any]


def problems(document: Document, name: str) -> list[str]:
    """What is wrong with the manifest that is kept as NAME.yaml; [] if krew takes it and its guides agree."""
    found = [*_unknown(document), *_head(document, name), *_words(document.get("spec") or {})]
    platforms = (document.get("spec") or {}).get("platforms") or []
    if not platforms:
        found.append("spec.platforms: none")
    for number, platform in enumerate(platforms):
        found += [f"spec.platforms[{number}].{problem}" for problem in _platform(platform)]
    return found + [f"spec.platforms: {problem}" for problem in _overlaps(platforms)]


def _unknown(document: Document) -> Iterator[str]:
    """Fields that krew does not know, and so would not read: misspelt ones."""
    for place, known in FIELDS.items():
        for field in (document.get(place) or {}) if place else document:
            if field not in known:
                yield f"{place}.{field}: no field of krew's".lstrip(".")


def _head(document: Document, name: str) -> Iterator[str]:
    if document.get("apiVersion") != API_VERSION:
        yield f"apiVersion: must be {API_VERSION}"
    if document.get("kind") != "Plugin":
        yield "kind: must be Plugin"
    own = (document.get("metadata") or {}).get("name") or ""
    if own != name:
        yield f"metadata.name: must be {name}, as the file is called"
    if not NAME.fullmatch(own):
        yield "metadata.name: must be words in lowercase with hyphens between"
    if own.startswith(("kube-", "kubernetes-", "kubectl-")):
        yield "metadata.name: must not begin with kube"


def _words(spec: Document) -> Iterator[str]:
    if not VERSION.fullmatch(spec.get("version") or ""):
        yield "spec.version: must be a semantic version with a v before it, like v1.2.3"
    tagline = spec.get("shortDescription") or ""
    if not tagline or "\n" in tagline or "\r" in tagline:
        yield "spec.shortDescription: must be one line"
    if len(tagline) > LONGEST_TAGLINE:
        yield f"spec.shortDescription: must not be longer than {LONGEST_TAGLINE} characters"
    if tagline.endswith(".") or not tagline[:1].isupper():
        yield "spec.shortDescription: must begin with a capital and end without a full stop"
    if not (spec.get("description") or "").strip():
        yield "spec.description: must be there"
    if not (spec.get("homepage") or "").startswith("https://"):
        yield "spec.homepage: must be an https address"


def _platform(platform: Document) -> Iterator[str]:
    for field in platform.keys() - PLATFORM_FIELDS:
        yield f"{field}: no field of krew's"
    if not platform.get("uri"):
        yield "uri: must be there"
    if not re.fullmatch("[a-f0-9]{64}", platform.get("sha256") or ""):
        yield "sha256: must be 64 hexadecimal digits, in lowercase"
    if not platform.get("bin"):
        yield "bin: must be there"
    if "files" in platform and not _are_files(platform["files"]):
        yield "files: must be left out, or a list of `from` and `to`"
    yield from _selector(platform.get("selector") or {})


def _are_files(files: Any) -> bool:
    return bool(files) and all(entry.get("from") and entry.get("to") for entry in files)


def _selector(selector: Document) -> Iterator[str]:
    keys = [*(selector.get("matchLabels") or {})]
    keys += [expression.get("key") for expression in selector.get("matchExpressions") or []]
    if not keys or any(part in ({}, []) for part in selector.values()):
        yield "selector: must not be empty"
    elif unknown := sorted({str(key) for key in keys} - {"os", "arch"}):
        yield f"selector: {', '.join(unknown)}: krew knows os and arch"
    elif not any(_selects(selector, *system) for system in SYSTEMS):
        yield "selector: no platform that krew runs on"


def _overlaps(platforms: list[Document]) -> Iterator[str]:
    for (first, one), (second, other) in combinations(enumerate(platforms), 2):
        for system in SYSTEMS:
            if all(_selects(each.get("selector") or {}, *system) for each in (one, other)):
                yield f"{first} and {second} both select {'/'.join(system)}"


def _selects(selector: Document, system: str, machine: str) -> bool:
    """Whether a label selector of Kubernetes' matches the platform."""
    here = {"os": system, "arch": machine}
    labels, expressions = selector.get("matchLabels") or {}, selector.get("matchExpressions") or []
    return all(here.get(key) == value for key, value in labels.items()) and all(
        _agrees(here.get(each.get("key")), each.get("operator"), each.get("values") or [])
        for each in expressions
    )


def _agrees(value: str | None, operator: str, values: list[str]) -> bool:
    return {
        "In": value in values,
        "NotIn": value not in values,
        "Exists": value is not None,
        "DoesNotExist": value is None,
    }.get(operator, False)
