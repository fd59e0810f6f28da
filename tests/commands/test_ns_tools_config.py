import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from kubectl_ns_tools.errors import ExitCode
from kubectl_ns_tools.kubeconfig.settings import SETTINGS, Origin

PACKAGE = Path(__file__).parents[2] / "kubectl_ns_tools"


@pytest.fixture
def config(scratch_home: Path) -> Path:
    path = scratch_home / ".config" / "kubectl-ns-tools" / "config.yaml"
    path.parent.mkdir(parents=True)
    return path


@pytest.fixture
def settings(run: Callable[..., object]) -> Callable[[], dict[str, dict]]:
    """settings(): by name, as a program gets them."""

    def look() -> dict[str, dict]:
        shown = json.loads(run("ns-tools", "config", "-o", "json").stdout)
        assert (shown["apiVersion"], shown["kind"]) == ("kubectl-ns-tools/v1", "SettingList")
        return {item["name"]: item for item in shown["items"]}

    return look


def test_each_setting_says_where_it_comes_from(
    config: Path, settings: Callable[[], dict[str, dict]], monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text("# mine\nprotected-namespaces: ['payments*']\nprotected:\n- '*prod*'\n- live\n")
    monkeypatch.setenv("KUBECTL_NS_TOOLS_PICKER", "fzf")
    monkeypatch.setenv("KUBECTL_NS_TOOLS_TEMPLATES", "")
    found = settings()
    assert (found["protected"]["value"], found["protected"]["source"]) == ("*prod*, live", f"{config}:3")
    assert found["protected-namespaces"]["source"] == f"{config}:2"
    assert (found["KUBECTL_NS_TOOLS_PICKER"]["value"], found["KUBECTL_NS_TOOLS_PICKER"]["source"]) == (
        "fzf",
        "environment",
    )
    assert found["KUBECTL_NS_TOOLS_TEMPLATES"]["source"] == "default"
    assert found["KUBECTL_NS_TOOLS_PICKER"]["default"] == "builtin"


def test_what_is_set_to_nothing_counts_where_that_means_something(
    settings: Callable[[], dict[str, dict]], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "KUBECTL_NS_TOOLS_TEMPLATES_NAMESPACE"
    monkeypatch.delenv(name, raising=False)
    assert settings()[name]["value"] == "kubectl-ns-tools"
    monkeypatch.setenv(name, "")
    assert (settings()[name]["value"], settings()[name]["source"]) == ("", "environment")


def test_a_table_and_a_word_about_the_file_that_is_not_there(
    config: Path, run: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHELL", "/bin/\x1b[31m")
    shown = run("ns-tools", "config")
    assert shown.stderr == f"There is no file {config}.\n"
    lines = [re.split(" {2,}", line) for line in shown.stdout.splitlines()]
    assert lines[0] == ["NAME", "VALUE", "SOURCE"]
    assert ["protected", "<none>", "default"] in lines
    assert ["SHELL", "/bin/\\x1b[31m", "environment"] in lines
    config.write_text("")
    wide = run("ns-tools", "config", "-o", "wide")
    assert wide.stderr == ""
    assert all(setting.what in wide.stdout for setting in SETTINGS)


def test_yaml_is_the_same_as_json(config: Path, run: Callable[..., object]) -> None:
    config.write_text("protected: [a]\n")
    as_yaml, as_json = (run("ns-tools", "config", "-o", form).stdout for form in ("yaml", "json"))
    assert yaml.safe_load(as_yaml) == json.loads(as_json)
    assert json.loads(as_json)["file"] == str(config)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HTTPS_PROXY", "http://me:s3cret@proxy:3128"),
        ("https_proxy", "me:s3cret@proxy:3128"),
        ("HTTP_PROXY", "socks5://s3cret@proxy:3128"),
    ],
)
def test_no_password_of_a_proxy_is_shown(
    name: str, value: str, run: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    for form in ("table", "wide", "json", "yaml"):
        shown = run("ns-tools", "config", "-o", form)
        assert "proxy:3128" in shown.stdout
        assert "s3cret" not in shown.stdout + shown.stderr


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("protcted: []\n", ":1: unknown key \"protcted\"\nhint: did you mean 'protected'?"),
        ("\nprotected: '*'\n", ':2: "protected" must be a list of patterns'),
        ("protected: [*prod*]\n", ":1: "),
    ],
)
def test_a_broken_file_is_an_error_with_its_line(
    text: str, message: str, config: Path, run: Callable[..., object]
) -> None:
    config.write_text(text)
    assert f"{config}{message}" in run("ns-tools", "config", code=ExitCode.REFUSED).stderr


def test_the_table_has_every_variable_that_the_code_reads() -> None:
    """By what the source says: names given to environ.get and read from environ[], and those of our own."""
    sources = "\n".join(path.read_text() for path in PACKAGE.rglob("*.py") if path.name != "settings.py")
    read = set(re.findall(r"environ(?:ment)?(?:\.get\(|\[)\"([A-Z_]+)\"(?!\] = )", sources))
    read |= set(re.findall(r"\bKUBECTL_NS_TOOLS_[A-Z_]+\b", sources))
    told = {setting.name for setting in SETTINGS if setting.origin is Origin.VARIABLE}
    # PATH is everybody's; PREVIEWS is from one process of ours to its child.
    assert read - told == {"PATH", "KUBECTL_NS_TOOLS_PREVIEWS"}
    assert all(setting.what.endswith(".") for setting in SETTINGS)
