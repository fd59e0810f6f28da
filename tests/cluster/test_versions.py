from typing import Any

import pytest

from kubectl_ns_tools.cluster.connection import Connection
from kubectl_ns_tools.cluster.versions import server_version
from tests.cluster.scripted import Scripted
from tests.controlplane import versions


@pytest.mark.integration
def test_the_real_server_says_its_release(connection: Connection) -> None:
    assert server_version(connection) == versions.release(versions.kubernetes())


ANSWERS: dict[str, tuple[Any, tuple[int, ...]]] = {
    "of a provider": ({"major": "1", "minor": "36+"}, (1, 36)),
    "no minor": ({"major": "1", "minor": ""}, ()),
    "no numbers": ({"major": "one", "minor": "x"}, ()),
    "something else": ({"kind": "Thing"}, ()),
}


@pytest.mark.parametrize(("answer", "version"), ANSWERS.values(), ids=ANSWERS)
def test_what_servers_say(answer: Any, version: tuple[int, ...]) -> None:
    with Scripted().answer(answer) as server:
        assert server_version(server.connection()) == version


def test_a_server_that_does_not_say_has_none() -> None:
    refusal = {"kind": "Status", "code": 403, "reason": "Forbidden", "message": "no"}
    with Scripted().answer(refusal, 403) as server:
        assert server_version(server.connection()) == ()


def test_a_proxy_that_answers_with_a_page_has_none() -> None:
    with Scripted().text("<html>welcome</html>", kind="text/html") as server:
        assert server_version(server.connection()) == ()
