"""A test is skipped only where the server is too old for it, and the documentation lists all such tests."""

import re
from pathlib import Path

import pytest

from tests.controlplane.newer_apis import lacking
from tests.controlplane.servers import ControlPlane

TOP = Path(__file__).parents[2]
MARKED = re.compile(
    r'^@pytest\.mark\.api\("\S+", "\S+", since="([\d.]+)"\)\n(?:@.*\n)*def (\w+)', re.MULTILINE
)
LISTED = re.compile(r"^\| `(test_\w+)` \|.*\| ([\d.]+) \|$", re.MULTILINE)
NEVER = "99.0"


def test_all_such_tests_are_listed() -> None:
    texts = [path.read_text() for path in (TOP / "tests").rglob("test_*.py")]
    marked = [found for text in texts for found in MARKED.findall(text)]
    listed = LISTED.findall((TOP / "docs" / "kubernetes-versions.md").read_text())
    assert sorted(listed) == sorted((name, since) for since, name in marked)
    assert listed


@pytest.mark.integration
def test_what_the_server_serves_can_be_tested(controlplane: ControlPlane) -> None:
    assert lacking(controlplane.api, "apps/v1", "deployments", NEVER) == ""


@pytest.mark.integration
@pytest.mark.parametrize(
    ("group_version", "resource"), [("apps/v1", "airships"), ("harbours.example.com/v1", "ships")]
)
def test_an_older_server_without_it_cannot_be_tested(
    controlplane: ControlPlane, group_version: str, resource: str
) -> None:
    reason = lacking(controlplane.api, group_version, resource, NEVER)
    assert f"has no {resource} in {group_version}" in reason


@pytest.mark.integration
def test_a_server_that_should_have_it_fails_the_test(controlplane: ControlPlane) -> None:
    with pytest.raises(AssertionError, match="has no airships"):
        lacking(controlplane.api, "apps/v1", "airships", "1.9")
