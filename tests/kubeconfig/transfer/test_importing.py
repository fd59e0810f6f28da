"""What ctx-import cannot show from outside: somebody else who writes between its look and its lock."""

from pathlib import Path

import pytest

from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.kubeconfig.editing.writer import Writer
from kubectl_ns_tools.kubeconfig.locations import Locations
from kubectl_ns_tools.kubeconfig.transfer import importing
from kubectl_ns_tools.kubeconfig.transfer.import_plan import Wishes
from kubectl_ns_tools.kubeconfig.transfer.importing import import_entries
from kubectl_ns_tools.kubeconfig.transfer.sources import Source, read_source
from kubectl_ns_tools.kubeconfig.view import View, load_view
from tests.builders import Kubeconfig


def view_of(path: Path) -> View:
    return load_view(Locations((str(path),)))


def source(path: Path, server: str) -> Source:
    builder = Kubeconfig().context(server).cluster("c", server=f"https://{server}")
    return read_source(str(builder.write(path)), bytes)


def test_an_import_that_was_overtaken_is_planned_anew(tmp_path: Path) -> None:
    path = Kubeconfig().context("ours", "o", "o").write(tmp_path / "config")
    stale = view_of(path)
    for server in ("one", "two"):  # the second one knows nothing of the first
        steps, _ = import_entries(stale, str(path), [source(tmp_path / server, server)], Wishes(), Writer())
    assert [(step.entry.name, step.target) for step in steps] == [("two", "two"), ("c", "c-2"), ("u", "u")]
    view = view_of(path)
    for server, cluster in (("one", "c"), ("two", "c-2")):
        assert view.contexts[server].get("cluster") == cluster
        assert view.clusters[cluster].get("server") == f"https://{server}"


def test_one_that_is_overtaken_every_time_gives_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Kubeconfig().context("ours", "o", "o").write(tmp_path / "config")
    stale = view_of(path)
    import_entries(stale, str(path), [source(tmp_path / "one", "one")], Wishes(), Writer())
    before = path.read_bytes()
    monkeypatch.setattr(importing, "load_view", lambda locations: stale)
    with pytest.raises(Refused, match='cluster "c" was changed just now'):
        import_entries(stale, str(path), [source(tmp_path / "two", "two")], Wishes(), Writer())
    assert path.read_bytes() == before
