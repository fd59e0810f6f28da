"""Plain scalars mean to us what they mean to kubectl; the real kubectl is asked."""

import json
import subprocess
from pathlib import Path

import pytest

from kubectl_ns_tools.goyaml import resolve

WORDS = (
    "a 123 0123 08 0x1F 0X1f 0b1 0o17 1_000 1__0 _1 1e3 433e40 1.5 1. .5 +.5 -0 +5 -0x1 .inf -.Inf +.INF "
    ".nan 1:20 2024-01-01 2024-01-01T10:00:00Z true True TRUE tRUE yes Yes yES on On off OFF y Y n N no "
    "null Null NULL ~ <<x = 0x 0b2 1e 1e+3 1.e3 1_0.5 9223372036854775808 18446744073709551615 "
    "99999999999999999999 1e999 ٣ + . .. 0.1e-2 +1e5 -1.5E3 0_1 0b_1 0xFF_FF 12e03 .1_0 1.2.3 v1 1a "
).split()


@pytest.fixture(scope="module")
def as_kubectl_says(kubectl_path: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """Each word as kubectl decodes it where a value of any type may stand: in an extension."""
    path = tmp_path_factory.mktemp("words") / "config"
    lines = ["extensions:"]
    for index, word in enumerate(WORDS):
        if word not in (".inf", "-.Inf", "+.INF", ".nan"):  # no JSON can hold them
            lines += [f"- name: w{index}", "  extension:", f"    value: {word}"]
    path.write_text("\n".join(lines))
    command = [kubectl_path, "config", "view", "--raw", "-o", "json", "--kubeconfig", path]
    shown = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    by_name = {item["name"]: item["extension"]["value"] for item in shown["extensions"]}
    return {word: by_name[f"w{index}"] for index, word in enumerate(WORDS) if f"w{index}" in by_name}


@pytest.mark.parametrize("word", WORDS)
def test_a_plain_scalar_means_what_kubectl_takes_it_for(
    word: str, as_kubectl_says: dict[str, object]
) -> None:
    value = resolve(word)
    if word not in as_kubectl_says:
        assert isinstance(value, float)
        return
    said = as_kubectl_says[word]
    assert value == said
    assert isinstance(value, str) == isinstance(said, str)
    assert isinstance(value, bool) == isinstance(said, bool)
