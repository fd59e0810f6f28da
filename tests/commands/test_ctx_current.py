from pathlib import Path

import pytest

from kubectl_ns_tools.errors import ExitCode
from tests.builders import Kubeconfig


def test_the_name_alone_is_printed(tmp_path: Path, run) -> None:
    path = Kubeconfig().context("a: b").current("a: b").write(tmp_path / "config")
    assert run("ctx-current", "--kubeconfig", path).stdout == "a: b\n"


def test_none_set_is_an_error_that_says_how_to_choose(tmp_path: Path, run) -> None:
    path = Kubeconfig().context("a").write(tmp_path / "config")
    result = run("ctx-current", "--kubeconfig", path, code=ExitCode.NOT_FOUND)
    assert (
        result.stderr == "error: current-context is not set\nhint: choose one with: kubectl ctx-switch NAME\n"
    )
    assert result.stdout == ""


def test_a_missing_file_is_named(tmp_path: Path, run) -> None:
    result = run("ctx-current", "--kubeconfig", tmp_path / "none", code=ExitCode.NOT_FOUND)
    assert result.stderr == f"error: stat {tmp_path / 'none'}: no such file or directory\n"


def test_the_variable_is_honoured(tmp_path: Path, run, monkeypatch) -> None:
    path = Kubeconfig().context("a").current("a").write(tmp_path / "config")
    monkeypatch.setenv("KUBECONFIG", str(path))
    assert run("ctx-current").stdout == "a\n"


def test_the_default_file_is_in_the_home(scratch_home: Path, run, monkeypatch) -> None:
    Kubeconfig().context("h").current("h").write(scratch_home / ".kube" / "config")
    monkeypatch.delenv("KUBECONFIG")
    assert run("ctx-current").stdout == "h\n"


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = (
        Kubeconfig()
        .context("prod-eu", cluster="eu", user="me", namespace="shop")
        .cluster("eu", server="https://eu.example.com:6443")
        .current("prod-eu")
        .write(tmp_path / "config")
    )
    monkeypatch.setenv("KUBECONFIG", str(path))
    return path


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{context} {namespace}", "prod-eu shop"),
        ("{cluster}|{user}|{server}", "eu|me|https://eu.example.com:6443"),
        ("{depth}{protected}", "0"),
        ("{{{context}}} {{}}", "{prod-eu} {}"),
        ("{{context}}", "{context}"),
        ("%s $(id) \\n é", "%s $(id) \\n é"),
        ("", ""),
    ],
)
def test_a_template_is_filled(config: Path, run, template: str, text: str) -> None:
    assert run("ctx-current", "--template", template).stdout == f"{text}\n"


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{contxt}", "error: unknown placeholder \"{contxt}\"\nhint: did you mean 'context'?\n"),
        ("{context.__class__}", 'error: unknown placeholder "{context.__class__}"\nhint: '),
        ("{context!r:>9}", 'error: unknown placeholder "{context!r:>9}"\nhint: '),
        ("{0}", 'error: unknown placeholder "{0}"\nhint: placeholders there are: cluster, context, depth'),
        ("{}", 'error: unknown placeholder "{}"\nhint: placeholders there are: cluster, context, depth'),
        ("{context", 'error: a single "{" in the template\nhint: write it twice: "{{"\n'),
        ("context}", 'error: a single "}" in the template\nhint: write it twice: "}}"\n'),
        ("{con{text}}", 'error: a single "{" in the template'),
    ],
)
def test_what_is_no_placeholder_is_refused(config: Path, run, template: str, said: str) -> None:
    result = run("ctx-current", "--template", template, code=ExitCode.REFUSED)
    assert result.stderr.startswith(said)
    assert result.stdout == ""


def test_the_default_namespace_and_missing_things(tmp_path: Path, run) -> None:
    path = tmp_path / "config"
    path.write_text("contexts: [{name: a, context: {cluster: gone}}]\ncurrent-context: a\n")
    shown = run("ctx-current", "--template", "{namespace}|{cluster}|{user}|{server}", "--kubeconfig", path)
    assert shown.stdout == "default|gone||\n"


def test_values_are_escaped_for_a_terminal(tmp_path: Path, run) -> None:
    path = Kubeconfig().context("a\x1b]0;x\x07").current("a\x1b]0;x\x07").write(tmp_path / "config")
    shown = run("ctx-current", "--template", "{context}", "--kubeconfig", path).stdout
    assert shown == "a\\x1b]0;x\\x07\n"


def test_a_current_context_that_does_not_exist(tmp_path: Path, run) -> None:
    path = Kubeconfig().context("a").current("gone").write(tmp_path / "config")
    assert run("ctx-current", "--template", "{context}", "--kubeconfig", path).stdout == "gone\n"
    result = run("ctx-current", "--template", "{namespace}", "--kubeconfig", path, code=ExitCode.NOT_FOUND)
    assert result.stderr.startswith('error: no context exists with the name: "gone"\n')


def test_no_current_context_is_an_error_with_a_template_too(tmp_path: Path, run) -> None:
    path = Kubeconfig().context("a").write(tmp_path / "config")
    run("ctx-current", "--template", "{context}", "--kubeconfig", path, code=ExitCode.NOT_FOUND)


def test_depth_and_protection(config: Path, scratch_home: Path, run, monkeypatch) -> None:
    settings = scratch_home / ".config" / "kubectl-ns-tools" / "config.yaml"
    settings.parent.mkdir(parents=True)
    settings.write_text("protected: ['prod-*']\n")
    monkeypatch.setenv("KUBECTL_NS_TOOLS_DEPTH", "2")
    assert run("ctx-current", "--template", "{depth} {protected}").stdout == "2 protected\n"
