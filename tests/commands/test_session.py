"""Who we are to the cluster, and when an earlier command's answer will do."""

import datetime
from pathlib import Path

import pytest

from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.kubeconfig.state import cache_folder
from tests.builders import Kubeconfig
from tests.cluster.scripted import Scripted
from tests.cluster.test_exec_plugin import Plugin


@pytest.fixture
def plugin(tmp_path: Path) -> Plugin:
    expiry = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
    stamp = expiry.strftime("%Y-%m-%dT%H:%M:%SZ")
    made = Plugin(tmp_path)
    for token in ("t1", "t2"):
        made.says({"token": token, "expirationTimestamp": stamp})
    return made


def test_a_kept_token_will_do_to_read_but_not_to_change(
    plugin: Plugin, tmp_path: Path, scratch_home: Path
) -> None:
    with Scripted().answer({}).answer({}).answer({}).answer({}) as server:
        config = Kubeconfig().context("a").current("a").cluster("c", server=server.url)
        path = str(config.user("u", **plugin.user()).write(tmp_path / "config"))
        for to_read in (True, True, False, True):
            Session(path).connect(to_read=to_read).get("/x")
    tokens = [request.headers["authorization"][0].split()[1] for request in server.requests]
    assert tokens == ["t1", "t1", "t2", "t1"]
    (kept,) = (scratch_home / ".cache" / "kubectl-ns-tools" / "credentials").iterdir()
    assert '"t1"' in kept.read_text()


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({"XDG_CACHE_HOME": "/c", "HOME": "/h"}, "/c/kubectl-ns-tools/credentials"),
        ({"HOME": "/h"}, "/h/.cache/kubectl-ns-tools/credentials"),
        ({}, ""),
    ],
    ids=["named", "by default", "nobody's"],
)
def test_the_cache_is_in_the_users_folder(environ: dict[str, str], folder: str) -> None:
    assert cache_folder(environ, "credentials") == folder
