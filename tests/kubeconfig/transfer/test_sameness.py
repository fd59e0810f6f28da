"""Two entries are the same exactly where kubectl cannot tell them apart."""

import pytest

from kubectl_ns_tools.kubeconfig.transfer.sameness import context_sameness, sameness

BETA, V1 = (f"client.authentication.k8s.io/{version}" for version in ("v1beta1", "v1"))
SAME = {
    "order": ("clusters", {"server": "s", "proxy-url": "p"}, {"proxy-url": "p", "server": "s"}),
    "empty text": ("clusters", {"server": "s", "tls-server-name": ""}, {"server": "s"}),
    "null": ("users", {"token": None}, {}),
    "false": ("clusters", {"insecure-skip-tls-verify": False}, {}),
    "empty list": ("users", {"as-groups": []}, {}),
    "folded data": ("users", {"client-key-data": "YW\nFh\n"}, {"client-key-data": "YWFh"}),
    "null arguments": ("users", {"exec": {"command": "x", "args": None}}, {"exec": {"command": "x"}}),
    "default of a plugin": (
        "users",
        {"exec": {"apiVersion": BETA, "interactiveMode": "IfAvailable", "provideClusterInfo": False}},
        {"exec": {"apiVersion": BETA}},
    ),
}
OTHER = {
    "value": ("clusters", {"server": "s"}, {"server": "t"}),
    "one and true": ("clusters", {"x": 1}, {"x": True}),
    "one and 1.0": ("clusters", {"x": 1}, {"x": 1.0}),
    "unknown null": ("clusters", {"x": None}, {}),
    "empty extension": (
        "clusters",
        {"extensions": [{"name": "e", "extension": {}}]},
        {"extensions": [{"name": "e", "extension": {"a": False}}]},
    ),
    "order of arguments": ("users", {"exec": {"args": ["a", "b"]}}, {"exec": {"args": ["b", "a"]}}),
    "empty argument": ("users", {"exec": {"args": ["", "b"]}}, {"exec": {"args": ["b"]}}),
    "no default of a plugin": (
        "users",
        {"exec": {"apiVersion": V1, "interactiveMode": "IfAvailable"}},
        {"exec": {"apiVersion": V1}},
    ),
    "empty key of as-user-extra": ("users", {"as-user-extra": {"a": []}}, {"as-user-extra": {"b": []}}),
}


@pytest.mark.parametrize(("section", "one", "other"), SAME.values(), ids=SAME)
def test_what_is_the_same(section: str, one: dict, other: dict) -> None:
    assert sameness(section, one) == sameness(section, other)


@pytest.mark.parametrize(("section", "one", "other"), OTHER.values(), ids=OTHER)
def test_what_is_not(section: str, one: dict, other: dict) -> None:
    assert sameness(section, one) != sameness(section, other)


def test_a_context_is_what_it_stands_for() -> None:
    one = context_sameness({"cluster": "c", "user": "u"}, {"cluster": "C", "user": "U"})
    assert one == context_sameness({"cluster": "c-2", "user": "u"}, {"cluster": "C", "user": "U"})
    assert one != context_sameness({"cluster": "c", "user": "u"}, {"cluster": "D", "user": "U"})
    assert one != context_sameness(
        {"cluster": "c", "user": "u", "namespace": "n"}, {"cluster": "C", "user": "U"}
    )
    assert one != context_sameness({"cluster": "c", "user": "u"}, {"cluster": "C"})
