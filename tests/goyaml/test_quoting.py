"""What we write is the same text to YAML 1.1, to YAML 1.2 and to kubectl."""

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kubectl_ns_tools.goyaml import construct, dump, dump_all, is_safe_plain, parse, quoted
from tests.same_examples import same_examples

TEXTS = [
    *"123 0123 0x1F 0b1 0o17 1e3 433e40 1_000 true yes on y N null ~ .inf .5 1:20".split(),
    *"2024-01-01 << = - . .. ... --- a user@cluster default/x:6443/kube:admin a=b -n --help".split(),
    *"a: b|a #b|- x|*x|&x|!x|%x|@x|`x`|[x]|{x}| lead|trail |a\tb|it's".split("|"),
    *'"q"|$(id)|?|? x|:|a:|,|a,b|#||arn:aws:eks:eu-west-1:123456789012:cluster/foo'.split("|"),
    *"é|日本|😀|e\u0301|\u202e|\u00a0|\x7f|\x1b[2J|a\nb|\r|\x85|\u2028|\ufeff|'|''|\\|\x00".split("|"),
    "x" * 1000,
]
NUMBER_LIKE = (
    *"+1 -1 0 00 08 0o8 0x 0b2 1. .1 -.5 +.5e3 1e+3 1E-3 1_0 _1 1,000 1:60 190:20:30 1:20.5".split(),
    *"Y yes Off NULL +.INF -.inf .NaN .NAN 2001-12-14t21:59:43.10-05:00 2001-1-1 0.1.2 1.2.3.4".split(),
    *"0x_1 0b_1 -0x1f +0b1 -0o7".split(),
)


@pytest.mark.parametrize("style", ["", "'", '"'], ids=["plain", "single", "double"])
@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_a_quoted_text_reads_back_everywhere(text: str, style: str) -> None:
    written = quoted(text, style)
    assert "\n" not in written
    for document in (f"key: {written}\n", f"{{key: {written}, other: x}}\n", f"- key: {written} # c\n"):
        value = construct(parse(document, "t")[0].root, "t")
        assert (value[0] if isinstance(value, list) else value)["key"] == text
    assert yaml.safe_load(f"key: {written}\n") == {"key": text}  # PyYAML is another reader of 1.1


# What is no text in YAML 1.2: the core schema (https://yaml.org/spec/1.2.2/, 10.3.2).
CORE_SCHEMA = re.compile(
    r"null|Null|NULL|~||true|True|TRUE|false|False|FALSE|[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|"
    r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)
# And in YAML 1.1, whether or not goyaml or PyYAML follow it (https://yaml.org/type/).
TYPES_1_1 = re.compile(
    r"y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF|~|null|Null|NULL||<<|=|"
    r"[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+|"
    r"[-+]?([0-9][0-9_]*)?\.[0-9.]*([eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*|"
    r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)|\d{4}-\d\d-\d\d|"
    r"\d{4}-\d\d?-\d\d?([Tt]|[ \t]+)\d\d?:\d\d:\d\d(\.\d*)?([ \t]*(Z|[-+]\d\d?(:\d\d)?))?"
)


@pytest.mark.parametrize("text", [*TEXTS, *NUMBER_LIKE], ids=ascii)
def test_what_either_version_takes_for_no_text_is_quoted(text: str) -> None:
    if CORE_SCHEMA.fullmatch(text) or TYPES_1_1.fullmatch(text):
        assert not is_safe_plain(text)
        assert quoted(text)[0] in "\"'"
        assert yaml.safe_load(dump([text])) == [text]


@same_examples(2000)
@given(st.text("0123456789abcdefABCDEFxXoO_.:+-~eEyYnNtTzZ ", max_size=8))
def test_no_text_that_looks_like_another_value_goes_unquoted(text: str) -> None:
    if is_safe_plain(text):
        assert not CORE_SCHEMA.fullmatch(text)
        assert not TYPES_1_1.fullmatch(text)
        assert yaml.safe_load(text) == text


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
