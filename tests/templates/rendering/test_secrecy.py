import base64

import pytest

from kubectl_ns_tools.templates.parameters.given import GENERATED, Value
from kubectl_ns_tools.templates.rendering.secrecy import Secrecy
from tests.templates.builders import Template, expand_all

PASSWORD = "correct-horse"
SECRECY = Secrecy(
    [Value(PASSWORD, GENERATED, secret=True), Value("open-value", "-p"), Value("abc", GENERATED, True)]
)


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (PASSWORD, "***"),
        (f"postgres://u:{PASSWORD}@db", "postgres://u:***@db"),
        (encoded(PASSWORD), "***"),
        (encoded(f"postgres://u:{PASSWORD}@db"), "***"),
        ("open-value", "open-value"),
        (encoded("open-value"), encoded("open-value")),
        ("abc", "abc"),
        ("", ""),
    ],
)
def test_a_secret_is_masked_wherever_it_stands(text: str, shown: str) -> None:
    found = SECRECY.object({"kind": "A", "data": {"a": text}, "list": [{"env": text}], "n": 1})
    assert found == {"kind": "A", "data": {"a": shown}, "list": [{"env": shown}], "n": 1}


def test_the_longer_of_two_secrets_goes_first() -> None:
    secrecy = Secrecy([Value("secret", "", True), Value("secret-more", "", True)])
    assert secrecy.text("secret-more secret") == "*** ***"


def test_metadata_stays_as_a_generated_name_must_be_seen() -> None:
    live = {"kind": "A", "metadata": {"name": PASSWORD}, "spec": PASSWORD}
    assert SECRECY.object(live) == {"kind": "A", "metadata": {"name": PASSWORD}, "spec": "***"}


def test_a_message_says_nothing_secret() -> None:
    template = Template(message="user ${USER}, password ${PASSWORD}").parameter("USER", value="u")
    template.parameter("PASSWORD", generate="expression", **{"from": "[a-z]{12}"})
    assert expand_all(template.text).messages == ["user u, password ***"]
    assert expand_all(template.text, PASSWORD="x").messages == ["user u, password ***"]


def test_the_values_of_a_run_say_where_they_are_from_and_what_is_secret() -> None:
    template = Template().parameter("A", value="1").parameter("B").parameter("C")
    template.parameter("D", generate="expression", **{"from": "[a]{6}"}).configmap("${NAMESPACE}")
    assert expand_all(template.text, B="2").values == {
        "A": Value("1", "default"),
        "B": Value("2", "-p"),
        "C": Value("", "default"),
        "D": Value("aaaaaa", "generated", secret=True),
        "NAMESPACE": Value("blue", "filled in"),
    }
