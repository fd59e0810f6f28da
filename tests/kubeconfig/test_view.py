"""The files that count and what they add up to: equal to kubectl's own view."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from kubectl_ns_tools.errors import NotFound, Refused
from kubectl_ns_tools.kubeconfig.editing.writer import Writer
from kubectl_ns_tools.kubeconfig.locations import Locations, locate
from kubectl_ns_tools.kubeconfig.view import View, load_view
from tests.builders import Kubeconfig


def view_of(*paths: Path) -> View:
    return load_view(Locations(tuple(map(str, paths))))


def kubectl_view(kubectl_path: Path, *paths: Path | str) -> dict:
    environ = {**os.environ, "KUBECONFIG": os.pathsep.join(map(str, paths))}
    command = [kubectl_path, "config", "view", "--raw", "-o", "json"]
    return json.loads(subprocess.run(command, env=environ, check=True, capture_output=True).stdout)


@pytest.mark.parametrize(
    ("explicit", "environ", "paths"),
    [
        ("f", {"KUBECONFIG": "a:b", "HOME": "/h"}, ("f",)),
        (None, {"KUBECONFIG": "a:b", "HOME": "/h"}, ("a", "b")),
        (None, {"KUBECONFIG": ":a::b:a:~/c", "HOME": "/h"}, ("a", "b", "~/c")),
        (None, {"KUBECONFIG": "", "HOME": "/h"}, ("/h/.kube/config",)),
        (None, {"KUBECONFIG": ":", "HOME": "/h"}, ("",)),
        (None, {"HOME": "/h"}, ("/h/.kube/config",)),
    ],
    ids=["flag", "variable", "odd elements", "empty", "only separators", "default"],
)
def test_which_files_count(explicit: str | None, environ: dict[str, str], paths: tuple[str, ...]) -> None:
    assert locate(explicit, environ).paths == paths


def test_separators_only_are_no_file_at_all(
    tmp_path: Path, kubectl_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Kubeconfig().context("a").current("a").write(Path(os.environ["HOME"]) / ".kube" / "config")
    view = load_view(locate(None, {**os.environ, "KUBECONFIG": "::"}))
    assert view.is_empty
    assert not kubectl_view(kubectl_path, "", "")["contexts"]
    with pytest.raises(Refused, match="there is no file to write to"):
        Writer().apply(
            "add", {view.locations.default_path: lambda editor: editor.put("a", "current-context")}
        )
    assert not list(tmp_path.iterdir())


def test_the_default_file_is_the_first_that_exists_else_the_last(tmp_path: Path) -> None:
    first, second, third = (str(tmp_path / name) for name in "abc")
    assert Locations((first, second, third)).default_path == third
    Path(second).touch()
    assert Locations((first, second, third)).default_path == second


def test_the_first_file_wins_whole_entries(tmp_path: Path, kubectl_path: Path) -> None:
    one = Kubeconfig().context("a", cluster="c").cluster("c", server="https://one").write(tmp_path / "1")
    two = (
        Kubeconfig()
        .context("a", cluster="other", namespace="n")
        .context("b", cluster="c")
        .cluster("c", server="https://two", proxy_url="http://p")
        .current("b")
        .write(tmp_path / "2")
    )
    view, said = view_of(one, tmp_path / "missing", two), kubectl_view(kubectl_path, one, two)
    assert view.current_context == said["current-context"] == "b"
    for kind, entries in (("context", view.contexts), ("cluster", view.clusters), ("user", view.users)):
        expected = {item["name"]: item[kind] or {} for item in said[f"{kind}s"]}
        assert {name: entry.body for name, entry in entries.items()} == expected
    assert view.clusters["c"].path == str(one)
    assert view.contexts["b"].path == str(two)


def test_a_broken_file_is_a_problem_and_the_others_still_count(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("contexts:\n\t- x\n")
    good = Kubeconfig().context("a").current("a").write(tmp_path / "good")
    view = view_of(broken, good)
    assert view.require_current() == "a"
    assert view.problems == (f"{broken}:2: found character that cannot start any token",) or (
        len(view.problems) == 1 and view.problems[0].startswith(f"{broken}:2: ")
    )


def test_a_self_contained_config_has_absolute_paths(tmp_path: Path, kubectl_path: Path) -> None:
    config = (
        Kubeconfig()
        .context("a")
        .context("other", cluster="x", user="y")
        .cluster("c", server="https://s", certificate_authority="ca.crt")
        .user(
            "u",
            client_certificate="/abs/cert",
            client_key="keys/key",
            exec={"command": "./bin/login", "args": ["./x"]},
        )
        .write(tmp_path / "sub" / "config")
    )
    made = view_of(config).self_contained("a")
    assert [made["clusters"][0]["cluster"]["certificate-authority"]] == [str(tmp_path / "sub" / "ca.crt")]
    user = made["users"][0]["user"]
    assert user["client-certificate"] == "/abs/cert"
    assert user["client-key"] == str(tmp_path / "sub" / "keys" / "key")
    assert os.path.normpath(user["exec"]["command"]) == str(tmp_path / "sub" / "bin" / "login")
    assert user["exec"]["args"] == ["./x"]
    assert [len(made[section]) for section in ("contexts", "clusters", "users")] == [1, 1, 1]


@pytest.mark.parametrize(
    ("context", "message"),
    [
        ("nope", 'no context exists with the name: "nope"'),
        ("no-cluster", 'context "no-cluster" (.*): cluster "gone" does not exist'),
        ("no-user", 'context "no-user" (.*): user "gone" does not exist'),
    ],
)
def test_what_a_context_needs_and_is_not_there_is_named(tmp_path: Path, context: str, message: str) -> None:
    value = Kubeconfig().context("no-cluster").context("no-user").value()
    value["contexts"][0]["context"]["cluster"] = "gone"
    value["contexts"][1]["context"]["user"] = "gone"
    path = tmp_path / "config"
    path.write_text(json.dumps(value))
    with pytest.raises(NotFound, match=message.replace("(.*)", r"\(.*\)")):
        view_of(path).self_contained(context)
