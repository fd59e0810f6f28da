import re

import pytest

from kubectl_ns_tools.templates.parameters.generator import generate


@pytest.mark.parametrize(
    ("expression", "pattern"),
    [
        ("test[0-9]{1}x", r"test[0-9]x"),
        ("[0-1]{8}", r"[01]{8}"),
        ("0x[A-F0-9]{4}", r"0x[A-F0-9]{4}"),
        ("[a-zA-Z0-9]{8}", r"[a-zA-Z0-9]{8}"),
        ("[a-z]{4}-[0-9]{2}", r"[a-z]{4}-[0-9]{2}"),
        (r"[\w]{10}", r"\w{10}"),
        (r"[\d]{10}", r"[0-9]{10}"),
        (r"[\a]{10}", r"[a-zA-Z0-9]{10}"),
        (r"[\A]{10}", r"[^a-zA-Z0-9\s]{10}"),
        (r"[\da-f]{200}", r"[0-9a-f]{200}"),
        ("[abc]{20}", r"[abc]{20}"),
        ("plain", "plain"),
        ("[a-z]", r"\[a-z\]"),
        ("", ""),
    ],
)
def test_an_expression_gives_what_openshift_documents(expression: str, pattern: str) -> None:
    assert re.fullmatch(pattern, generate(expression))


def test_a_range_includes_both_ends() -> None:
    assert set(generate("[y-z]{200}")) == {"y", "z"}


def test_two_values_differ() -> None:
    assert generate("[a-z]{40}") != generate("[a-z]{40}")


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("[z-a]{3}", "invalid range specified: z-a"),
        ("[a-z]{0}", "the length 0 is not within 1-255"),
        ("[a-z]{256}", "the length 256 is not within 1-255"),
        ("[-]{2}", "[-] is not a set of characters"),
        (r"[\q]{2}", r"[\q] is not a set of characters"),
    ],
)
def test_what_cannot_be_generated_is_named(expression: str, problem: str) -> None:
    with pytest.raises(ValueError, match=re.escape(problem)):
        generate(expression)
