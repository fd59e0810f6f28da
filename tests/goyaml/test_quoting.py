"""What we write is the same text to YAML 1.1, to YAML 1.2 and to kubectl."""

import json
import subprocess
from pathlib import Path

import pytest
import yaml

from kubectl_ns_tools.goyaml import construct, dump, dump_all, parse, quoted

TEXTS = [
    *"123 0123 0x1F 0b1 0o17 1e3 433e40 1_000 true yes on y N null ~ .inf .5 1:20".split(),
    *"2024-01-01 << = - . .. ... --- a user@cluster default/x:6443/kube:admin a=b -n --help".split(),
    *"a: b|a #b|- x|*x|&x|!x|%x|@x|`x`|[x]|{x}| lead|trail |a\tb|it's".split("|"),
    *'"q"|$(id)|?|? x|:|a:|,|a,b|#||arn:aws:eks:eu-west-1:123456789012:cluster/foo'.split("|"),
    *"é|日本|😀|e\u0301|\u202e|\u00a0|\x7f|\x1b[2J|a\nb|\r|\x85|\u2028|\ufeff|'|''|\\|\x00".split("|"),
    "x" * 1000,
]


@pytest.mark.parametrize("style", ["", "'", '"'], ids=["plain", "single", "double"])
@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_a_quoted_text_reads_back_everywhere(text: str, style: str) -> None:
    written = quoted(text, style)
    assert "\n" not in written
    for document in (f"key: {written}\n", f"{{key: {written}, other: x}}\n", f"- key: {written} # c\n"):
        value = construct(parse(document, "t")[0].root, "t")
        assert (value[0] if isinstance(value, list) else value)["key"] == text
    assert yaml.safe_load(f"key: {written}\n") == {"key": text}  # PyYAML is another reader of 1.1


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_a_dumped_text_reads_back_everywhere(text: str) -> None:
    written = dump({"key": text, "list": [text, {"k": text}]})
    assert construct(parse(written, "t")[0].root, "t") == {"key": text, "list": [text, {"k": text}]}
    assert yaml.safe_load(written) == {"key": text, "list": [text, {"k": text}]}


def test_kubectl_reads_every_text_as_written(kubectl_path: Path, tmp_path: Path) -> None:
    texts = [text for text in TEXTS if text != ""]
    path = tmp_path / "config"
    lines = [f"- {{name: {quoted(text)}, context: {{namespace: {quoted(text)}}}}}" for text in texts]
    path.write_text("contexts:\n" + "\n".join(lines), encoding="utf-8")
    command = [kubectl_path, "config", "view", "--raw", "-o", "json", "--kubeconfig", path]
    shown = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    assert {item["name"] for item in shown["contexts"]} == set(texts)
    assert all(item["context"]["namespace"] == item["name"] for item in shown["contexts"])


def test_documents_are_joined_and_key_order_is_kept() -> None:
    assert dump_all([{"b": 1, "a": []}, {"c": {}}]) == "b: 1\na: []\n---\nc: {}\n"


def test_several_lines_are_a_block() -> None:
    assert dump({"script": "a\nb\n"}) == "script: |\n  a\n  b\n"


def test_the_same_object_twice_is_written_out_twice() -> None:
    shared = {"x": 1}
    assert "&" not in dump([shared, shared])
