"""What is in the archives, and what must not be."""

import re
import subprocess
import tarfile
from pathlib import Path

import pytest
from elftools.elf.dynamic import DynamicSection
from elftools.elf.elffile import ELFFile

from kubectl_ns_tools import __version__
from kubectl_ns_tools.main import COMMANDS
from release import elf
from tests.release.conftest import ROOT
from tests.release.krew.user import here
from tests.release.unpacked import FAMILIES, Unpacked, family

pytestmark = pytest.mark.e2e

BUDGETS = {"ctx": 25_000_000, "ns": 45_000_000}
LAUNCHERS = {
    name: {
        f"{prefix}{command.replace('-', '_')}"
        for command in COMMANDS
        if family(command) == name
        for prefix in ("kubectl-", "kubectl_complete-")
    }
    for name in FAMILIES
}
IMPORT_ALL = """
import importlib, os, sys
app = os.path.join(os.path.dirname(sys.prefix), "app")
sys.path.append(app)
for folder, _, files in os.walk(os.path.join(app, "kubectl_ns_tools")):
    for file in files:
        if file.endswith(".pyc"):
            path = os.path.relpath(os.path.join(folder, file), app)[: -len(".pyc")]
            name = path.replace(os.sep, ".").removesuffix(".__init__")
            importlib.import_module(name)
            print(name)
"""


def members(archives: Path, name: str) -> list[tarfile.TarInfo]:
    (archive,) = archives.glob(f"kubectl-{name}-tools_*.tar.gz")
    with tarfile.open(archive) as tar:
        return tar.getmembers()


def machine_code(unpacked: Unpacked, name: str) -> list[Path]:
    files = [path for path in unpacked.store(name).rglob("*") if path.is_file()]
    return [path for path in files if path.read_bytes()[:4] == b"\x7fELF"]


def test_there_is_one_for_each_family(archives: Path) -> None:
    platform = "_".join(here())
    names = {f"kubectl-{name}-tools_v{__version__}_{platform}.tar.gz" for name in FAMILIES}
    assert {path.name for path in archives.iterdir()} == names


@pytest.mark.parametrize("name", FAMILIES)
def test_its_size_unpacked_is_within_the_budget(archives: Path, name: str) -> None:
    assert sum(member.size for member in members(archives, name)) <= BUDGETS[name]


@pytest.mark.parametrize("name", FAMILIES)
def test_on_top_are_the_familys_executables_and_what_people_read(archives: Path, name: str) -> None:
    top = {member.name for member in members(archives, name) if "/" not in member.name}
    assert top == LAUNCHERS[name] | {"LICENSE", "lib", "man"}
    pages = {path.name for path in (ROOT / "man").glob(f"kubectl-{name}-*.1")}
    assert pages
    assert {Path(m.name).name for m in members(archives, name) if m.name.startswith("man/man1/")} == pages


@pytest.mark.parametrize("name", FAMILIES)
def test_it_holds_nothing_but_folders_and_files_for_anybody(archives: Path, name: str) -> None:
    found = members(archives, name)
    assert all(member.isdir() or member.isfile() for member in found)  # krew unpacks no links
    assert {(member.uid, member.gid, member.uname, member.gname) for member in found} == {(0, 0, "", "")}
    assert {member.mode for member in found} == {0o755, 0o644}
    assert {m.name for m in found if m.isfile() and m.mode == 0o755} >= LAUNCHERS[name]
    assert len({member.mtime for member in found}) == 1


@pytest.mark.parametrize("name", FAMILIES)
def test_nothing_tells_where_it_was_built(unpacked: Unpacked, name: str) -> None:
    traces = (str(ROOT).encode(), b"kubectl-ns-tools-release-", b"site-packages/kubectl")
    for path in unpacked.store(name).rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not [trace for trace in traces if trace in content], path


@pytest.mark.parametrize("name", FAMILIES)
def test_machine_code_finds_its_libraries_in_the_archive_wherever_that_is(
    unpacked: Unpacked, name: str
) -> None:
    files = machine_code(unpacked, name)
    bundled = {path.name for path in files}
    assert unpacked.python(name) in files
    for path in files:
        with path.open("rb") as file:
            sections = [s for s in ELFFile(file).iter_sections() if isinstance(s, DynamicSection)]
            tags = [tag for section in sections for tag in section.iter_tags()]
            paths = [tag.rpath for tag in tags if tag.entry.d_tag == "DT_RPATH"]
            needed = {tag.needed for tag in tags if tag.entry.d_tag == "DT_NEEDED"} & bundled
            assert not [tag for tag in tags if tag.entry.d_tag == "DT_RUNPATH"], path
        if needed:
            assert len(paths) == 1
            assert paths[0].startswith("$ORIGIN/"), path
        listing = subprocess.run(["ldd", path], env={}, capture_output=True, text=True, check=False).stdout
        assert "not found" not in listing
        found = {Path(where) for where in re.findall(r"=> (/.*) \(0x", listing)}
        outside = {where.name.partition(".")[0] for where in found if unpacked.folder not in where.parents}
        assert outside <= {"libc", "libm", "libdl", "libpthread", "librt", "libutil"}, path


@pytest.mark.parametrize("name", FAMILIES)
def test_every_module_in_it_can_be_imported(unpacked: Unpacked, name: str) -> None:
    done = subprocess.run(
        [unpacked.python(name), "-I", "-S", "-B", "-c", IMPORT_ALL],
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    imported = set(done.stdout.split())
    assert imported >= {COMMANDS[command] for command in COMMANDS if family(command) == name}


@pytest.mark.parametrize("name", FAMILIES)
def test_the_licence_of_all_that_is_in_it_is_too(unpacked: Unpacked, name: str) -> None:
    lib = unpacked.store(name) / "lib"
    packages = {
        path.name for path in (lib / "app").iterdir() if path.is_dir() and path.suffix != ".dist-info"
    }
    described = list((lib / "app").glob("*.dist-info"))
    assert len(described) >= len(packages - {"kubectl_ns_tools"})
    for folder in described:
        assert [path for path in folder.rglob("*") if path.name.upper().startswith("LICEN")], folder
    libraries = {path for path in (lib / "python" / "lib").glob("*.so*") if "libpython" not in path.name}
    known = [path.read_text() for path in (lib / "licences").iterdir()]
    assert all(len(text) > 500 for text in known)
    assert len(known) - 1 >= len(libraries) - 1  # Python's; libssl and libcrypto are of one package


def test_the_least_glibc_is_the_newest_version_that_a_symbol_has(unpacked: Unpacked) -> None:
    files = machine_code(unpacked, "ns")
    listing = subprocess.run(["readelf", "-V", *files], capture_output=True, text=True, check=True).stdout
    versions = {tuple(map(int, found.split("."))) for found in re.findall(r"GLIBC_(\d[\d.]*)", listing)}
    assert elf.least_glibc(files) == ".".join(map(str, max(versions)))


def test_only_the_namespace_plugins_carry_the_cluster_library_and_that_without_its_models(
    unpacked: Unpacked,
) -> None:
    app = unpacked.store("ns") / "lib" / "app"
    assert not (unpacked.store("ctx") / "lib" / "app" / "kubernetes").exists()
    assert (app / "kubernetes" / "config" / "kube_config.pyc").exists()
    assert [path.name for path in (app / "kubernetes" / "client" / "models").iterdir()] == ["__init__.pyc"]
    assert not list(app.glob("kubernetes*/aio")) + list(app.glob("aiohttp*"))
