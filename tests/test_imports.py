"""What a command imports decides how fast it feels: an allow-list per command, in a process of its own.

click and PyYAML are what every command needs; what they bring is the measure, and what a command may
import beyond it is listed here, each with its reason.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.builders import Kubeconfig
from tests.cluster.scripted import Scripted

ROOT = Path(__file__).parents[1]
REPORT = """
import json, sys
print("MODULES " + json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""
BASE = f"import click, click.shell_completion, yaml\n{REPORT}"
RUN = f"""
import sys
from kubectl_ns_tools.main import run
code = run(sys.argv[1], sys.argv[2:])
{REPORT}
sys.exit(code)
"""

ALLOWED = {
    "kubectl_ns_tools": "us",
    "json": "quoting, JSON kubeconfigs, the history",
    "_json": "part of json",
    "dataclasses": "the values that go from room to room",
    "copy": "the model of a file that is edited",
    "locale": "gettext, by which click finds its messages",
    "unicodedata": "other people's text on a terminal",
    "signal": "SIGTERM must release the lock",
    "hashlib": "the name of the history's file",
    "gc": "built into Python",
}
# What starts other programs, or draws on the terminal, needs more of the standard library.
SHUTIL = dict.fromkeys(("shutil", "fnmatch", "bz2", "lzma", "zlib"), "part of shutil")
STARTING = SHUTIL | {
    "shutil": "whether there is such a command; the removal of the private folder",
    "fnmatch": "patterns",
    "subprocess": "the command itself",
    "select": "part of subprocess",
    "selectors": "part of subprocess",
    "fcntl": "the hold on the private folder",
    "shlex": "names in the start-up files of shells and in hints",
}
FURTHER = {
    "ctx-shell": STARTING,
    "ctx-exec": STARTING | {"queue": "outcomes in their order", "heapq": "part of queue"},
    "ctx-export": {"fnmatch": "patterns"},
    "ctx-import": {
        "fnmatch": "patterns",
        "shlex": "names in hints",
        "difflib": "what undoes an edit in several places",
        "heapq": "part of difflib",
    },
    "ctx-delete": {"fnmatch": "patterns"},
    "ctx-lint": SHUTIL
    | {
        "shutil": "whether the program of a plugin is there",
        "ipaddress": "part of urllib.parse: servers and proxies",
        "urllib": "servers and proxies",
        "difflib": "the difference that it shows, near names",
        "heapq": "part of difflib",
    },
    "ns-backup": SHUTIL | {"shutil": "the width of the status line"},
    "ns-delete": SHUTIL | {"shutil": "the width of the status line", "shlex": "names in hints"},
    "ns-restore": {"shlex": "names in hints"},
}
CONTEXT_COMMANDS: dict[str, tuple[str, ...]] = {
    "ctx-current": (),
    "ctx-list": (),
    "ctx-switch": ("b",),
    "ctx-set": ("b", "--namespace", "blue"),
    "ctx-shell": ("b", "--", "true"),
    "ctx-exec": ("a", "b", "--", "true"),
    "ctx-export": ("a",),
    "ctx-import": ("-", "--prefix", "x-"),
    "ctx-rename": ("b", "c"),
    "ctx-delete": ("b", "--yes"),
    "ctx-undo": ("--list",),
    "ctx-lint": ("--fix", "--yes"),
    "ns-backup": ("--version",),
    "ns-delete": ("--version",),  # before it turns to the cluster
    "ns-restore": ("--version",),
}
CONNECTING = {
    "ssl": "the API server",
    "socket": "the API server",
    "selectors": "part of socket",
    "select": "part of socket",
    "array": "part of socket",
    "base64": "part of ssl; certificates",
    "struct": "part of base64",
    "binascii": "part of base64",
}
CLUSTER_COMMANDS: dict[str, tuple[str, ...]] = {"ns-list": (), "ns-switch": ("blue",)}


# Without a cluster to ask.
LISTING_TEMPLATES = {
    "pathlib": "folders of templates",
    **dict.fromkeys(("ntpath", "fnmatch", "urllib", "ipaddress"), "part of pathlib"),
    "fractions": "quantities, compared exactly",
    **dict.fromkeys(("decimal", "numbers"), "part of fractions"),
    "difflib": "near names",
    "heapq": "part of difflib",
}


def modules_of(script: str, *arguments: str, input: str = "") -> set[str]:
    command = [sys.executable, "-c", script, *arguments]
    done = subprocess.run(command, cwd=ROOT, input=input, capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.rpartition("MODULES ")[2]))


@pytest.mark.parametrize("name", CONTEXT_COMMANDS)
def test_a_context_command_imports_only_what_is_allowed(name: str, tmp_path: Path) -> None:
    config = Kubeconfig().context("a").context("b").current("a").write(tmp_path / "config")
    options = ("--kubeconfig", str(config))
    modules = modules_of(RUN, name, *options, *CONTEXT_COMMANDS[name], input=config.read_text())
    extra = {module for module in modules - modules_of(BASE) if not module.startswith("_")}
    allowed = ALLOWED | FURTHER.get(name, {})
    assert extra <= set(allowed), extra - set(allowed)
    assert not modules & {"kubernetes", "tabulate", "urllib3", "ssl", "asyncio"}


@pytest.mark.parametrize("name", CLUSTER_COMMANDS)
def test_a_light_cluster_command_imports_only_what_is_allowed(name: str, tmp_path: Path) -> None:
    space = {"metadata": {"name": "blue", "creationTimestamp": "2026-01-01T00:00:00Z"}}
    script = Scripted().on("/api/v1/namespaces").answer({"items": [space]})
    script.on("/api/v1/namespaces/blue").answer(space).on("/api/v1/resourcequotas").answer({"items": []})
    with script as server:
        cluster = Kubeconfig().context("a").cluster("c", server=server.url).user("u", token="t").current("a")
        config = tmp_path / "config"
        config.write_text(yaml.safe_dump(cluster.value()))
        modules = modules_of(RUN, name, *CLUSTER_COMMANDS[name], "--kubeconfig", str(config))
    extra = {module for module in modules - modules_of(BASE) if not module.startswith("_")}
    allowed = ALLOWED | CONNECTING
    assert extra <= set(allowed), extra - set(allowed)
    assert not modules & {"kubernetes", "urllib3", "http", "email", "tabulate", "urllib", "yaml"}


def test_templates_are_listed_with_what_is_allowed() -> None:
    modules = modules_of(RUN, "ns-template", "list")
    extra = {module for module in modules - modules_of(BASE) if not module.startswith("_")}
    allowed = ALLOWED | LISTING_TEMPLATES
    assert extra <= set(allowed), extra - set(allowed)
    assert not modules & {"kubernetes", "tabulate", "urllib3", "ssl", "asyncio"}


def test_the_settings_are_shown_with_what_is_allowed() -> None:
    modules = modules_of(RUN, "ns-tools", "config")
    extra = {module for module in modules - modules_of(BASE) if not module.startswith("_")}
    assert extra <= set(ALLOWED), extra - set(ALLOWED)


def test_what_kubectl_wrote_is_read_without_a_yaml_parser(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text("contexts:\n- context:\n    cluster: c\n  name: a\ncurrent-context: a\nkind: Config\n")
    for name in ("ctx-current", "ctx-list"):
        assert "yaml" not in modules_of(RUN, name, "--kubeconfig", str(config))


@pytest.mark.parametrize(
    "call", [("ctx-current",), ("ctx-switch", "b"), ("ctx-switch", "__complete", "")], ids=" ".join
)
def test_a_plain_call_needs_neither_click_nor_what_it_brings(
    call: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config"
    config.write_text(
        "contexts:\n- context:\n    cluster: c\n  name: a\n- context:\n    cluster: c\n  name: b\n"
        "current-context: a\nkind: Config\n"
    )
    monkeypatch.setenv("KUBECONFIG", str(config))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert not modules_of(RUN, *call) & {"click", "yaml", "inspect", "dataclasses", "threading"}


def test_kept_namespaces_are_completed_with_what_is_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Scripted().on("/api/v1/namespaces").answer({"items": [{"metadata": {"name": "blue"}}]}) as server:
        cluster = Kubeconfig().context("a").cluster("c", server=server.url).current("a")
        monkeypatch.setenv("KUBECONFIG", str(cluster.write(tmp_path / "config")))
        call = ("ns-switch", "__complete", "")
        for _ in range(2):
            modules = modules_of(RUN, *call)
    extra = {module for module in modules - modules_of(BASE) if not module.startswith("_")}
    allowed = ALLOWED | {"select": "an answer, or the end of the time for it"}
    assert extra <= set(allowed), extra - set(allowed)
    assert len(server.requests) == 1


def test_the_measure_itself_is_light() -> None:
    assert not modules_of(BASE) & {"kubernetes", "tabulate", "urllib3", "ssl", "asyncio", "logging", "http"}
