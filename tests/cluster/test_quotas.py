import pytest

from kubectl_ns_tools.cluster.quotas import Use, amount, fullest


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("100m", 0.1),
        ("1e3", 1000),
        ("2Gi", 2**31),
        ("0.5k", 500),
        ("1E", 1e18),
        ("-1", -1),
        ("5n", 5e-9),
    ],
)
def test_quantities_are_read_as_the_server_writes_them(text: str, value: float) -> None:
    assert amount(text) == pytest.approx(value)


@pytest.mark.parametrize("text", ["", "x", "1x", "Gi", "1 Gi"])
def test_what_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a quantity"):
        amount(text)


def quota(**pairs: tuple[str, str]) -> dict:
    return {
        "status": {
            "used": {key: used for key, (used, _) in pairs.items()},
            "hard": {key: hard for key, (_, hard) in pairs.items()},
        }
    }


def test_the_limit_that_is_used_most_is_found_over_all_quotas() -> None:
    quotas = [quota(cpu=("250m", "1"), pods=("1", "10")), quota(memory=("900Mi", "1Gi"))]
    assert fullest(quotas) == Use("memory", pytest.approx(900 / 1024))


def test_a_limit_of_nothing_is_full() -> None:
    assert fullest([quota(pods=("0", "0"))]) == Use("pods", 1.0)


def test_no_quota_or_one_not_yet_counted_is_no_use() -> None:
    assert fullest([]) is None
    assert fullest([{"spec": {"hard": {"pods": "1"}}}]) is None
