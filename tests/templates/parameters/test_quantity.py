import re
from fractions import Fraction
from typing import Any

import pytest

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.errors import ApiError
from kubectl_ns_tools.templates.parameters.quantity import quantity

VALUES = {
    "0": 0,
    "500m": Fraction(1, 2),
    "1.5Gi": 1536 * 1024**2,
    "4Ki": 4096,
    "1k": 1000,
    "2M": 2 * 10**6,
    "3G": 3 * 10**9,
    "1T": 10**12,
    "1P": 10**15,
    "1E": 10**18,
    "1Ti": 1024**4,
    "1Pi": 1024**5,
    "1Ei": 1024**6,
    "100n": Fraction(1, 10**7),
    "7u": Fraction(7, 10**6),
    "1e3": 1000,
    "1E3": 1000,
    "12e-1": Fraction(12, 10),
    "1e+2": 100,
    ".5": Fraction(1, 2),
    "5.": 5,
    "+1": 1,
    "-1": -1,
    "-500m": Fraction(-1, 2),
    "0.1n": Fraction(1, 10**9),
    "1.0000000001": 1 + Fraction(1, 10**9),
    "1e30": 2**63 - 1,
    "100Ei": 2**63 - 1,
    "007": 7,
}
REFUSED = [
    "", "x", "1x", "1 Gi", "1gi", "1KI", "1K", "1mi", "1.2.3", "--1", "1e", "1e1.5", "1ee3", "0x10",
    "1,5", "1Zi", "\u0661", "1\n",
]  # fmt: skip
WITHOUT_DIGITS = ["Gi", ".", "-", "m"]  # the server takes them for zero, against its own grammar


@pytest.mark.parametrize(("text", "value"), VALUES.items())
def test_a_quantity_is_an_exact_number(text: str, value: Fraction) -> None:
    assert quantity(text) == value


@pytest.mark.parametrize("text", [*REFUSED, *WITHOUT_DIGITS])
def test_what_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a quantity, such as 500m, 2 or 4Gi"):
        quantity(text)


@pytest.mark.parametrize(
    ("text", "value"), [("1e99999999999", 2**63 - 1), ("1e-99999999999", Fraction(1, 10**9))]
)
def test_an_exponent_costs_neither_time_nor_memory(text: str, value: Fraction) -> None:
    assert quantity(text) == value


def test_forms_of_one_number_are_equal() -> None:
    assert len({quantity(text) for text in ("1", "1000m", "1e0", "0.001k", "1.0", "1000000u")}) == 1
    assert quantity("1Gi") > quantity("1G")


def _answer(connection: Connection, text: str) -> tuple[str, str]:
    """The quantity as the server gives it back, or what it says against it."""
    limit = {"type": "Container", "max": {"example.com/x": text}}
    body: dict[str, Any] = {
        "apiVersion": "v1",
        "kind": "LimitRange",
        "metadata": {"name": "q"},
        "spec": {"limits": [limit]},
    }
    path, query = "/api/v1/namespaces/default/limitranges", {"dryRun": "All"}
    try:
        answer = connection.request("POST", path, query=query, body=body).json()
    except ApiError as error:
        return "", error.message
    return str(answer["spec"]["limits"][0]["max"]["example.com/x"]), ""


@pytest.mark.integration
@pytest.mark.parametrize("text", VALUES)
def test_the_api_server_reads_the_same(connection: Connection, text: str) -> None:
    shown, error = _answer(connection, text)
    assert shown == "" or quantity(shown) == _in_milli(quantity(text))
    assert error == "" or "Invalid value" in error  # read, and then found to be negative


@pytest.mark.integration
@pytest.mark.parametrize("text", REFUSED)
def test_the_api_server_refuses_the_same(connection: Connection, text: str) -> None:
    assert re.search("quantities must match|unable to parse quantity", _answer(connection, text)[1])


def _in_milli(size: Fraction) -> Fraction:
    """Resource lists are rounded up to that (k8s.io/kubernetes/pkg/apis/core/v1/defaults.go)."""
    return -(-size * 1000 // 1) / Fraction(1000)
