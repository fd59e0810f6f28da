"""modules/MINOR/go.mod is the one place that says which versions the control plane can have."""

import re

import pytest

from tests.controlplane import build, versions


@pytest.mark.parametrize(
    ("text", "release"),
    [
        pytest.param("go version go1.26.8 linux/amd64", (1, 26), id="go"),
        pytest.param("go version go1.27rc1 linux/amd64", (1, 27), id="go release candidate"),
        pytest.param("go version devel +a1b2c3", (0, 0), id="go from source"),
        pytest.param("v1.32.4-dispatcher", (1, 32), id="kubectl of a vendor"),
        pytest.param("v1.9.11", (1, 9), id="nine is older than ten"),
        pytest.param("", (0, 0), id="nothing"),
    ],
)
def test_a_release_is_read_out_of_what_a_program_prints(text: str, release: tuple[int, int]) -> None:
    assert versions.release(text) == release


def test_releases_compare_as_numbers() -> None:
    assert versions.release("1.9") < versions.release("1.26") < versions.release("2.0")


def test_the_newest_is_taken_unless_the_environment_names_another() -> None:
    newest, *_, oldest = versions.minors()
    assert versions.module({}) == versions.module({"KUBERNETES": newest}) == versions.MODULES / newest
    assert versions.kubernetes({"KUBERNETES": oldest}).startswith(f"{oldest}.")


def test_a_release_that_cannot_be_built_is_an_error_that_says_which_can() -> None:
    with pytest.raises(versions.UnknownRelease, match=r"KUBERNETES=1\.9 is none of 1\.\d+, 1\.\d+, 1\.\d+$"):
        versions.module({"KUBERNETES": "1.9"})


def test_the_oldest_is_at_least_three_minors_behind_the_newest() -> None:
    newest, *between, oldest = map(versions.release, versions.minors())
    assert newest[1] - oldest[1] >= 3
    assert between


@pytest.mark.parametrize("minor", versions.minors())
def test_a_folder_has_the_release_that_it_is_named_after(minor: str) -> None:
    assert versions.kubernetes({"KUBERNETES": minor}).rpartition(".")[0] == minor


@pytest.mark.parametrize("minor", versions.minors())
def test_all_staging_modules_are_those_of_the_same_kubernetes_release(minor: str) -> None:
    patch = versions.kubernetes({"KUBERNETES": minor}).removeprefix("1.")
    staging = re.findall(r"^\tk8s\.io/\S+ v0\.(\d+\.\d+)\b(?!-)", go_mod(minor), re.MULTILINE)
    assert len(staging) > 20
    assert set(staging) == {patch}


@pytest.mark.parametrize("minor", versions.minors())
def test_the_tools_of_the_module_are_what_is_built(minor: str) -> None:
    block = re.search(r"^tool \((.*?)^\)", go_mod(minor), re.MULTILINE | re.DOTALL)
    assert block
    assert set(block[1].split()) == set(build.PACKAGES.values())


def go_mod(minor: str) -> str:
    return (versions.MODULES / minor / "go.mod").read_text()
