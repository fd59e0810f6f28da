from typing import Any

import pytest

from kubectl_ns_tools.cluster.errors import ApiError
from kubectl_ns_tools.errors import Unreachable
from kubectl_ns_tools.templates.planning.places import path_of, place_of
from tests.templates.builders import objects

TEXT = """\
    apiVersion: v1
    kind: ResourceQuota
    metadata:
      name: q
    spec:
      hard:
        pods: -1
        requests.cpu: x
    list:
    - a: 1
    - b: 2
"""


@pytest.mark.parametrize(
    ("field", "path"),
    [
        ("spec", ("spec",)),
        ("spec.hard[requests.cpu]", ("spec", "hard", "requests.cpu")),
        ("spec.containers[0].image", ("spec", "containers", 0, "image")),
        ("metadata.name", ("metadata", "name")),
        ("", ()),
    ],
)
def test_the_servers_way_to_write_a_path(field: str, path: tuple[str | int, ...]) -> None:
    assert path_of(field) == path


def error(message: str = "", *fields: str) -> ApiError:
    details: dict[str, Any] = {"causes": [{"field": field, "message": "m"} for field in fields]}
    return ApiError(message, status=422, details=details)


@pytest.mark.parametrize(
    ("raised", "line"),
    [
        (error("", "spec.hard[requests.cpu]"), 8),
        (error("", "spec.hard[pods]", "spec.hard[requests.cpu]"), 7),
        (error("", "spec.hard[services]"), 6),
        (error("", "list[1].b"), 11),
        (error("", ""), 1),
        (error("failed to create … (n/q; /v1, Kind=X): .spec.hard: field not declared in schema"), 6),
        (error(".list[1].b: expected string, got number"), 11),
        (error("something else"), 1),
        (Unreachable("no answer"), 1),
    ],
)  # fmt: skip
def test_an_error_is_placed_at_the_field_that_it_names(raised: ApiError, line: int) -> None:
    [manifest] = objects(TEXT)
    assert place_of(manifest, raised) == f"f.yaml:{line}"
