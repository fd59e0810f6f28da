"""krew-manifest.yaml and the archives of a release become the files of a krew index."""

import hashlib
from pathlib import Path

import pytest
import yaml

from kubectl_ns_tools import __version__
from kubectl_ns_tools.main import COMMANDS
from release import manifests

LINUX, DARWIN = (
    [f"kubectl-{family}-tools_v1.2.3_{system}_amd64.tar.gz" for family in ("ctx", "ns")]
    for system in ("linux", "darwin")
)


def folder(path: Path, names: list[str]) -> Path:
    """Stands for dist/: each archive is made of its name."""
    path.mkdir()
    for name in names:
        (path / name).write_text(name)
    return path


def loaded(path: Path) -> dict[str, dict]:
    return {file.stem: yaml.safe_load(file.read_text()) for file in path.iterdir()}


def test_there_is_a_file_for_each_command_named_as_the_plugin(tmp_path: Path) -> None:
    manifests.index(folder(tmp_path / "dist", LINUX), tmp_path / "plugins", "1.2.3")
    plugins = loaded(tmp_path / "plugins")
    assert {path.name for path in (tmp_path / "plugins").iterdir()} == {f"{name}.yaml" for name in COMMANDS}
    assert all(plugin["metadata"]["name"] == name for name, plugin in plugins.items())


def test_version_address_and_digest_are_written_and_the_rest_is_the_source_s(tmp_path: Path) -> None:
    manifests.index(folder(tmp_path / "dist", LINUX), tmp_path / "plugins", "1.2.3")
    source = {document["metadata"]["name"]: document for document in manifests.documents()}
    for name, plugin in loaded(tmp_path / "plugins").items():
        archive = f"kubectl-{name.partition('-')[0]}-tools_v1.2.3_linux_amd64.tar.gz"
        [platform] = plugin["spec"].pop("platforms")
        assert platform == {
            "selector": {"matchLabels": {"os": "linux", "arch": "amd64"}},
            "uri": f"https://github.com/kubectl-ns-tools/kubectl-ns-tools/releases/download/v1.2.3/{archive}",
            "sha256": hashlib.sha256(archive.encode()).hexdigest(),
            "bin": f"kubectl-{name.replace('-', '_')}",
        }
        assert plugin["spec"].pop("version") == "v1.2.3"
        del source[name]["spec"]["platforms"]
        assert plugin == source[name]


def test_a_platform_without_an_archive_is_left_out_and_told(tmp_path: Path) -> None:
    dist = folder(tmp_path / "dist", [*LINUX, DARWIN[0]])
    absent = manifests.index(dist, tmp_path / "plugins", "1.2.3")
    assert DARWIN[0] not in absent
    assert DARWIN[1] in absent
    assert len(absent) == 8 - 3
    systems = {
        name: [platform["selector"]["matchLabels"]["os"] for platform in plugin["spec"]["platforms"]]
        for name, plugin in loaded(tmp_path / "plugins").items()
    }
    assert systems["ctx-switch"] == ["linux", "darwin"]
    assert systems["ns-create"] == ["linux"]


def test_archives_of_another_version_are_none(tmp_path: Path) -> None:
    dist = folder(tmp_path / "dist", LINUX)
    with pytest.raises(LookupError, match=r"has no archive of version 1\.2\.4 for ns-create"):
        manifests.index(dist, tmp_path / "plugins", "1.2.4")
    assert not (tmp_path / "plugins").exists()


def test_a_plugin_that_is_gone_goes_from_the_index(tmp_path: Path) -> None:
    plugins = folder(tmp_path / "plugins", ["ns-old.yaml"])
    manifests.index(folder(tmp_path / "dist", LINUX), plugins, "1.2.3")
    assert not (plugins / "ns-old.yaml").exists()


def test_paragraphs_stay_readable(tmp_path: Path) -> None:
    manifests.index(folder(tmp_path / "dist", LINUX), tmp_path / "plugins", "1.2.3")
    text = (tmp_path / "plugins" / "ns-create.yaml").read_text()
    assert "  description: |\n    Creates a namespace from a template" in text


def test_the_command_says_what_is_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = [name.replace("1.2.3", __version__) for name in LINUX]
    dist = folder(tmp_path / "dist", names)
    manifests.main(["--dist", str(dist), "--into", str(tmp_path / "plugins")])
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 6
    name = f"kubectl-ctx-tools_v{__version__}_darwin_amd64.tar.gz"
    assert f"warning: no {name} in {dist}: its platform is left out" in lines


@pytest.mark.parametrize("made", [True, False], ids=["an empty folder", "no folder"])
def test_the_command_without_archives_fails_and_says_what_to_do(made: bool, tmp_path: Path) -> None:
    if made:
        (tmp_path / "dist").mkdir()
    with pytest.raises(SystemExit, match=r"^error: .*\nto do: make release$"):
        manifests.main(["--dist", str(tmp_path / "dist"), "--into", str(tmp_path / "plugins")])
