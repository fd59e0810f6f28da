"""Family 14: where the file lies, who may write to it, and what can happen meanwhile."""

import contextlib
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kubectl_ns_tools.errors import Locked, NsToolsError, Refused
from kubectl_ns_tools.kubeconfig.changes import set_namespace, use_context
from kubectl_ns_tools.kubeconfig.editing.writer import Writer
from kubectl_ns_tools.kubeconfig.locations import locate
from kubectl_ns_tools.kubeconfig.view import View, load_view
from tests.builders import Kubeconfig
from tests.kubeconfig.families.ground import kubectl_config

IS_ROOT = os.geteuid() == 0
NOBODY = 65534
needs_root = pytest.mark.skipif(
    not IS_ROOT, reason="NOT TESTED: needs root, for files of other users and mounts"
)
needs_mounts = pytest.mark.skipif(
    not (
        IS_ROOT
        and shutil.which("unshare")
        and not subprocess.call(["unshare", "-m", "true"], stderr=subprocess.DEVNULL)
    ),
    reason="NOT TESTED: needs root that may mount (unshare -m)",
)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A file in a folder of its own."""
    return Kubeconfig().context("a").context("b").current("a").write(tmp_path / "folder" / "config")


def view_of(*paths: Path) -> View:
    return load_view(locate(None, {"KUBECONFIG": os.pathsep.join(map(str, paths))}))


def switch(path: Path, writer: Writer | None = None) -> None:
    use_context(view_of(path), writer or Writer(), "b")


def is_switched(path: Path) -> bool:
    return bool(json.loads(path.read_text())["current-context"] == "b")


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def in_process(script: str, *arguments: Path | str, prefix: tuple[str, ...] = ()) -> str:
    """What a script that switches to b, or fails, prints: the error, or nothing."""
    whole = (
        "import sys\nfrom tests.kubeconfig.families.test_file_system import *\n"
        f"try:\n    {script}\nexcept NsToolsError as error:\n    print(error)\n"
    )
    command = [*prefix, sys.executable, "-c", whole, *map(str, arguments)]
    environ = {**os.environ, "PYTHONPATH": os.getcwd(), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environ, check=False)
    assert not done.returncode, done.stderr
    return done.stdout


# Modes and owners


@pytest.mark.parametrize("mode", [0o400, 0o440, 0o444, 0o000])
def test_a_read_only_mode_is_the_users_will_though_a_rename_would_work(config: Path, mode: int) -> None:
    before = config.read_bytes()
    view = view_of(config)
    config.chmod(mode)
    with pytest.raises(Refused, match=rf"read-only \(mode {mode:04o}\)"):
        use_context(view, Writer(), "b")
    assert names_in(config.parent) == ["config"]
    config.chmod(0o600)
    assert config.read_bytes() == before


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o664, 0o700])
def test_every_other_mode_stays(config: Path, mode: int) -> None:
    config.chmod(mode)
    switch(config)
    assert is_switched(config)
    assert stat.S_IMODE(config.stat().st_mode) == mode


@needs_root
def test_the_owner_stays_when_root_writes(config: Path) -> None:
    os.chown(config, NOBODY, NOBODY)
    config.chmod(0o640)
    switch(config)
    status = config.stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (NOBODY, NOBODY, 0o640)


@needs_root
@pytest.mark.parametrize("folder_mode", [0o777, 0o755], ids=["folder may be written", "folder may not"])
def test_anothers_file_that_all_may_write_is_written_in_place(config: Path, folder_mode: int) -> None:
    config.chmod(0o666)
    inode = config.stat().st_ino
    config.parent.chmod(folder_mode)
    warnings: list[str] = []
    with as_nobody(config):
        switch(config, Writer(warn=warnings.append))
    assert is_switched(config)
    assert (config.stat().st_ino, config.stat().st_uid) == (inode, 0)
    assert names_in(config.parent) == ["config"]
    assert warnings == (
        []
        if folder_mode == 0o777
        else [f"{config.parent} takes no lock file: {config} is written without one"]
    )


@needs_root
def test_anothers_file_that_we_may_not_write_stays_as_it_is(config: Path) -> None:
    config.chmod(0o644)
    config.parent.chmod(0o777)
    with as_nobody(config), pytest.raises(Locked, match="permission denied"):
        switch(config)
    assert not is_switched(config)
    assert names_in(config.parent) == ["config"]


@needs_root
def test_a_file_that_we_may_not_read_is_an_error_as_for_kubectl(config: Path, kubectl_path: Path) -> None:
    config.chmod(0o600)
    with as_nobody(config), pytest.raises(NsToolsError, match="permission denied"):
        switch(config)


@contextlib.contextmanager
def as_nobody(path: Path) -> Iterator[None]:
    """Be another user, who can reach the file's folder."""
    for folder in path.parent.parents:
        if folder.stat().st_uid == 0 and not folder.stat().st_mode & stat.S_IXOTH:
            folder.chmod(folder.stat().st_mode | stat.S_IXOTH)
    groups = os.getgroups()
    os.setgroups([])
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(groups)


@pytest.mark.skipif(
    not hasattr(os, "setxattr"), reason="NOT TESTED: Python has extended attributes on Linux only"
)
def test_extended_attributes_stay(config: Path) -> None:
    try:
        os.setxattr(config, "user.origin", b"vault")
    except OSError as error:
        pytest.skip(f"NOT TESTED: the file system of {config} has no extended attributes ({error.strerror})")
    switch(config)
    assert is_switched(config)
    assert os.getxattr(config, "user.origin") == b"vault"


# Links and what is no file


def test_a_chain_of_relative_links_stays_and_its_end_is_replaced(config: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    first, second = tmp_path / "other" / "first", tmp_path / "second"
    second.symlink_to("folder/config")
    first.symlink_to("../second")
    inode = config.stat().st_ino
    switch(first)
    assert first.is_symlink()
    assert second.is_symlink()
    assert is_switched(config)
    assert config.stat().st_ino != inode
    assert names_in(tmp_path / "other") == ["first"]
    assert names_in(config.parent) == ["config"]


def test_a_link_through_a_folder_keeps_relative_paths_as_they_are_for_kubectl(
    config: Path, tmp_path: Path
) -> None:
    (tmp_path / "linked").symlink_to("folder")
    switch(tmp_path / "linked" / "config")
    assert is_switched(config)
    assert (tmp_path / "linked").is_symlink()


def test_a_dangling_link_is_an_empty_file_whose_target_is_made(tmp_path: Path, kubectl_path: Path) -> None:
    for name in ("ours", "theirs"):
        (tmp_path / name).symlink_to(f"to/{name}")
    (tmp_path / "to").mkdir()
    edit = {
        str(tmp_path / "ours"): lambda editor: editor.append(
            "contexts", {"name": "new", "context": {"user": "u"}}
        )
    }
    Writer().apply("add", edit)
    kubectl_config(kubectl_path, "set-context", "new", "--user=u", path=tmp_path / "theirs")
    seen = [
        kubectl_config(kubectl_path, "view", "--raw", "-o", "json", path=tmp_path / name).stdout
        for name in ("ours", "theirs")
    ]
    assert seen[0] == seen[1]
    assert (tmp_path / "ours").is_symlink()
    assert stat.S_IMODE((tmp_path / "to" / "ours").stat().st_mode) == 0o600
    assert names_in(tmp_path / "to") == ["ours", "theirs"]


def test_a_loop_of_links_is_an_error_as_for_kubectl(tmp_path: Path, kubectl_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to("loop")
    with pytest.raises(NsToolsError, match="too many levels of symbolic links"):
        switch(loop)
    said = kubectl_config(kubectl_path, "view", path=loop, check=False)
    assert said.returncode
    assert "too many levels of symbolic links" in said.stderr


def test_both_names_of_a_hard_link_see_the_change(config: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.hardlink_to(config)
    switch(config)
    assert is_switched(other)
    assert other.stat().st_ino == config.stat().st_ino
    assert names_in(config.parent) == ["config"]


def test_a_folder_in_the_place_of_a_file_is_an_error_as_for_kubectl(
    tmp_path: Path, kubectl_path: Path
) -> None:
    with pytest.raises(NsToolsError, match="is a directory"):
        switch(tmp_path)
    assert "is a directory" in kubectl_config(kubectl_path, "view", path=tmp_path, check=False).stderr


def test_a_pipe_is_read_once_and_never_written(config: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    feeder = threading.Thread(target=lambda: pipe.write_bytes(config.read_bytes()))
    feeder.start()
    view = view_of(pipe)
    feeder.join()
    assert set(view.contexts) == {"a", "b"}
    with pytest.raises(Refused, match="is not a regular file"):
        use_context(view, Writer(), "b")
    with pytest.raises(Refused, match="is not a regular file"):
        set_namespace(view, Writer(dry_run=True), "a", "n")
    assert names_in(tmp_path) == ["folder", "pipe"]


def test_a_shells_process_substitution_is_read_and_not_written(config: Path) -> None:
    bash = shutil.which("bash")
    assert bash
    script = (
        f"{sys.executable} -c 'import os; from tests.kubeconfig.families.test_file_system import *\n"
        'path = Path(os.environ["KUBECONFIG"]); view = view_of(path); print(*view.contexts)\n'
        'try: use_context(view, Writer(), "b")\n'
        "except Refused as error: print(error)'"
    )
    command = [bash, "-c", f"KUBECONFIG=<(cat {config}) {script}"]
    environ = {**os.environ, "PYTHONPATH": os.getcwd()}
    said = subprocess.run(command, capture_output=True, text=True, check=True, env=environ).stdout
    assert said.splitlines()[0] == "a b"
    assert "is not a regular file" in said


# Folders and mounts


@needs_mounts
def test_a_file_that_is_mounted_alone_is_written_in_place(config: Path, tmp_path: Path) -> None:
    mounted = tmp_path / "mounted"
    mounted.touch()
    script = (
        "subprocess.run(['mount', '--bind', sys.argv[1], sys.argv[2]], check=True); "
        "switch(Path(sys.argv[2])); print(names_in(Path(sys.argv[2]).parent))"
    )
    assert in_process(script, config, mounted, prefix=("unshare", "-m")) == "['folder', 'mounted']\n"
    assert is_switched(config)
    assert names_in(config.parent) == ["config"]


@needs_mounts
def test_a_file_that_alone_may_be_written_is_written_without_a_lock(config: Path, tmp_path: Path) -> None:
    sealed = tmp_path / "sealed"
    sealed.mkdir()
    (sealed / "config").touch()
    script = (
        "sealed = Path(sys.argv[2]); run = lambda *command: subprocess.run(command, check=True); "
        "run('mount', '--bind', sealed, sealed); run('mount', '-o', 'remount,bind,ro', sealed); "
        "run('mount', '--bind', sys.argv[1], sealed / 'config'); "
        "switch(sealed / 'config', Writer(warn=print))"
    )
    said = in_process(script, config, sealed, prefix=("unshare", "-m"))
    assert said == f"{sealed} takes no lock file: {sealed}/config is written without one\n"
    assert is_switched(config)


@needs_mounts
def test_a_read_only_file_system_is_an_error(config: Path) -> None:
    before = config.read_bytes()
    script = (
        "folder = Path(sys.argv[1]).parent; run = lambda *command: subprocess.run(command, check=True); "
        "run('mount', '--bind', folder, folder); run('mount', '-o', 'remount,bind,ro', folder); "
        "switch(Path(sys.argv[1]))"
    )
    said = in_process(script, config, prefix=("unshare", "-m"))
    assert said == f"cannot write {config}: read-only file system\n"
    assert config.read_bytes() == before


@needs_mounts
@pytest.mark.parametrize("linked", [False, True], ids=["renamed", "in place"])
@pytest.mark.parametrize("free", [0, 1, 2], ids=["full", "a page left", "two pages left"])
def test_a_full_disk_leaves_the_old_content_and_no_rest(tmp_path: Path, linked: bool, free: int) -> None:
    script = (
        "disk = Path(sys.argv[1]); "
        "subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=64k', 'none', disk], check=True); "
        "path = Kubeconfig().context('a', namespace='n' * 2000).context('b').write(disk / 'config'); "
        f"{linked} and (disk / 'other').hardlink_to(path); before = path.read_bytes(); "
        f"(disk / 'filling').write_bytes(bytes(4096 * (15 - {free}))); "
        "set_huge(path, before, names_in(disk))"
    )
    said = in_process(script, tmp_path, prefix=("unshare", "-m"))
    assert said == "no space left on device\nas before\n"


def set_huge(path: Path, before: bytes, names: list[str]) -> None:
    """Sets a namespace for which the disk has no room; prints the reason, and what is left."""
    try:
        set_namespace(view_of(path), Writer(), "b", "n" * 20000)
    except Locked as error:
        print(str(error).rpartition(": ")[2])
    print(
        "as before"
        if (path.read_bytes(), names_in(path.parent)) == (before, names)
        else names_in(path.parent)
    )


def test_a_missing_folder_is_made_private(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "config"
    edit = {str(path): lambda editor: editor.put("b", "current-context")}
    Writer().apply("switch", edit)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert names_in(path.parent) == ["config"]


# Locks and crashes


def test_a_fresh_lock_is_waited_for(config: Path) -> None:
    held = Path(f"{config}.lock")
    held.touch()
    timer = threading.Timer(0.3, held.unlink)
    timer.start()
    switch(config)
    timer.join()
    assert is_switched(config)


@pytest.mark.parametrize(("age", "words"), [(1, "[1-9]"), (90000, r"9\d{4}")], ids=["fresh", "stale"])
def test_a_lock_that_stays_is_named_and_never_removed(config: Path, age: int, words: str) -> None:
    held = Path(f"{config}.lock")
    held.touch()
    os.utime(held, (time.time() - age, time.time() - age))
    with pytest.raises(Locked, match=rf"open {held}: file exists \({words} s old\)"):
        switch(config, Writer(wait=0.05))
    assert held.exists()
    assert not is_switched(config)


def test_a_lock_of_the_links_target_is_waited_for_too(config: Path, tmp_path: Path) -> None:
    link, held = tmp_path / "link", Path(f"{config}.lock")
    link.symlink_to(config)
    held.touch()
    timer = threading.Timer(0.3, held.unlink)
    started = time.monotonic()
    timer.start()
    switch(link)
    assert time.monotonic() - started >= 0.25
    timer.join()


def killed(config: Path, number: signal.Signals, function: str) -> list[str]:
    """Ends a switch by a signal in this function of the room; the names that are then beside the file."""
    script = (
        "import os, sys, time\nfrom kubectl_ns_tools.kubeconfig import storage\n"
        "from tests.kubeconfig.families.test_file_system import *\n"
        f"real = {function}\n"
        "def half(target, data=b''):\n"
        f"    {function} = real\n"
        "    if isinstance(data, bytes): open(target, 'r+b').write(data[:20].upper())\n"
        "    print('there', flush=True)\n"
        "    time.sleep(30)\n"
        f"{function} = lambda *arguments: half(*arguments[-2:])\n"
        "switch(Path(sys.argv[1]))\n"
    )
    command = [sys.executable, "-c", script, str(config)]
    environ = {**os.environ, "PYTHONPATH": os.getcwd()}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"there\n"
        process.send_signal(number)
        assert process.wait(60)
    return [name for name in names_in(config.parent) if name not in ("config", "linked")]


@pytest.mark.parametrize("function", ["storage.os.replace", "storage.os.fsync", "storage._overwrite"])
@pytest.mark.parametrize(
    "number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT], ids=lambda number: number.name
)
def test_a_writer_that_is_asked_to_end_leaves_the_old_file_and_no_rest(
    config: Path, number: signal.Signals, function: str
) -> None:
    before = config.read_bytes()
    if function == "storage._overwrite":
        config.with_name("linked").hardlink_to(config)
    assert killed(config, number, function) == []
    assert config.read_bytes() == before


@pytest.mark.parametrize("function", ["storage.os.replace", "storage.os.fsync"])
def test_a_writer_that_is_killed_leaves_the_old_file_and_its_lock(config: Path, function: str) -> None:
    before = config.read_bytes()
    assert "config.lock" in killed(config, signal.SIGKILL, function)
    assert config.read_bytes() == before
    with pytest.raises(Locked, match=r"config\.lock: file exists") as error:
        switch(config, Writer(wait=0.05))
    assert f"rm {config}.lock" in error.value.hint
    Path(f"{config}.lock").unlink()
    switch(config)
    assert is_switched(config)


def test_a_writer_that_is_killed_while_it_writes_in_place_leaves_a_copy(config: Path) -> None:
    before = config.read_bytes()
    config.with_name("linked").hardlink_to(config)
    left = killed(config, signal.SIGKILL, "storage._overwrite")
    assert config.read_bytes() != before
    (copy,) = (config.with_name(name) for name in left if name.endswith(".backup"))
    assert copy.read_bytes() == before
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
