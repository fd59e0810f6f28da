import subprocess
import sys
from pathlib import Path

import pytest

from kubectl_ns_tools.errors import NsToolsError, Refused
from kubectl_ns_tools.kubeconfig.config import Config, load_config

ROOT = Path(__file__).parents[2]


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "kubectl-ns-tools" / "config.yaml"
    path.parent.mkdir()
    return path


def load(settings: Path) -> Config:
    return load_config({"XDG_CONFIG_HOME": str(settings.parents[1])})


def test_a_missing_file_protects_nothing(settings: Path) -> None:
    assert load(settings) == Config(str(settings))
    assert not load(settings).is_protected("prod")


def test_a_missing_file_costs_no_yaml_parser() -> None:
    script = (
        "import sys; from kubectl_ns_tools.kubeconfig.config import load_config;"
        "load_config({'HOME': '/nonexistent'}).is_protected('a'); sys.exit('yaml' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


def test_the_file_is_under_the_home_without_xdg_config_home(tmp_path: Path) -> None:
    path = tmp_path / ".config" / "kubectl-ns-tools" / "config.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("protected: [a]\n")
    assert load_config({"HOME": str(tmp_path)}) == Config(str(path), ("a",))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "# nothing yet\n",
        "null\n",
        "---\n",
        "protected:\n",
        "protected: ~\n",
        "protected: []\n",
        "{}",
    ],
)
def test_a_file_without_patterns_protects_nothing(settings: Path, text: str) -> None:
    settings.write_text(text)
    assert load(settings).protected == ()


@pytest.mark.parametrize(
    "text",
    [
        "protected: ['*prod*', live]\n",
        "protected:\n- '*prod*'\n- live\n",
        '{"protected": ["*prod*", "live"]}',
        "\ufeffprotected: [&p '*prod*', live]\r\n",
    ],
    ids=["flow", "block", "json", "bom"],
)
def test_patterns_in_every_style(settings: Path, text: str) -> None:
    settings.write_text(text)
    assert load(settings).protected == ("*prod*", "live")


@pytest.mark.parametrize(
    ("pattern", "name", "protected"),
    [
        ("*prod*", "eu-prod-1", True),
        ("*prod*", "prod", True),
        ("*prod*", "EU-PROD", True),
        ("*PROD*", "eu-prod", True),
        ("*prod*", "pro", False),
        ("prod", "prod-1", False),
        ("arn:aws:eks:*/prod", "arn:aws:eks:eu-west-1:1:cluster/prod", True),
        ("prod-?", "prod-1", True),
        ("prod[12]", "prod2", True),
        ("prod[12]", "prod[12]", True),
        ("*", "a\nb", True),
    ],
)
def test_a_pattern_is_a_glob_of_the_whole_name(pattern: str, name: str, protected: bool) -> None:
    assert Config("", (pattern,)).is_protected(name) is protected


def test_namespaces_are_protected_by_their_own_patterns(settings: Path) -> None:
    settings.write_text("protected: ['*prod*']\nprotected-namespaces: ['db-*', vault]\n")
    config = load(settings)
    assert [config.is_protected_namespace(name) for name in ("db-1", "Vault", "db", "prod")] == [
        True, True, False, False
    ]  # fmt: skip
    assert not config.is_protected("vault")


@pytest.mark.parametrize(
    ("text", "line", "problem", "hint"),
    [
        (
            "protected-namespace: [a]\n",
            1,
            'unknown key "protected-namespace"',
            "did you mean 'protected-namespaces'?",
        ),
        (
            "protected-namespaces: vault\n",
            1,
            '"protected-namespaces" must be a list of patterns',
            "protected-namespaces: ['*prod*']",
        ),
        ("# c\nprotect: [a]\n", 2, 'unknown key "protect"', "did you mean 'protected'?"),
        (
            "protected: [a]\nother: 1\n",
            2,
            'unknown key "other"',
            "keys there are: protected, protected-namespaces",
        ),
        ("1: [a]\n", 1, 'unknown key "1"', "keys there are: protected, protected-namespaces"),
        ("<<: {protected: [a]}\n", 1, 'unknown key "<<"', "keys there are: protected, protected-namespaces"),
        ("protected: '*prod*'\n", 1, '"protected" must be a list of patterns', "protected: ['*prod*']"),
        ("protected:\n  prod: true\n", 2, '"protected" must be a list', "protected: ['*prod*']"),
        ("protected:\n- a\n- 1\n", 3, 'each of "protected" must be a pattern', "protected: ['*prod*']"),
        ("protected: [a, null]\n", 1, 'each of "protected" must be a pattern', "protected: ['*prod*']"),
        ("protected: ['']\n", 1, 'each of "protected" must be a pattern', "protected: ['*prod*']"),
        ("protected: [*prod]\n", 1, "unknown anchor", "protected: ['*prod*']"),
        ("protected: [a]\nprotected: [b]\n", 2, "key 'protected' is there twice", ""),
        ("protected: [a]\n---\nprotected: [b]\n", 2, "a second document", ""),
        ("- a\n", 1, "the settings must be a mapping", ""),
        ("prod\n", 1, "the settings must be a mapping", ""),
        ("protected: [a", 1, "did not find expected ',' or ']'", ""),
    ],
)
def test_what_is_not_understood_is_refused_with_its_line(
    settings: Path, text: str, line: int, problem: str, hint: str
) -> None:
    settings.write_text(text)
    with pytest.raises(Refused) as caught:
        load(settings)
    assert caught.value.message.startswith(f"{settings}:{line}: ")
    assert problem in caught.value.message
    assert hint in caught.value.hint


def test_bytes_that_are_no_text_are_refused(settings: Path) -> None:
    settings.write_bytes(b"protected:\n- \xff\n")
    with pytest.raises(Refused, match=r"config\.yaml:2: invalid utf-8 bytes"):
        load(settings)


def test_a_file_that_cannot_be_read_is_an_error_and_no_empty_one(settings: Path) -> None:
    settings.mkdir()
    with pytest.raises(NsToolsError, match="is a directory"):
        load(settings)
