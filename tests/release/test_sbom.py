"""The bill of materials names what is in the archive: no more, no less, with its version."""

import hashlib
import json
import re
import shutil
import sys
import tarfile
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

from kubectl_ns_tools import __version__
from release import manifests, sbom, sums
from release.interpreter import Interpreter, interpreter
from tests.release.krew.user import here

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def python() -> Interpreter:
    return interpreter(Path(sys.executable))


@pytest.fixture(scope="module", params=["ctx", "ns"])
def archive(request: pytest.FixtureRequest, archives: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of it in a folder of its own, where its bill is written to."""
    name = manifests.archive(request.param, __version__, *here())
    return Path(shutil.copy(archives / name, tmp_path_factory.mktemp("bill")))


@pytest.fixture(scope="module")
def bill(archive: Path, python: Interpreter) -> dict[str, Any]:
    written = sbom.write(archive, python)
    assert written.name == archive.name.replace(".tar.gz", ".cdx.json")
    found: dict[str, Any] = json.loads(written.read_text())
    return found


def files(archive: Path) -> dict[str, bytes]:
    with tarfile.open(archive) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar if member.isfile()}  # type: ignore[union-attr]


def of(bill: dict[str, Any], *kinds: str) -> dict[str, dict[str, Any]]:
    return {component["name"]: component for component in bill["components"] if component["type"] in kinds}


def normal(name: str) -> str:
    """As PyPI compares names (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned(*lists: str) -> dict[str, str]:
    """The versions that release/requirements-*.txt pin."""
    texts = [(sbom.ROOT / "release" / f"requirements-{name}.txt").read_text() for name in lists]
    found = re.findall(r"^([\w.-]+)==(\S+)", "\n".join(texts), re.MULTILINE)
    return {normal(name): version for name, version in found}


def test_it_is_about_the_archive(bill: dict[str, Any], archive: Path) -> None:
    whole = bill["metadata"]["component"]
    assert (whole["name"], whole["version"]) == (archive.name.partition("_")[0], __version__)
    assert whole["hashes"] == [{"alg": "SHA-256", "content": sums.digest(archive)}]


def test_each_package_of_the_archive_is_of_a_distribution_that_is_named(
    bill: dict[str, Any], archive: Path
) -> None:
    named = {normal(name) for name in of(bill, "library")}
    parts = {Path(name).parts for name in files(archive) if name.startswith("lib/app/")}
    packages = {name.partition(".")[0] for _, _, name, *_ in parts if not name.endswith(".dist-info")}
    theirs = packages - {"kubectl_ns_tools", "start"}
    assert len(theirs) > 3
    owners = packages_distributions()  # of the tests' own environment, whose names are the same
    assert {name: normal(owners[name][0]) in named for name in theirs} == dict.fromkeys(theirs, True)


def test_each_distribution_has_the_version_that_was_pinned(bill: dict[str, Any], archive: Path) -> None:
    of_python = {
        normal(name): one["version"] for name, one in of(bill, "library").items() if name != "openssl"
    }
    assert of_python == pinned(*(["ctx"] if "-ctx-" in archive.name else ["ctx", "ns"]))
    for component in of(bill, "library").values():
        assert component["purl"].endswith(f"@{component['version']}")


def test_the_interpreter_and_openssl_are_named_as_databases_know_them(
    bill: dict[str, Any], python: Interpreter
) -> None:
    named = of(bill, "platform", "library")
    assert named["python"]["cpe"] == f"cpe:2.3:a:python:python:{python.version}:*:*:*:*:*:*:*"
    assert re.fullmatch(r"cpe:2\.3:a:openssl:openssl:3[.\d]+(:\*){7}", named["openssl"]["cpe"])


def test_all_machine_code_is_listed_with_its_digest(bill: dict[str, Any], archive: Path) -> None:
    wanted = {
        name: hashlib.sha256(content).hexdigest()
        for name, content in files(archive).items()
        if content[:4] in (b"\x7fELF", b"\xcf\xfa\xed\xfe")  # programs and libraries of Linux, of macOS
    }
    assert "lib/python/bin/python3" in wanted
    assert {name: one["hashes"][0]["content"] for name, one in of(bill, "file").items()} == wanted


def test_it_hangs_together(bill: dict[str, Any]) -> None:
    references = {component["bom-ref"] for component in bill["components"]}
    [whole] = [entry for entry in bill["dependencies"] if entry["ref"] not in references]
    assert whole["ref"] == bill["metadata"]["component"]["bom-ref"]
    assert set(whole["dependsOn"]) == references


def test_the_same_archive_gives_the_same_bill(
    archive: Path, bill: dict[str, Any], python: Interpreter
) -> None:
    assert sbom.bill(archive, python) == bill


def test_what_is_no_cyclonedx_is_not_written(
    python: Interpreter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        sbom, "bill", lambda *_: {"bomFormat": "CycloneDX", "specVersion": "1.6", "parts": []}
    )
    with pytest.raises(ValueError, match=r"no CycloneDX 1\.6 came of a\.tar\.gz"):
        sbom.write(tmp_path / "a.tar.gz", python)
    assert not list(tmp_path.iterdir())
