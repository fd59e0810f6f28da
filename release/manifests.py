"""krew's manifests of a release: the documents of krew-manifest.yaml, and in them version, uri and sha256.

python -m release.manifests     # of the archives in dist/, into plugins/
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from kubectl_ns_tools import __version__
from release import sums

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "krew-manifest.yaml"
DOWNLOADS = "https://github.com/kubectl-ns-tools/kubectl-ns-tools/releases/download"

Document = dict[str, Any]


def documents(source: Path = SOURCE) -> list[Document]:
    """What is said about each plugin, without what only a release knows."""
    return list(yaml.safe_load_all(source.read_text()))


def archive(plugin: str, version: str, system: str, machine: str) -> str:
    """The archive that the plugin shares with its family: `ctx-switch` is in that of all ctx- plugins."""
    return f"kubectl-{plugin.partition('-')[0]}-tools_v{version}_{system}_{machine}.tar.gz"


def released(document: Document, version: str, digests: Mapping[str, str], downloads: str) -> Document:
    """The plugin's manifest; a platform whose archive is not among the digests is not in it.

    digests: the SHA-256 of each archive, by its name. downloads: the address of the folder of all versions.
    """
    platforms = [
        {"selector": platform["selector"], "uri": f"{downloads}/v{version}/{name}", "sha256": digests[name]}
        | {"bin": platform["bin"]}
        for platform, name in _platforms(document, version)
        if name in digests
    ]
    spec = {**document["spec"], "platforms": platforms}
    return {**document, "spec": {"version": f"v{version}"} | spec}


def missing(plugins: Sequence[Document], version: str, digests: Mapping[str, str]) -> list[str]:
    """The archives that the documents have a platform for, but no digest."""
    wanted = {name for document in plugins for _, name in _platforms(document, version)}
    return sorted(wanted - digests.keys())


def text(document: Document) -> str:
    return "# Written by `make release`, from krew-manifest.yaml.\n" + yaml.dump(
        document, Dumper=_Dumper, sort_keys=False, width=1000
    )


def write(plugins: Sequence[Document], folder: Path) -> None:
    """NAME.yaml of each plugin, and nothing else: the `plugins/` of a krew index."""
    folder.mkdir(parents=True, exist_ok=True)
    for left_over in folder.glob("*.yaml"):
        left_over.unlink()
    for document in plugins:
        (folder / f"{document['metadata']['name']}.yaml").write_text(text(document))


def index(dist: Path, into: Path, version: str = __version__, downloads: str = DOWNLOADS) -> list[str]:
    """Writes the manifests of the archives in a folder; gives the archives that were not there.

    Raises LookupError if a plugin would have no platform at all.
    """
    digests = sums.digests(dist)
    plugins = [released(document, version, digests, downloads) for document in documents()]
    for plugin in plugins:
        if not plugin["spec"]["platforms"]:
            raise LookupError(f"{dist} has no archive of version {version} for {plugin['metadata']['name']}")
    write(plugins, into)
    return missing(documents(), version, digests)


def _platforms(document: Document, version: str) -> Iterator[tuple[Document, str]]:
    """Each platform of the plugin with the name of its archive."""
    for platform in document["spec"]["platforms"]:
        labels = platform["selector"]["matchLabels"]
        yield platform, archive(document["metadata"]["name"], version, labels["os"], labels["arch"])


class _Dumper(yaml.SafeDumper):
    """Paragraphs stay paragraphs, and what is in a list is indented, as people write manifests."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, indentless=False)


def _string(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _string)


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="release.manifests", description="Write krew's manifests.")
    parser.add_argument("--dist", type=Path, default=ROOT / "dist", help="the folder of the archives")
    parser.add_argument("--into", type=Path, default=ROOT / "plugins", help="the folder of the manifests")
    options = parser.parse_args(arguments)
    try:
        absent = index(options.dist, options.into)
    except (LookupError, FileNotFoundError) as error:
        sys.exit(f"error: {error}\nto do: make release")
    for name in absent:
        print(f"warning: no {name} in {options.dist}: its platform is left out", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
