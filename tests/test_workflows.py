"""GitHub's workflows are valid, name what is there, and test what is promised."""

import configparser
import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.controlplane import versions

ROOT = Path(__file__).parents[1]
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").iterdir())
PINNED = re.compile(r"\./\.github/workflows/\w+\.yml|[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")


def jobs(name: str) -> dict[str, dict[str, Any]]:
    return yaml.safe_load((GITHUB / "workflows" / f"{name}.yml").read_text())["jobs"]


def settings() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg")
    return parser


def pythons() -> list[str]:
    """The releases that the classifiers name, such as 3.10."""
    return re.findall(
        r"^Programming Language :: Python :: (3\.\d+)$", settings()["metadata"]["classifiers"], re.M
    )


@pytest.mark.parametrize(
    ("schema", "paths"),
    [
        ("vendor.github-workflows", WORKFLOWS),
        ("vendor.dependabot", [GITHUB / "dependabot.yml"]),
    ],
)
def test_they_are_what_github_documents(schema: str, paths: list[Path]) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *paths]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_matrix_has_each_python_on_the_newest_kubernetes_and_each_kubernetes() -> None:
    matrix = jobs("test")["test"]["strategy"]["matrix"]
    newest, *older = versions.minors()
    assert matrix["python"] == pythons()
    assert matrix["kubernetes"] == [newest]
    assert matrix["include"] == [{"python": pythons()[-1], "kubernetes": minor} for minor in older]


def test_the_pythons_are_those_that_pip_takes() -> None:
    assert settings()["options"]["python_requires"] == f">={pythons()[0]}"


def test_a_release_packs_the_newest_python_for_each_platform_of_the_manifest() -> None:
    release = yaml.safe_load((GITHUB / "workflows" / "release.yml").read_text())
    assert release["env"]["PACKED_PYTHON"] == pythons()[-1]
    built = {entry["platform"] for entry in release["jobs"]["archives"]["strategy"]["matrix"]["include"]}
    plugin = next(yaml.safe_load_all((ROOT / "krew-manifest.yaml").read_text()))
    labels = [platform["selector"]["matchLabels"] for platform in plugin["spec"]["platforms"]]
    assert built == {f"{each['os']}_{each['arch']}" for each in labels}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_what_a_workflow_runs_is_there(path: Path) -> None:
    text = path.read_text()
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"\bmake ([a-z-]+)", text):
        assert re.search(rf"^{target}:", makefile, re.M), target
    for module in re.findall(r"python -m (\S+)", text):
        assert importlib.util.find_spec(module), module
        assert "__main__" in Path(importlib.util.find_spec(module).origin or "").read_text(), module
    for script in re.findall(r"run: (\.\S+)$", text, re.M):
        assert (ROOT / script).stat().st_mode & 0o111, script


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_trusts_nobody_more_than_it_must(path: Path) -> None:
    """Actions are pinned to commits, nothing may write but what says so, and no job hangs for hours."""
    workflow = yaml.safe_load(path.read_text())
    assert workflow["permissions"] == {"contents": "read"}
    assert "cancel-in-progress" in workflow["concurrency"]
    for used in re.findall(r"uses: (.*)$", path.read_text(), re.M):
        assert re.fullmatch(r"\./\.github/workflows/\w+\.yml|[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", used), (
            used
        )
    for name, job in workflow["jobs"].items():
        assert "timeout-minutes" in job or "uses" in job, name
