import pytest

from kubectl_ns_tools.templates.sending import as_sent

SECRET = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}}


def test_the_plain_data_of_a_secret_goes_to_its_data_and_wins() -> None:
    sent = as_sent({**SECRET, "data": {"a": "eA==", "b": "eQ=="}, "stringData": {"a": "ä"}})
    assert sent == {**SECRET, "data": {"a": "w6Q=", "b": "eQ=="}}


@pytest.mark.parametrize(
    "data",
    [
        SECRET,
        {**SECRET, "stringData": {"a": 5}},
        {**SECRET, "stringData": "x"},
        {**SECRET, "kind": "ConfigMap", "stringData": {"a": "b"}},
        {**SECRET, "apiVersion": "example.com/v1", "stringData": {"a": "b"}},
    ],
)
def test_everything_else_stays(data: dict[str, object]) -> None:
    assert as_sent(data) is data
