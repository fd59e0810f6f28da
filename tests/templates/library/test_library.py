"""Templates by name: the order of the places, and what is told of each."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kubectl_ns_tools.errors import NotFound
from kubectl_ns_tools.templates.library.library import Library, described, open_library, user_folder

Write = Callable[..., Path]


@pytest.fixture
def shelf(tmp_path: Path) -> Write:
    """Makes a folder with these templates: shelf("a", team="kind: A")."""

    def write(folder: str, **texts: str) -> Path:
        path = tmp_path / folder
        path.mkdir(exist_ok=True)
        for name, text in texts.items():
            (path / f"{name}.yaml").write_text(text)
        return path

    return write


def opened(*folders: Path, **environ: str) -> Library:
    return open_library({"KUBECTL_NS_TOOLS_TEMPLATES": os.pathsep.join(map(str, folders)), **environ})


def place(library: Library, name: str) -> str:
    return library.find(name)[0].place


def test_the_first_place_wins(shelf: Write, tmp_path: Path) -> None:
    one, two = shelf("one", team="kind: A"), shelf("two", team="kind: B", other="kind: C")
    own = tmp_path / "config" / "kubectl-ns-tools" / "templates"
    own.mkdir(parents=True)
    for name in ("team", "other", "own"):
        (own / f"{name}.yml").write_text("kind: D")
    library = opened(one, two, XDG_CONFIG_HOME=str(tmp_path / "config"))
    assert place(library, "team") == str(one / "team.yaml")
    assert place(library, "other") == str(two / "other.yaml")
    assert place(library, "own") == str(own / "own.yml")
    assert place(library, "restricted") == "builtin/restricted.yaml"
    assert library.names() == ["ci", "default", "other", "own", "restricted", "sandbox", "team"]
    assert library.hides_builtin(library.find("team")[0])
    assert not library.hides_builtin(library.find("own")[0])
    assert not library.hides_builtin(library.find("restricted")[0])


def test_the_users_folder_is_below_the_home_by_default() -> None:
    assert user_folder({"HOME": "/h"}) == Path("/h/.config/kubectl-ns-tools/templates")
    assert user_folder({"HOME": "/h", "XDG_CONFIG_HOME": "/c"}) == Path("/c/kubectl-ns-tools/templates")


def test_a_folder_in_the_environment_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as caught:
        opened(tmp_path / "gone")
    assert caught.value.message == f'the folder "{tmp_path / "gone"}" does not exist'
    assert caught.value.hint == "it is named in KUBECTL_NS_TOOLS_TEMPLATES"


def test_a_folder_is_a_template_too(shelf: Write) -> None:
    folder = shelf("shelf", big="kind: File")
    inside = folder / "big"
    inside.mkdir()
    (inside / "b.yaml").write_text("kind: B")
    (inside / "a.json").write_text('{"kind": "A"}')
    info, sources = opened(folder).find("big")
    assert info.place == str(inside)
    assert [source.text for source in sources] == ['{"kind": "A"}', "kind: B"]
    assert {(source.label, source.whole, source.expands) for source in sources} == {
        ("big", str(inside), True)
    }


def test_what_cannot_be_a_name_is_no_template(shelf: Write) -> None:
    folder = shelf("shelf", good="kind: A")
    for name in (".hidden.yaml", "-dash.yaml", "with space.yaml", "notes.txt"):
        (folder / name).write_text("kind: A")
    assert set(opened(folder).names()) - set(opened().names()) == {"good"}


def test_all_are_listed_with_what_hides_them(shelf: Write) -> None:
    folder = shelf("shelf", team="kind: A", broken="- x")
    found = [info for info in opened(folder).templates() if info.name in ("team", "broken")]
    assert [(info.name, info.origin, info.place, info.hidden_by) for info in found] == [
        ("broken", "folder", str(folder / "broken.yaml"), ""),
        ("team", "folder", str(folder / "team.yaml"), ""),
        ("team", "built-in", "builtin/team.yaml", str(folder / "team.yaml")),
    ]
    broken, _, builtin = found
    assert "broken.yaml:1: not an object" in broken.problem
    assert builtin.description.startswith("A namespace for one team")


def test_the_builtins_are_all_in_order() -> None:
    found = opened().templates()
    assert [info.name for info in found] == ["ci", "default", "restricted", "sandbox", "team"]
    assert all(info.description and not info.problem for info in found)
    parameters = {parameter.name: parameter for parameter in found[3].parameters}
    assert list(parameters) == ["OWNER", "TTL", "LIMITS_CPU", "LIMITS_MEMORY", "PODS", "STORAGE"]
    assert (parameters["TTL"].value, parameters["TTL"].required) == ("7d", True)
    assert parameters["PODS"].checks.type == "integer"


def test_a_plain_text_has_the_parameters_that_it_refers_to(shelf: Write) -> None:
    folder = shelf("shelf", plain="{kind: A, a: '${OWNER} ${NAMESPACE} ${DATE}'}")
    info, sources = opened(folder).find("plain")
    [parameter] = described(sources, info).parameters
    assert (parameter.name, parameter.required) == ("OWNER", True)
    assert parameter.place == f"{folder / 'plain.yaml'}:1"
