"""The file: written whole or not at all, and read only if it is what was written."""

import gzip
import io
import json
import os
import resource
import signal
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kubectl_ns_tools.deletion.backup.archive import Archive
from kubectl_ns_tools.deletion.backup.contents import Entry, Head, Index, Skipped, Volume
from kubectl_ns_tools.deletion.backup.shelf import file_part, list_backups
from kubectl_ns_tools.deletion.backup.writing import ArchiveWriter, new_archive
from kubectl_ns_tools.deletion.inventory import Gap, Reason
from kubectl_ns_tools.deletion.items import Owner
from kubectl_ns_tools.errors import Interrupted, NotFound, NsToolsError, Refused
from tests.same_examples import same_examples

UID = "1f0c3b2a-aaaa-bbbb-cccc-000000000001"
HEAD = Head("blue", UID, "https://c:6443", "blue@c", "cluster-uid", "2026-11-24T19:53:12Z", "0.1.0")
NAMESPACE = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "blue"}}
GAP = Gap("secrets", Reason.FORBIDDEN, "no")
OWNER = Owner("Widget", "w", "u-w", True)


def configmap(name: str, data: object = None) -> dict[str, Any]:
    metadata = {"name": name, "namespace": "blue"}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}


def entry(writer: ArchiveWriter, manifest: dict[str, Any], reason: str = "") -> Entry:
    name = manifest["metadata"]["name"]
    written = writer.add("objects/configmaps", name, manifest)
    assert written
    return Entry(
        written[0],
        "v1",
        "ConfigMap",
        "configmaps",
        name,
        f"u-{name}",
        (OWNER,),
        not reason,
        reason,
        written[1],
    )


def written(folder: Path, *manifests: dict[str, Any], head: Head = HEAD) -> Path:
    """An archive with these ConfigMaps, the last of them not to be restored, a volume, a gap."""
    with new_archive(str(folder), head) as writer:
        writer.namespace(NAMESPACE)
        entries = [entry(writer, each) for each in manifests[:-1]]
        entries += [entry(writer, each, "finished") for each in manifests[-1:]]
        volume = writer.add("volumes", "pv-1", {"kind": "PersistentVolume"})
        assert volume
        volumes = (Volume(volume[0], "pv-1", "u-pv", "data", "Delete", volume[1]),)
        writer.finish(Index(tuple(entries), volumes, (Skipped("events", "past", 3),), (GAP,)))
    return Path(writer.path)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return written(tmp_path / "backups", configmap("a", {"x": "1"}), configmap("b", {"y": "2"}))


def test_what_was_written_is_read(archive: Path) -> None:
    assert archive.name == "blue-20261124T195312Z-1f0c3b2a.tar.gz"
    with Archive.open(str(archive)) as found:
        assert found.head == HEAD
        assert found.namespace() == NAMESPACE
        assert [manifest for _, manifest in found.manifests()] == [
            configmap("a", {"x": "1"}),
            configmap("b", {"y": "2"}),
        ]
        restored = [entry.name for entry, _ in found.manifests(lambda entry: entry.restore)]
        assert restored == ["a"]
        assert [(volume.name, manifest) for volume, manifest in found.volumes()] == [
            ("pv-1", {"kind": "PersistentVolume"})
        ]
        index = found.index
    assert index.entries[1].reason == "finished"
    assert index.entries[0].owners == (OWNER,)
    assert (index.gaps, index.skipped, index.counts()) == (
        (GAP,), (Skipped("events", "past", 3),), {"configmaps": 2}
    )  # fmt: skip


def test_head_first_index_last_and_nobody_else_may_read(archive: Path) -> None:
    with tarfile.open(archive) as tar:
        names = tar.getnames()
        assert {member.mode for member in tar.getmembers()} == {0o600}
    assert names == [
        "backup.json", "namespace.yaml", "objects/configmaps/a.yaml", "objects/configmaps/b.yaml",
        "volumes/pv-1.yaml", "index.json",
    ]  # fmt: skip
    assert archive.stat().st_mode & 0o777 == 0o600
    assert archive.parent.stat().st_mode & 0o777 == 0o700
    assert list(archive.parent.iterdir()) == [archive]


def test_an_empty_namespace(tmp_path: Path) -> None:
    with Archive.open(str(written(tmp_path))) as found:
        assert list(found.manifests()) == []


def test_the_same_object_told_twice_is_saved_once(tmp_path: Path) -> None:
    with new_archive(str(tmp_path), HEAD) as writer:
        writer.namespace(NAMESPACE)
        first = entry(writer, configmap("a"))
        assert writer.add("objects/configmaps", "a", configmap("a", {"later": "x"})) is None
        writer.finish(Index((first,)))
    with Archive.open(writer.path) as found:
        assert [manifest for _, manifest in found.manifests()] == [configmap("a")]


TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(
    ["1e3", "on", "0x10", "012", "1:30", "2001-01-01", "a: b", "\x1b[31m", "\r\n", "\x00", "\u2028", "\ufeff",
     "#", "- a", " x", "x ", "~", "null", "\n", "a\n\n", "=", "<<", "!x", "{", "\x85", "\U0001f600"]
)  # fmt: skip
NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=12,
)


@same_examples(150)
@given(value=VALUES)
def test_every_value_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, value: object) -> None:
    path = written(tmp_path_factory.mktemp("values"), configmap("a", value))
    with Archive.open(str(path)) as found:
        ((_, manifest),) = found.manifests()
    assert manifest == configmap("a", value)
    assert json.dumps(manifest) == json.dumps(configmap("a", value))  # 1 is not 1.0, True is not 1


NAMES = {
    "web": "web",
    "system:controller": "system:controller",
    "..": "%2E.",
    "-rf": "%2Drf",
    "a b": "a%20b",
    "a\x1b[31m\n": "a%1B%5B31m%0A",
    "größe": "gr%C3%B6%C3%9Fe",
    "a\\b": "a%5Cb",
    "~x": "%7Ex",
}


@pytest.mark.parametrize(("name", "part"), NAMES.items(), ids=NAMES.values())
def test_no_name_surprises_a_file_system_or_a_shell(name: str, part: str, tmp_path: Path) -> None:
    assert file_part(name) == part
    with Archive.open(str(written(tmp_path, configmap(name)))) as found:
        ((saved, manifest),) = found.manifests()
    assert saved.name == manifest["metadata"]["name"] == name


def test_long_names_are_cut_and_stay_apart() -> None:
    one, other = file_part("a" * 252 + "1"), file_part("a" * 252 + "2")
    assert one != other
    assert max(len(one), len(other)) < 230


# What is no backup, or none any more.


def repacked(
    archive: Path, change: Callable[[dict[str, bytes]], object], kind: bytes = tarfile.REGTYPE
) -> Path:
    """The archive with its members changed by the function."""
    with tarfile.open(archive) as tar:
        members = {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]
    change(members)
    with tarfile.open(archive, "w:gz") as tar:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return archive


def why_refused(path: Path) -> str:
    with pytest.raises(Refused) as caught:
        Archive.open(str(path))
    assert str(path) in caught.value.message
    return caught.value.message.partition("cannot be used: ")[2]


def test_a_changed_member_is_found(archive: Path) -> None:
    path = repacked(archive, lambda members: members.update({"objects/configmaps/a.yaml": b"kind: Evil\n"}))
    assert why_refused(path) == "objects/configmaps/a.yaml was changed since the backup was made"


@pytest.mark.parametrize("name", ["backup.json", "namespace.yaml", "volumes/pv-1.yaml"])
def test_so_is_a_change_outside_of_the_objects(archive: Path, name: str) -> None:
    path = repacked(archive, lambda members: members.update({name: members[name] + b"\n"}))
    assert why_refused(path) == f"{name} was changed since the backup was made"


def test_a_missing_member_and_an_additional_one(archive: Path) -> None:
    moved = repacked(archive, lambda members: members.pop("objects/configmaps/a.yaml"))
    assert why_refused(moved) == "objects/configmaps/a.yaml is missing"


def test_a_member_that_the_index_does_not_know(archive: Path) -> None:
    def add(members: dict[str, bytes]) -> None:
        index = members.pop("index.json")
        members |= {"objects/configmaps/new.yaml": b"", "index.json": index}

    assert why_refused(repacked(archive, add)) == "objects/configmaps/new.yaml is not in its index"


def test_nothing_comes_after_the_index(archive: Path) -> None:
    path = repacked(archive, lambda members: members.update({"objects/configmaps/z.yaml": b""}))
    assert why_refused(path) == "objects/configmaps/z.yaml is not in its place"


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "objects/../../x.yaml",
        "objects/a/b/c.yaml",
        "objects/a/.x.yaml",
        "other.txt",
        "objects/a/\x1b.yaml",
        "objects/a/b.sh",
    ],
)
def test_names_that_no_backup_has(archive: Path, name: str) -> None:
    path = repacked(archive, lambda members: members.update({name: b""}))
    assert why_refused(path) == f"it has a member that no backup has: {name!r}"


def test_a_link_is_no_member(archive: Path) -> None:
    with gzip.open(archive, "wb") as file, tarfile.open(fileobj=file, mode="w") as tar:
        link = tarfile.TarInfo("backup.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    assert why_refused(archive) == "it has a member that no backup has: 'backup.json'"


def test_an_archive_that_is_cut_off(archive: Path) -> None:
    data = archive.read_bytes()
    for end in (0, 1, 20, len(data) // 2, len(data) - 9, len(data) - 1):
        archive.write_bytes(data[:end])
        assert why_refused(archive), end


def test_a_byte_that_the_disk_has_changed(archive: Path) -> None:
    data = bytearray(archive.read_bytes())
    data[len(data) // 2] ^= 0xFF
    archive.write_bytes(data)
    assert why_refused(archive)


def test_a_tar_file_that_ends_early(archive: Path) -> None:
    assert why_refused(repacked(archive, lambda members: members.pop("index.json"))) == "its end is missing"


@pytest.mark.parametrize(
    "data",
    [b"", b"kind: List\n", gzip.compress(b"text"), gzip.compress(b"\0" * 10240)],
    ids=["nothing", "YAML", "text in gzip", "zeros in gzip"],
)
def test_another_file(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "other.tar.gz"
    path.write_bytes(data)
    assert why_refused(path)


def head_changed(members: dict[str, bytes], **changes: object) -> None:
    members["backup.json"] = json.dumps({**json.loads(members["backup.json"]), **changes}).encode()


def test_a_newer_format_says_so(archive: Path) -> None:
    path = repacked(archive, lambda members: head_changed(members, apiVersion="kubectl-ns-tools/v2"))
    assert (
        why_refused(path) == "its format is kubectl-ns-tools/v2, and this version reads kubectl-ns-tools/v1"
    )


@pytest.mark.parametrize(
    "changes", [{"kind": "Other"}, {"apiVersion": "v1"}, {"apiVersion": 1}, {"namespace": 1}]
)
def test_a_head_that_is_not_ours(archive: Path, changes: dict[str, object]) -> None:
    assert "no backup of this program" in why_refused(
        repacked(archive, lambda members: head_changed(members, **changes))
    )


@pytest.mark.parametrize("data", [b"{", b"[]", b"null", b'{"kind": "NamespaceBackupIndex"}'])
def test_an_index_that_is_not_ours(archive: Path, data: bytes) -> None:
    path = repacked(archive, lambda members: members.update({"index.json": data}))
    assert "no backup of this program" in why_refused(path)


def test_a_file_that_is_not_there_or_not_readable(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="does not exist"):
        Archive.open(str(tmp_path / "none.tar.gz"))
    with pytest.raises(NsToolsError, match="is a directory"):
        Archive.open(str(tmp_path))


def test_a_change_between_the_look_and_the_restore_is_found(archive: Path) -> None:
    with Archive.open(str(archive)) as found:
        os.truncate(archive, 40)
        with pytest.raises(Refused):
            list(found.manifests())


# All or nothing.


@pytest.mark.parametrize("failure", [KeyboardInterrupt, RuntimeError, SystemExit])
def test_whatever_ends_the_writing_nothing_is_left(tmp_path: Path, failure: type[BaseException]) -> None:
    def begin() -> None:
        with new_archive(str(tmp_path), HEAD) as writer:
            writer.namespace(NAMESPACE)
            assert list(tmp_path.iterdir()) == [tmp_path / "blue-20261124T195312Z-1f0c3b2a.tar.gz.partial"]
            assert next(tmp_path.iterdir()).stat().st_mode & 0o777 == 0o600
            raise failure

    with pytest.raises(failure):
        begin()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_signals_leave_nothing_either(tmp_path: Path, number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with pytest.raises(Interrupted, match=f"ended by {number.name}"), new_archive(str(tmp_path), HEAD):
        os.kill(os.getpid(), number)
    assert list(tmp_path.iterdir()) == []
    assert signal.getsignal(number) == before


def test_a_second_backup_in_the_same_second_does_not_take_the_place_of_the_first(archive: Path) -> None:
    before = archive.read_bytes()
    with pytest.raises(Refused, match="is there already"):
        written(archive.parent, configmap("c"))
    assert archive.read_bytes() == before
    assert list(archive.parent.iterdir()) == [archive]


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NsToolsError, match="cannot write the backup"):
        written(tmp_path / "file" / "below")


@pytest.fixture
def small_files() -> Iterator[None]:
    """No file may grow beyond 64 KiB, as if the disk were full (EFBIG in the place of ENOSPC)."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_takes_no_more(tmp_path: Path, small_files: None) -> None:
    large = [configmap(f"a{number}", {"x": os.urandom(3000).hex()}) for number in range(50)]
    with pytest.raises(NsToolsError, match=r"cannot write the backup .*: file too large") as caught:
        written(tmp_path, *large)
    assert caught.value.hint == "name another folder for it"
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_read_again_is_no_backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kubectl_ns_tools.deletion.backup.writing.os.fsync", damage(tmp_path))
    with pytest.raises(NsToolsError, match="it cannot be read again"):
        written(tmp_path, configmap("a"))
    assert list(tmp_path.iterdir()) == []


def damage(folder: Path) -> Callable[[int], None]:
    """In the place of fsync: a disk that loses what it was given."""

    def lose(descriptor: int) -> None:
        os.ftruncate(descriptor, 100)

    return lose


# The folder.


def test_the_folder_lists_the_newest_first(tmp_path: Path) -> None:
    older = written(tmp_path, configmap("a"))
    newer = written(tmp_path, configmap("a"), configmap("b"), head=replaced("blue", "2026-11-25T00:00:00Z"))
    other = written(tmp_path, head=replaced("blue-2", "2026-11-26T00:00:00Z"))
    (tmp_path / "blue-20261124T195312Z-1f0c3b2a.tar.gz.partial").touch()
    (tmp_path / "notes.txt").touch()
    found = list_backups(str(tmp_path))
    assert [info.path for info in found] == [str(other), str(newer), str(older)]
    assert [info.path for info in list_backups(str(tmp_path), "blue")] == [str(newer), str(older)]
    assert (found[1].namespace, found[1].time, found[1].server, found[1].objects) == (
        "blue", "2026-11-25T00:00:00Z", "https://c:6443", 2
    )  # fmt: skip
    assert found[1].bytes == newer.stat().st_size
    assert found[1].problem == ""


def replaced(namespace: str, time: str) -> Head:
    return Head(namespace, UID, HEAD.server, HEAD.context, HEAD.cluster, time, HEAD.version)


def test_a_broken_backup_is_in_the_list_with_its_problem(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:50])
    (info,) = list_backups(str(archive.parent))
    assert "cut off" in info.problem
    assert (info.head, info.objects, info.bytes) == (None, 0, 50)


def test_a_folder_that_was_never_made_is_empty(tmp_path: Path) -> None:
    assert list_backups(str(tmp_path / "none")) == []


def test_a_folder_that_is_none_says_so(archive: Path) -> None:
    with pytest.raises(NsToolsError, match=r"cannot read the folder .*: not a directory"):
        list_backups(str(archive))


def test_members_are_yaml_for_everybody(archive: Path) -> None:
    with tarfile.open(archive) as tar:
        text = tar.extractfile("objects/configmaps/a.yaml").read()  # type: ignore[union-attr]
    assert yaml.safe_load(text) == configmap("a", {"x": "1"})
