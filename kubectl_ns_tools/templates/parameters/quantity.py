"""Kubernetes quantities, exactly: `100m`, `1.5Gi`, `2e3`.

The grammar and the limits are those of resource.Quantity (k8s.io/apimachinery/pkg/api/resource/quantity.go):
nothing finer than a nano, which is rounded away from zero, and nothing beyond 2^63-1.
"""

import re
from fractions import Fraction

_QUANTITY = re.compile(
    r"(?P<sign>[+-]?)(?P<digits>[0-9]+\.?[0-9]*|\.[0-9]+)(?:(?P<suffix>[KMGTPE]i|[numkMGTPE])|[eE](?P<exponent>[+-]?[0-9]+))?\Z"
)
_BINARY = {f"{letter}i": 1024**power for power, letter in enumerate("KMGTPE", 1)}
_DECIMAL = {
    letter: Fraction(10) ** power
    for letter, power in zip("numkMGTPE", (-9, -6, -3, 3, 6, 9, 12, 15, 18), strict=True)
}
_FACTORS: dict[str, Fraction] = {
    "": Fraction(1),
    **{name: Fraction(value) for name, value in _BINARY.items()},
    **_DECIMAL,
}
_NANO = Fraction(1, 10**9)
_LARGEST = 2**63 - 1
# Beyond these nothing is left but the limits above; the number itself could fill the memory.
_EXPONENT = 400
_LONGEST = 400


def quantity(text: str) -> Fraction:
    """The number that a quantity stands for. Raises ValueError for what the API server would not take."""
    match = _QUANTITY.match(text)
    if not match or len(text) > _LONGEST:
        raise ValueError(f"{text!r} is not a quantity, such as 500m, 2 or 4Gi")
    exponent = max(-_EXPONENT * 2, min(_EXPONENT * 2, int(match["exponent"] or 0)))
    size = Fraction(f"{match['digits']}e{exponent}") * _FACTORS[match["suffix"] or ""]
    size = min(-(-size // _NANO) * _NANO, Fraction(_LARGEST))
    return -size if match["sign"] == "-" else size
