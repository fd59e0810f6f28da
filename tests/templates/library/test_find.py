from pathlib import Path

import pytest

from kubectl_ns_tools.errors import ExitCode, NotFound, Refused
from kubectl_ns_tools.templates.library.draft import Source
from kubectl_ns_tools.templates.library.find import find_files, find_template
from kubectl_ns_tools.templates.library.library import Library
from kubectl_ns_tools.templates.library.shelves import BuiltinShelf, FolderShelf


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with a file t.yaml, one called like a built-in and one with a bare name."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.yaml").write_text("kind: A\n")
    (tmp_path / "team").write_text("kind: Mine\n")
    (tmp_path / "plain").write_text("kind: Plain\n")
    return tmp_path


@pytest.fixture
def library(folder: Path) -> Library:
    """The built-in templates, and one called mine."""
    shelf = folder / "shelf"
    shelf.mkdir()
    (shelf / "mine.yaml").write_text("kind: Mine\n")
    return Library([FolderShelf(shelf), BuiltinShelf()])


def sources(name: str, library: Library, stdin: str = "") -> list[Source]:
    return find_template(name, library, stdin)[1]


def test_a_name_is_looked_for_in_the_library(library: Library) -> None:
    info, [found] = find_template("team", library, "")
    assert info is not None
    assert (info.name, info.origin, info.place) == ("team", "built-in", "builtin/team.yaml")
    assert (found.name, found.label, found.expands) == ("builtin/team.yaml", "team", True)
    assert "kind: ResourceQuota" in found.text
    assert sources("mine", library)[0].text == "kind: Mine\n"


@pytest.mark.parametrize("name", ["t.yaml", "./t.yaml", "../here/t.yaml", "./plain", "sub.d/plain"])
def test_a_path_is_read_and_its_last_part_is_the_label(folder: Path, library: Library, name: str) -> None:
    (folder.parent / "here").mkdir(exist_ok=True)
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text("kind: B\n")
    assert find_template(name, library, "") == (
        None,
        [Source("kind: B\n", str(Path(name)), Path(name).name, expands=True)],
    )


def test_a_name_never_becomes_a_path_by_accident(library: Library) -> None:
    assert sources("team", library)[0].name == "builtin/team.yaml"
    assert sources("./team", library)[0].text == "kind: Mine\n"
    with pytest.raises(NotFound) as caught:
        find_template("plain", library, "")
    assert (caught.value.message, caught.value.hint) == (
        "there is no template 'plain'",
        "for the file of this name: ./plain",
    )


@pytest.mark.parametrize("name", ["..", ".", "", ".hidden", "-x", "a\\b", "t*"])
def test_what_is_no_name_is_not_looked_for(folder: Path, library: Library, name: str) -> None:
    (folder / "shelf" / ".hidden.yaml").write_text("kind: A\n")
    with pytest.raises(NotFound):
        find_template(name, library, "")


def test_a_dash_is_standard_input(library: Library) -> None:
    assert sources("-", library, "kind: A") == [Source("kind: A", "STDIN", expands=True)]
    assert find_files("-", "kind: A") == [Source("kind: A", "STDIN")]


def test_a_file_of_objects_is_no_template() -> None:
    assert find_files("t.yaml", "") == [Source("kind: A\n", "t.yaml")]


def test_a_folder_is_all_its_yaml_and_json_files_sorted(folder: Path, library: Library) -> None:
    inside = folder / "in"
    (inside / "deeper.yaml").mkdir(parents=True)
    for name in ("b.yaml", "a.yml", "c.json", ".d.yaml", "e.txt"):
        (inside / name).write_text(f"kind: {name[0]}")
    assert [(each.name, each.text) for each in find_files("in", "")] == [
        ("in/a.yml", "kind: a"),
        ("in/b.yaml", "kind: b"),
        ("in/c.json", "kind: c"),
    ]
    found = sources("./in", library)
    assert {(each.label, each.whole, each.expands) for each in found} == {("in", "in", True)}


def test_a_folder_without_a_file_is_refused(folder: Path) -> None:
    (folder / "in").mkdir()
    with pytest.raises(Refused) as caught:
        find_files("in", "")
    assert caught.value.message == 'the folder "in" has no .yaml, .yml or .json file'


def test_an_unknown_name_is_an_error_with_the_closest_or_with_all(library: Library) -> None:
    with pytest.raises(NotFound) as caught:
        find_template("tema", library, "")
    assert caught.value.message == "there is no template 'tema'"
    assert caught.value.hint == "did you mean 'team'?"
    assert caught.value.exit_code == ExitCode.NOT_FOUND
    with pytest.raises(NotFound) as caught:
        find_template("xyz", library, "")
    assert caught.value.hint == "templates there are: ci, default, mine, restricted, sandbox, team"


@pytest.mark.parametrize("name", ["no.yaml", "no.yml", "no.json", "./no", "no/team"])
def test_a_path_that_is_not_there_is_an_error_in_kubectls_words(name: str, library: Library) -> None:
    with pytest.raises(NotFound) as caught:
        find_template(name, library, "")
    assert caught.value.message == f'the path "{Path(name)}" does not exist'


def test_what_is_no_text_is_refused(folder: Path) -> None:
    (folder / "latin.yaml").write_bytes("a: 1\nb: é\n".encode("latin-1"))
    with pytest.raises(Refused) as caught:
        find_files("latin.yaml", "")
    assert caught.value.message == "latin.yaml:2: not UTF-8 text"


def test_a_file_that_cannot_be_read_is_refused(library: Library) -> None:
    with pytest.raises(Refused, match=r"cannot be read: File name too long$"):
        find_files("x" * 300 + ".yaml", "")
    with pytest.raises(NotFound):
        find_template("x" * 300, library, "")
