from pathlib import Path

import pytest

from kubectl_ns_tools.errors import ExitCode, NotFound, Refused
from kubectl_ns_tools.templates.expansion import Source
from kubectl_ns_tools.templates.find import builtin_names, find_file, find_template


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with a file t.yaml and one called like a built-in."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.yaml").write_text("kind: A\n")
    (tmp_path / "team").write_text("kind: Mine\n")
    return tmp_path


def test_the_builtins_are_known_by_name() -> None:
    assert builtin_names() == ["default", "restricted", "team"]
    found = find_template("team", "")
    assert (found.name, found.label, found.expands) == ("builtin/team.yaml", "team", True)
    assert "kind: ResourceQuota" in found.text


@pytest.mark.parametrize("name", ["t.yaml", "./t.yaml", "../here/t.yaml", "plain", "sub.d/plain"])
def test_a_path_is_read_and_its_last_part_is_the_label(folder: Path, name: str) -> None:
    (folder.parent / "here").mkdir(exist_ok=True)
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text("kind: B\n")
    assert find_template(name, "") == Source("kind: B\n", name, Path(name).name, expands=True)


def test_a_builtin_comes_before_a_file_of_its_name_unless_the_path_says_so() -> None:
    assert find_template("team", "").name == "builtin/team.yaml"
    assert find_template("./team", "").text == "kind: Mine\n"


def test_a_dash_is_standard_input() -> None:
    assert find_template("-", "kind: A") == Source("kind: A", "STDIN", expands=True)
    assert find_file("-", "kind: A") == Source("kind: A", "STDIN")


def test_a_file_of_objects_is_no_template() -> None:
    assert find_file("t.yaml", "") == Source("kind: A\n", "t.yaml")


def test_an_unknown_name_is_an_error_with_the_closest_or_with_all() -> None:
    with pytest.raises(NotFound) as caught:
        find_template("tema", "")
    assert caught.value.message == "there is no template 'tema'"
    assert caught.value.hint == "did you mean 'team'?"
    assert caught.value.exit_code == ExitCode.NOT_FOUND
    with pytest.raises(NotFound) as caught:
        find_template("xyz", "")
    assert caught.value.hint == "built-in templates: default, restricted, team"


@pytest.mark.parametrize("name", ["no.yaml", "no.yml", "no.json", "./no", "no/team"])
def test_a_path_that_is_not_there_is_an_error_in_kubectls_words(name: str) -> None:
    with pytest.raises(NotFound) as caught:
        find_template(name, "")
    assert caught.value.message == f'the path "{Path(name)}" does not exist'


def test_a_folder_and_what_is_no_text_are_refused(folder: Path) -> None:
    with pytest.raises(Refused, match="is a directory"):
        find_file(str(folder), "")
    (folder / "latin.yaml").write_bytes("a: 1\nb: é\n".encode("latin-1"))
    with pytest.raises(Refused) as caught:
        find_file("latin.yaml", "")
    assert caught.value.message == "latin.yaml:2: not UTF-8 text"


def test_a_file_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(Refused, match=r"cannot be read: File name too long$"):
        find_file("x" * 300 + ".yaml", "")
    with pytest.raises(NotFound):
        find_template("x" * 300, "")
