"""pip and pipx install every executable and page from folder, sdist and wheel, and nothing else."""

import hashlib
import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from kubectl_ns_tools import __version__
from tests.builders import Kubeconfig
from tests.release.pythons import found
from tests.release.repositories import copy

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
EXECUTABLES = sorted(path.name for path in (ROOT / "bin").iterdir())
PAGES = sorted(path.name for path in (ROOT / "man").glob("*.1"))
RUNNING = f"3.{sys.version_info.minor}"
QUICK = "--no-compile"  # compiling all modules of the dependencies takes longer than all else
Run = Callable[..., str]


@dataclass(frozen=True)
class Sources:
    """What can be installed: each is a path that pip takes."""

    folder: Path
    sdist: Path
    wheel: Path


@pytest.fixture(scope="module")
def run(users_environ: dict[str, str]) -> Run:
    """Runs a command in the user's own environment, whose caches and registry pip needs; gives its stdout."""
    kept = {name: value for name, value in users_environ.items() if not name.startswith(("PYTHON", "PIPX"))}
    quiet = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}

    def run(*command: str | Path, **variables: str) -> str:
        environ = kept | quiet | variables
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}: {(done.stdout + done.stderr)[-3000:]}"
        return done.stdout

    return run


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory, run: Run) -> Sources:
    """A copy of the checkout, as building leaves files in it, and what is built of it."""
    top = tmp_path_factory.mktemp("sources")
    folder = copy(top / "checkout")
    run(sys.executable, "-m", "build", "--sdist", "--wheel", "--outdir", top / "dist", folder)
    (sdist,), (wheel,) = (top / "dist").glob("*.tar.gz"), (top / "dist").glob("*.whl")
    return Sources(folder, sdist, wheel)


@dataclass(frozen=True)
class Environment:
    """A virtual environment with nothing in it but what a test installs."""

    folder: Path
    run: Run

    @property
    def bin(self) -> Path:
        return self.folder / "bin"

    def install(self, source: Path) -> None:
        self.run(self.bin / "python", "-m", "pip", "install", "--quiet", QUICK, source)

    @property
    def top_levels(self) -> set[str]:
        """What is at the top of site-packages."""
        (packages,) = self.folder.glob("lib/python3*/site-packages")
        return {path.name for path in packages.iterdir()}


@pytest.fixture
def environment(tmp_path: Path, run: Run) -> Callable[[str], Environment]:
    """Makes a clean virtual environment of a Python such as "3.12"."""

    def make(version: str) -> Environment:
        run(found()[version], "-m", "venv", tmp_path / "venv")
        return Environment(tmp_path / "venv", run)

    return make


def test_the_running_python_is_among_those_found() -> None:
    assert RUNNING in found(), f"found only {', '.join(found())}"


@pytest.mark.parametrize("version", found())
def test_the_wheel_installs_every_executable_on_each_python(
    version: str, sources: Sources, environment: Callable[[str], Environment], kubectl_path: Path
) -> None:
    clean = environment(version)
    clean.install(sources.wheel)
    assert_complete(clean)
    assert_kubectl_finds_them(clean, kubectl_path)


def assert_complete(clean: Environment) -> None:
    """Executables that run, man pages, and no package but ours and what it needs."""
    assert [path.name for path in sorted(clean.bin.glob("kubectl*"))] == EXECUTABLES
    for name in EXECUTABLES:
        if name.startswith("kubectl-"):
            assert clean.run(clean.bin / name, "--version") == f"kubectl-ns-tools {__version__}\n"
        else:
            assert clean.run(clean.bin / name, "--").endswith(":4\n")
    assert sorted(path.name for path in (clean.folder / "share" / "man" / "man1").iterdir()) == PAGES
    assert not clean.top_levels & {"tests", "release", "benchmarks", "bin", "docs", "man", "build"}


def assert_kubectl_finds_them(clean: Environment, kubectl: Path) -> None:
    """kubectl looks for its plugins on PATH."""
    config = Kubeconfig().context("one").current("one").write(clean.folder / "config")
    path = os.pathsep.join([str(clean.bin), os.defpath])
    said = clean.run(kubectl, "ctx-current", PATH=path, KUBECONFIG=str(config))
    assert said == "one\n"


@pytest.fixture(scope="module")
def pipx_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pipx keeps its own pip: made once for all tests."""
    return tmp_path_factory.mktemp("pipx")


@pytest.mark.parametrize("source", ["folder", "sdist", "wheel"])
def test_pipx_links_every_executable_and_page(
    source: str, sources: Sources, tmp_path: Path, run: Run, pipx_home: Path
) -> None:
    links = {f"PIPX_{name}": str(tmp_path / name) for name in ("BIN_DIR", "MAN_DIR")}

    def pipx(*arguments: str | Path) -> None:
        run(sys.executable, "-m", "pipx", *arguments, PIPX_HOME=str(pipx_home), **links)

    pipx("install", f"--pip-args={QUICK}", getattr(sources, source))
    linked = tmp_path / "BIN_DIR"
    assert sorted(path.name for path in linked.iterdir()) == EXECUTABLES
    assert sorted(path.name for path in (tmp_path / "MAN_DIR").rglob("*.1")) == PAGES
    assert run(linked / "kubectl-ctx_switch", "--version") == f"kubectl-ns-tools {__version__}\n"
    pipx("uninstall", "kubectl-ns-tools")
    assert not list(linked.iterdir())


def test_the_sdist_builds_the_wheel_that_the_checkout_builds(
    sources: Sources, tmp_path: Path, run: Run
) -> None:
    run(sys.executable, "-m", "build", "--wheel", "--outdir", tmp_path, unpacked(sources.sdist, tmp_path))
    (again,) = tmp_path.glob("*.whl")
    assert again.name == sources.wheel.name
    assert digests(again) == digests(sources.wheel)


def unpacked(sdist: Path, into: Path) -> Path:
    with tarfile.open(sdist) as archive:
        archive.extractall(into, filter="data")
    return into / sdist.name.removesuffix(".tar.gz")


def digests(wheel: Path) -> dict[str, str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}


def test_the_wheel_has_only_the_package(sources: Sources) -> None:
    tops = {name.partition("/")[0] for name in digests(sources.wheel)}
    name = f"kubectl_ns_tools-{__version__}"
    assert tops == {"kubectl_ns_tools", f"{name}.dist-info", f"{name}.data"}
    assert f"{name}.dist-info/licenses/LICENSE" in digests(sources.wheel)


def test_the_sdist_has_what_a_packager_needs_and_no_tests(sources: Sources) -> None:
    with tarfile.open(sources.sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"LICENSE", "README.md", "CHANGELOG.md", "pyproject.toml"} <= names
    assert {f"bin/{name}" for name in EXECUTABLES} | {f"man/{name}" for name in PAGES} <= names
    assert not {name for name in names if name.startswith(("tests/", "release/", "benchmarks/"))}
