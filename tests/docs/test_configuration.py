"""docs/configuration.md: the settings are those of the table, the variables those of the code, the files
those that are written, with their modes."""

import os
import stat
from pathlib import Path

import pytest

from kubectl_ns_tools.errors import ExitCode, Refused
from kubectl_ns_tools.goyaml import YamlError
from kubectl_ns_tools.kubeconfig.config import load_config
from kubectl_ns_tools.kubeconfig.settings import SETTINGS, Origin
from tests.builders import Kubeconfig
from tests.controlplane.waiting import wait_until
from tests.docs import lookups, pages
from tests.docs.places import Places
from tests.docs.watched import Watched

TEXT = pages.text("configuration.md")
KEYS, VARIABLES = (pages.section(TEXT, title) for title in ("config.yaml", "Environment"))
# Where the name of a variable is put together, and what becomes of it there.
DYNAMIC = {
    "cluster/proxies.py": "HTTPS_PROXY, HTTP_PROXY, NO_PROXY",
    "kubeconfig/settings.py": "each of the table",
    "commands/completion/quiet.py": "taken away from the programs that completion starts",
}
NOT_A_SETTING = {"PATH"}
PLUGIN = """#!/bin/sh
echo '{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status":
  {"token": "t", "expirationTimestamp": "2999-01-01T00:00:00Z"}}'
"""


@pytest.fixture
def config(scratch_home: Path) -> Path:
    path = scratch_home / ".config" / "kubectl-ns-tools" / "config.yaml"
    path.parent.mkdir(parents=True)
    return path


def settings(origin: Origin) -> dict[str, tuple[str, str]]:
    """By name: what holds without it, and what it is good for."""
    return {each.name: (each.default, each.what) for each in SETTINGS if each.origin is origin}


def test_the_keys_are_those_of_the_table() -> None:
    shown = {pages.words(name)[0]: what for name, _, what in pages.rows(KEYS.partition("```yaml")[0])}
    assert shown == {name: what for name, (_, what) in settings(Origin.FILE).items()}


def test_the_variables_are_those_of_the_table() -> None:
    shown = {
        pages.words(name)[0]: ("".join(pages.words(default)), what)
        for name, default, what in pages.rows(VARIABLES)
    }
    assert {name: each for name, each in shown.items() if name not in NOT_A_SETTING} == settings(
        Origin.VARIABLE
    )
    assert shown.keys() >= NOT_A_SETTING


def test_the_variables_are_those_that_the_code_looks_up() -> None:
    found = lookups.variables()
    assert {place for place, names in found.items() if "?" in names} == set(DYNAMIC)
    read = set().union(*found.values()) - {"?"} | set(DYNAMIC["cluster/proxies.py"].split(", "))
    only_set = {name for name, (_, what) in settings(Origin.VARIABLE).items() if what.startswith("Set by")}
    assert read <= settings(Origin.VARIABLE).keys() | NOT_A_SETTING
    assert settings(Origin.VARIABLE).keys() - read <= only_set


def test_the_example_is_understood(config: Path) -> None:
    (example,) = pages.fenced(KEYS, "yaml")
    config.write_text(example)
    found = load_config(os.environ)
    assert found.protected == ("*prod*", "gke_company_europe-west1_main")
    assert found.protected_namespaces == ("payments*", "vault")
    assert found.is_protected("my-PROD-1")


@pytest.mark.parametrize(
    ("written", "answer"),
    [(pages.words(one)[0], pages.words(other)[0]) for one, other in pages.rows(KEYS)[2:]],
)
def test_mistakes_are_refused_as_the_page_says(config: Path, written: str, answer: str) -> None:
    config.write_text(f"{written}\n")
    with pytest.raises((Refused, YamlError)) as caught:
        load_config(os.environ)
    assert caught.value.message == f"{config}:1: {answer}"
    assert caught.value.exit_code == ExitCode.REFUSED


def mode_of(path: Path) -> str:
    return "link" if path.is_symlink() else f"{stat.S_IMODE(path.stat().st_mode):04o}"


@pytest.fixture
def kubeconfig(scratch_home: Path, tmp_path: Path) -> Path:
    """With a context `c` whose credentials come from a plugin."""
    plugin = tmp_path / "plugin"
    plugin.write_text(PLUGIN)
    plugin.chmod(0o755)
    entry = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": str(plugin),
        "interactiveMode": "Never",
    }
    builder = Kubeconfig().context("a").context("b").context("c", user="p").current("a").user("p", exec=entry)
    path = builder.write(scratch_home / ".kube" / "config")
    path.chmod(0o640)
    return path


def work(watched: Watched, files: dict[str, Path]) -> None:
    """What makes each kind of file that needs no cluster; `files` are those that the user names."""
    added = 'printf "{clusters: [{name: x, cluster: {}}]}" > "${KUBECONFIG%%:*}"'
    watched.run("ctx-switch", "b")
    watched.run("ctx-shell", "a", "--", "sh", "-c", added)
    watched.run("ctx-exec", "a", "b", "--", "true")
    watched.run("ns-list", "--context", "c", code=ExitCode.UNREACHABLE)
    watched.run("ns-create", "__complete", "--context", "c", "-t", "")
    watched.run("ctx-export", "a", "--into", files["export"])
    watched.run("ctx-import", files["export"], "--into", files["import"])
    watched.run("ns-template", "new", "t", "--into", files["template"])


def test_what_is_written_is_on_the_page_with_its_mode(
    watched: Watched, places: Places, kubeconfig: Path, scratch_home: Path, tmp_path: Path
) -> None:
    files = {name: tmp_path / name for name in ("export", "import", "template")}
    work(watched, files)
    mine = (kubeconfig, *files.values())
    named = {os.devnull, *(str(each) for path in mine for each in (path, path.parent))}
    assert [path for path in watched.deeds.written if not places.is_known(path, named)] == []

    def found() -> list[Path]:
        files = (path for path in scratch_home.rglob("*") if path.is_symlink() or path.is_file())
        return [path for path in files if path != kubeconfig]

    # Who asks the cluster for completion goes on by itself when it is late.
    expected = {each for each in places.modes if "/shells/" not in each and "/backups/" not in each}
    wait_until(lambda: expected <= {places.pattern(str(path)) for path in found()})
    there = found()
    assert [path for path in there if mode_of(path) != places.modes.get(places.pattern(str(path)))] == []
    assert {mode_of(path.parent) for path in there} == {"0700"}
    assert not [path for path in there if "/backups/" in str(path)]
    assert (mode_of(kubeconfig), mode_of(files["export"]), mode_of(files["import"])) == (
        "0640",
        "0600",
        "0600",
    )
