import pytest

from kubectl_ns_tools.cluster.discovery import Discovery, Resource
from kubectl_ns_tools.deletion.restore.choosing import choose
from kubectl_ns_tools.errors import NotFound, NsToolsError, Refused
from tests.deletion.restore.builders import entry

WEB, API = (entry("deployments.apps", "Deployment", name) for name in ("web", "api"))
TLS, TMP = (entry("secrets", "Secret", name) for name in ("tls", "tmp-1"))
GONE = entry("widgets.example.com", "Widget", "one")
ALL = (WEB, API, TLS, TMP, GONE)
SERVED = Discovery(
    (
        Resource("", "v1", "secrets", "Secret", True, singular="secret"),
        Resource(
            "apps", "v1", "deployments", "Deployment", True, short_names=("deploy",), singular="deployment"
        ),
        Resource("", "v1", "namespaces", "Namespace", False, singular="namespace"),
    )
)


@pytest.mark.parametrize(
    ("only", "excepted", "taken"),
    [
        ([], [], ALL),
        (["deploy"], [], (WEB, API)),
        (["secrets,deployment.apps"], [], (WEB, API, TLS, TMP)),
        (["deploy/web", "secret/tls"], [], (WEB, TLS)),
        (["secret/tmp-*"], [], (TMP,)),
        ([], ["secrets"], (WEB, API, GONE)),
        (["deploy"], ["deploy/api"], (WEB,)),
        (["widget"], [], (GONE,)),
        (["widgets.example.com/one"], [], (GONE,)),
    ],
)
def test_what_is_meant(only: list[str], excepted: list[str], taken: tuple) -> None:
    choice = choose(ALL, SERVED, only, excepted)
    assert choice.entries == taken
    assert choice.whole == (not only and not excepted)


def test_what_is_named_one_by_one_is_known() -> None:
    assert choose(ALL, SERVED, ["deploy/web", "secret/tmp-*", "widget"]).named == {WEB.member}


@pytest.mark.parametrize(
    ("word", "error", "words"),
    [
        ("deploy/nope", NotFound, "--only deploy/nope matches nothing"),
        ("gadget", NotFound, '--only: the server doesn\'t have a resource type "gadget"'),
        ("ns", NotFound, '--only: the server doesn\'t have a resource type "ns"'),
        ("namespaces", Refused, "--only namespaces: namespaces are not in a namespace"),
        ("/web", Refused, "--only '/web' is not KIND or KIND/NAME"),
        ("deploy/", Refused, "--only 'deploy/' is not KIND or KIND/NAME"),
    ],
)
def test_what_means_nothing_is_an_error(word: str, error: type[NsToolsError], words: str) -> None:
    with pytest.raises(error) as caught:
        choose(ALL, SERVED, [word])
    assert caught.value.message.startswith(words)


def test_an_exception_that_means_nothing_is_an_error_too() -> None:
    with pytest.raises(NotFound, match="--except deploy/nope matches nothing"):
        choose(ALL, SERVED, excepted=["deploy/nope"])
