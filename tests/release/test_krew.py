"""krew itself installs the suite, keeps it new and takes it away; kubectl runs it where no Python is."""

import io
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kubectl_ns_tools import __version__
from kubectl_ns_tools.main import COMMANDS
from release import manifests
from tests.controlplane.servers import ControlPlane
from tests.release.krew import build
from tests.release.krew.user import User, here, served
from tests.release.repositories import commit

pytestmark = pytest.mark.e2e

OLD = "0.0.9"
SUITE = f"kubectl-ns-tools {__version__}\n"
KUBECONFIG = """\
apiVersion: v1
kind: Config
current-context: blue
contexts:
- {name: blue, context: {cluster: one, user: me}}
- {name: green, context: {cluster: one, user: me}}
clusters:
- {name: one, cluster: {server: "https://127.0.0.1:1"}}
users:
- {name: me, user: {token: t}}
"""


@pytest.fixture(scope="session")
def krew(users_environ: dict[str, str]) -> Path:
    return build.krew(users_environ)


@pytest.fixture
def user(tmp_path: Path, kubectl_path: Path, krew: Path) -> User:
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(KUBECONFIG)
    return User.make(tmp_path / "user", kubectl_path, krew, KUBECONFIG=str(kubeconfig))


@pytest.fixture
def publish(tmp_path: Path) -> Iterator[Callable[[Path, str], Path]]:
    """publish(dist, version): puts archives up for download and their manifests into a krew index.

    Gives the index, a git repository with a `plugins/` as `make release` writes it.
    """
    site, index = tmp_path / "site", tmp_path / "index"
    site.mkdir()
    with served(site) as address:

        def put(dist: Path, version: str) -> Path:
            (site / f"v{version}").symlink_to(dist)
            manifests.index(dist, index / "plugins", version, address)
            commit(index)
            return index

        yield put


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Stands for the archives of an older version: each command there says that it is old."""
    folder = tmp_path / "old"
    folder.mkdir()
    for family in ("ctx", "ns"):
        with tarfile.open(folder / manifests.archive(family, OLD, *here()), "w:gz") as archive:
            for command in COMMANDS:
                script = f"#!/bin/sh\necho old {command}\n"
                _add(archive, f"kubectl-{command.replace('-', '_')}", script.encode())
    return folder


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o755
    archive.addfile(member, io.BytesIO(content))


def test_one_plugin_from_its_manifest(user: User, archives: Path, tmp_path: Path) -> None:
    manifests.index(archives, tmp_path / "plugins")
    archive = archives / manifests.archive("ctx-switch", __version__, *here())
    manifest = tmp_path / "plugins" / "ctx-switch.yaml"
    said = user.krew("install", "--manifest", manifest, "--archive", archive).stderr
    assert "Installed plugin: ctx-switch" in said
    assert "kubectl ns-tools completion install" in said  # a caveat
    link = user.root / "bin" / "kubectl-ctx_switch"
    assert link.readlink() == user.root / "store" / "ctx-switch" / f"v{__version__}" / "kubectl-ctx_switch"
    assert user.kubectl("ctx-switch", "--version").stdout == SUITE
    assert user.kubectl("ctx-switch", "green").stderr == 'Switched to context "green".\n'
    assert user.kubectl("config", "current-context").stdout == "green\n"


def test_an_archive_that_is_not_the_one_of_the_manifest_is_refused(
    user: User, archives: Path, old: Path, tmp_path: Path
) -> None:
    manifests.index(archives, tmp_path / "plugins")
    other = old / manifests.archive("ctx-switch", OLD, *here())
    manifest = tmp_path / "plugins" / "ctx-switch.yaml"
    done = user.krew("install", "--manifest", manifest, "--archive", other, check=False)
    assert done.returncode != 0
    assert "checksum does not match" in done.stderr
    assert user.kept() == []


def test_plugins_from_the_index(user: User, archives: Path, publish: Callable[[Path, str], Path]) -> None:
    user.krew("index", "add", "ns-tools", publish(archives, __version__))
    found = user.krew("search").stdout.split()
    assert {word for word in found if word.startswith("ns-tools/")} == {
        f"ns-tools/{name}" for name in COMMANDS
    }
    user.krew("install", "ns-tools/ns-create", "ns-tools/ctx-switch", "ns-tools/ns-tools")
    for name in ("ns-create", "ctx-switch", "ns-tools"):
        assert user.kubectl(name, "--version").stdout == SUITE
    # krew links one executable for each plugin, and no other file of an archive is on PATH.
    listed = user.kubectl("plugin", "list", "--name-only").stdout.split()
    found = {word for word in listed if word.startswith("kubectl-")}
    assert found == {"kubectl-krew", "kubectl-ns_create", "kubectl-ctx_switch", "kubectl-ns_tools"}


def test_what_krew_installed_works_on_a_cluster(
    user: User,
    archives: Path,
    publish: Callable[[Path, str], Path],
    controlplane: ControlPlane,
    namespace_name: str,
) -> None:
    (user.folder.parent / "kubeconfig").write_bytes(controlplane.kubeconfig.read_bytes())
    user.krew("index", "add", "ns-tools", publish(archives, __version__))
    user.krew("install", "ns-tools/ns-create", "ns-tools/ns-delete", "ns-tools/ctx-switch")
    made = user.kubectl("ns-create", namespace_name, "-t", "team", "-p", "ADMIN_GROUP=blue").stdout
    assert f"namespace/{namespace_name} created" in made
    user.kubectl("ns-delete", namespace_name, "--yes", "--no-backup")
    gone = user.kubectl("get", "namespace", namespace_name, check=False)
    assert "NotFound" in gone.stderr


def test_an_older_version_is_upgraded(
    user: User, archives: Path, old: Path, publish: Callable[[Path, str], Path]
) -> None:
    user.krew("index", "add", "ns-tools", publish(old, OLD))
    user.krew("install", "ns-tools/ns-create", "ns-tools/ctx-switch")
    assert user.kubectl("ctx-switch", "--version").stdout == "old ctx-switch\n"
    publish(archives, __version__)
    said = user.krew("upgrade").stderr
    assert f"ns-tools/ctx-switch v{OLD} -> v{__version__}" in said
    assert user.kubectl("ctx-switch", "--version").stdout == SUITE
    assert user.kubectl("ns-create", "--version").stdout == SUITE
    assert {path for path in user.kept() if path.startswith("krew/store")} == {
        "krew/store/ctx-switch",
        f"krew/store/ctx-switch/v{__version__}",
        "krew/store/ns-create",
        f"krew/store/ns-create/v{__version__}",
    }
    assert "already on the newest version" in user.krew("upgrade").stderr


def test_uninstalling_leaves_nothing(
    user: User, archives: Path, publish: Callable[[Path, str], Path]
) -> None:
    user.krew("index", "add", "ns-tools", publish(archives, __version__))
    user.krew("install", "ns-tools/ns-create", "ns-tools/ctx-switch")
    user.kubectl("ctx-switch", "green")
    user.kubectl("ns-create", "--help")
    user.krew("uninstall", "ctx-switch", "ns-create")
    assert user.kept() == []
    user.krew("index", "remove", "ns-tools")
    done = user.kubectl("ctx-switch", check=False)
    assert 'unknown command "ctx-switch"' in done.stderr
