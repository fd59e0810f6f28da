"""What belongs together stays together: executables, the table of commands, setup.cfg, the krew manifest."""

import configparser
import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
import yaml

from kubectl_ns_tools import __version__
from kubectl_ns_tools.commands.groups import LateGroup
from kubectl_ns_tools.main import COMMANDS

ROOT = Path(__file__).parents[1]
EXECUTABLES = {name: f"kubectl-{name.replace('-', '_')}" for name in COMMANDS}
PLATFORMS = [(system, machine) for system in ("linux", "darwin") for machine in ("amd64", "arm64")]
COMPLETERS = {name: f"kubectl_complete-{name.replace('-', '_')}" for name in COMMANDS}


def setup_cfg() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg")
    return parser


def plugins() -> dict[str, dict]:
    documents = yaml.safe_load_all((ROOT / "krew-manifest.yaml").read_text())
    return {document["metadata"]["name"]: document for document in documents}


def test_each_command_has_its_executable_and_no_other_is_there() -> None:
    assert {path.name for path in (ROOT / "bin").iterdir()} == {*EXECUTABLES.values(), *COMPLETERS.values()}


def test_setup_cfg_installs_every_executable() -> None:
    scripts = setup_cfg()["options"]["scripts"].split()
    assert scripts == sorted(f"bin/{name}" for name in (*EXECUTABLES.values(), *COMPLETERS.values()))


def test_the_krew_manifest_has_a_plugin_for_each_command() -> None:
    assert list(plugins()) == ["ns-create", *sorted(set(COMMANDS) - {"ns-create"})]
    for name, plugin in plugins().items():
        platforms = plugin["spec"]["platforms"]
        assert [tuple(platform["selector"]["matchLabels"].values()) for platform in platforms] == PLATFORMS
        assert {platform["bin"] for platform in platforms} == {EXECUTABLES[name]}


def test_what_only_a_release_knows_is_not_in_the_krew_manifest() -> None:
    for plugin in plugins().values():
        assert "version" not in plugin["spec"]
        assert all(set(platform) == {"selector", "bin"} for platform in plugin["spec"]["platforms"])


@pytest.mark.parametrize("executables", [EXECUTABLES, COMPLETERS], ids=["commands", "completers"])
@pytest.mark.parametrize("name", COMMANDS)
def test_the_executables_are_all_alike(name: str, executables: dict[str, str]) -> None:
    text = (ROOT / "bin" / executables[name]).read_text()
    other = (ROOT / "bin" / executables["ctx-current"]).read_text()
    assert text.replace(name, "NAME") == other.replace("ctx-current", "NAME")
    assert os.access(ROOT / "bin" / executables[name], os.X_OK)


@pytest.mark.parametrize("name", COMMANDS)
def test_one_word_per_command(name: str) -> None:
    module = COMMANDS[name]
    assert module == f"kubectl_ns_tools.commands.{name.replace('-', '_')}"
    assert importlib.import_module(module).command.name == name
    assert (ROOT / "tests" / "commands" / f"test_{name.replace('-', '_')}.py").exists()


@pytest.mark.parametrize("name", COMMANDS)
def test_help_teaches(name: str) -> None:
    command: click.Command = importlib.import_module(COMMANDS[name]).command
    text = command.get_help(click.Context(command, info_name=f"kubectl {name}"))
    assert text.startswith(f"Usage: kubectl {name} ")
    assert f"kubectl {name}" in text.partition("Examples:")[2]
    for parameter in command.params:
        assert not isinstance(parameter, click.Option) or parameter.help, parameter.name


def subcommands() -> dict[str, str]:
    """The module of each `ns-template list`."""
    commands = {name: importlib.import_module(module).command for name, module in COMMANDS.items()}
    groups = {name: command for name, command in commands.items() if isinstance(command, LateGroup)}
    return {
        f"{name} {sub}": module for name, group in groups.items() for sub, module in group.modules.items()
    }


@pytest.mark.parametrize(("name", "module"), subcommands().items())
def test_a_command_of_a_command_has_its_module_and_its_help_teaches(name: str, module: str) -> None:
    assert module == f"kubectl_ns_tools.commands.{name.replace('-', '_').replace(' ', '_')}"
    command: click.Command = importlib.import_module(module).command
    assert command.name == name.partition(" ")[2]
    text = command.get_help(click.Context(command, info_name=f"kubectl {name}"))
    assert f"kubectl {name}" in text.partition("Examples:")[2]
    for parameter in command.params:
        assert not isinstance(parameter, click.Option) or parameter.help, parameter.name


def test_every_module_of_a_command_is_in_a_table() -> None:
    modules = {*COMMANDS.values(), *subcommands().values()}
    folder = ROOT / "kubectl_ns_tools" / "commands"
    there = {f"kubectl_ns_tools.commands.{path.stem}" for path in folder.glob("*.py")}
    named = {module for module in there if module.rpartition(".")[2].startswith(("ctx_", "ns_"))}
    assert named == modules & there


@pytest.mark.parametrize("name", COMMANDS)
def test_an_executable_runs_from_the_checkout_through_a_symlink(name: str, tmp_path: Path) -> None:
    link = tmp_path / EXECUTABLES[name]
    link.symlink_to(ROOT / "bin" / EXECUTABLES[name])
    done = subprocess.run(
        [sys.executable, link, "--version"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == f"kubectl-ns-tools {__version__}\n"


def test_the_package_says_what_belongs_in_each_room() -> None:
    for folder in (ROOT / "kubectl_ns_tools").iterdir():
        if folder.is_dir() and folder.name != "__pycache__":
            assert (folder / "__init__.py").read_text().startswith('"""'), folder


def test_the_version_stands_in_one_place() -> None:
    """Besides, in what is generated (man/, plugins/), measured (benchmarks-*.md) or history."""
    folders = ("bin", "kubectl_ns_tools", "release", "docs", ".github", ".ci")
    files = [path for path in ROOT.iterdir() if path.is_file() and path.name != "CHANGELOG.md"]
    files += [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    version = re.compile(rf"(?<![\d.]){re.escape(__version__)}(?![\d.])")
    # while Python writes one, x.pyc is called x.pyc.140234
    texts = [path for path in files if ".pyc" not in path.name and not path.name.startswith("benchmarks-")]
    found = [path.relative_to(ROOT) for path in texts if version.search(path.read_text())]
    assert found == [Path("kubectl_ns_tools", "__init__.py")]
