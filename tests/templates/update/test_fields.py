from typing import Any

import pytest

from kubectl_ns_tools.templates.update.fields import MISSING, value_at

OBJECT: dict[str, Any] = {
    "spec": {
        "hard": {"limits.cpu": "1", "limits": {"cpu": "nested"}},
        "containers": [
            {"name": "a]b", "image": "i"},
            {"name": "c", "ports": [{"containerPort": 80, "protocol": "TCP"}]},
        ],
        "finalizers": ["x", "y/z"],
    },
    "metadata": {"annotations": {"a.b/c": "d"}},
}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (".spec.hard.limits.cpu", "1"),
        (".metadata.annotations.a.b/c", "d"),
        ('.spec.containers[name="a]b"].image', "i"),
        ('.spec.containers[name="c"].ports[containerPort=80,protocol="TCP"].protocol', "TCP"),
        ('.spec.finalizers[="y/z"]', "y/z"),
        (".spec.finalizers[0]", "x"),
        ("", OBJECT),
    ],
)
def test_what_stands_at_a_field(field: str, value: Any) -> None:
    assert value_at(OBJECT, field) == value


@pytest.mark.parametrize(
    "field",
    [".spec.nothing", '.spec.containers[name="z"].image', ".spec.finalizers[7]", ".metadata[0]", ".spec.har"],
)
def test_where_nothing_stands(field: str) -> None:
    assert value_at(OBJECT, field) is MISSING
