import os
from pathlib import Path

import pytest

from kubectl_ns_tools.templates.library.library import open_library
from kubectl_ns_tools.templates.planning.provenance import digest
from kubectl_ns_tools.templates.update.drift import Drift, Drifts

TEXT = "{apiVersion: v1, kind: ConfigMap, metadata: {name: %s}}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KUBECTL_NS_TOOLS_TEMPLATES", str(tmp_path))
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text(TEXT % name)
    return tmp_path


def namespace(template: str, then: str) -> dict[str, object]:
    annotations = {"kubectl-ns-tools/template": template, "kubectl-ns-tools/template-digest": then}
    return {"metadata": {"annotations": {key: value for key, value in annotations.items() if value}}}


def digest_now(*names: str) -> str:
    library = open_library(os.environ)
    return digest(source for name in names for source in library.find(name)[1])


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("names", [["one"], ["one", "two"], ["team"]])
def test_a_template_that_is_as_it_was(names: list[str]) -> None:
    drifts = Drifts(open_library(os.environ))
    assert drifts.of(namespace("+".join(names), digest_now(*names))) is Drift.CURRENT


def test_a_template_that_has_changed(folder: Path) -> None:
    then = digest_now("one", "two")
    (folder / "two.yaml").write_text(TEXT % "three")
    drifts = Drifts(open_library(os.environ))
    assert drifts.of(namespace("one+two", then)) is Drift.OLDER
    assert drifts.of(namespace("one", digest_now("one"))) is Drift.CURRENT


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("template", "then"),
    [("", ""), ("one", ""), ("", "sha256:1"), ("gone", "sha256:1"), ("f.yaml", "sha256:1")],
)
def test_what_cannot_be_compared(template: str, then: str) -> None:
    assert Drifts(open_library(os.environ)).of(namespace(template, then)) is Drift.UNKNOWN
    assert Drifts(open_library(os.environ)).of({"metadata": {}}) is Drift.UNKNOWN
