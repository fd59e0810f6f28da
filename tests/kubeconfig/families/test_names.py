"""Families 5 to 7: names with syntax in them, names that look like other values, and Unicode."""

from pathlib import Path

import pytest

from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.goyaml import construct, json_quoted, parse_first
from kubectl_ns_tools.kubeconfig.editing.editor import Editor
from kubectl_ns_tools.kubeconfig.reading.document import read_file
from tests.kubeconfig.families.ground import Case, Ground, kubectl_config, table

SYNTAX = (
    *"arn:aws:eks:eu-west-1:123456789012:cluster/foo user@cluster default/api-x:6443/kube:admin".split(),
    *'a: b|a #b|- x|*x|&x|!x|%x|@x|`x`|[x]|{x}|a=b| lead|trail |a\tb|it\'s|say "x"|$(id)'.split("|"),
    *"- . .. ../../x -n --help ? : , # | > --- ... <<".split(),
    *("\x1b]0;x\x07", "a\nb", "\\", "x" * 1024),
)
LOOK_ALIKES = (
    *"123 0123 0x1F 0b1 0o17 1e3 433e40 1_000 -1 +1 .5 5. true Yes on y N off null ~ .inf -.INF .nan".split(),
    *"1:20 190:20:30 2024-01-01 2001-12-14t21:59:43.10-05:00 << = 0x 1e 0b2 08 -- - 1__0 0.1.2 1,000".split(),
)
UNICODE = (
    *("\U0001f680 prod", "生産クラスタ", "caf\u00e9", "cafe\u0301", "abc\u202edef", "zero\u200bwidth"),
    *("no\u00a0break", "\ufeffmark", "\u2028", "\U0001f468\u200d\U0001f469\u200d\U0001f467"),
)
# kubectl writes them so that it reads them back as something else, or not at all.
BEYOND_KUBECTL = ("a\x85b", "\x85", "e\x7f", "\x9f", "\ufffe")


def spelt(text: str, style: str) -> str:
    """The text as a scalar; plain only where kubectl takes it for that text."""
    if style != "plain":
        single = style == "single" and text.isprintable()
        return "'" + text.replace("'", "''") + "'" if single else json_quoted(text)
    try:
        document = parse_first(f"- name: {text}\n", "text")
        same = document and construct(document.root, "text") == [{"name": text}]
    except Refused:
        same = False
    return text if same and text.isprintable() else json_quoted(text)


def case_of(names: tuple[str, ...], style: str) -> Case:
    a, b, c, *others = names
    wa, wb, wc = (spelt(name, style) for name in (a, b, c))
    text = (
        f"kind: Config\ncurrent-context: {wa}\ncontexts:\n- name: {wa}\n  context: {{cluster: c, user: u}}\n"
        f"- context:\n    cluster: c\n    namespace: old  # {a.isalnum()}\n    user: u\n  name: {wb}\n"
        f"- name: {wc} # tail\nclusters: []\nusers: []\n"
    )
    return Case(text, (a, b, c), *others)


def chunks(names: tuple[str, ...], size: int, step: int) -> list[tuple[str, ...]]:
    """Runs of names, each beginning `step` after the one before; the end goes on at the beginning."""
    return [(names + names)[start : start + size] for start in range(0, len(names), step)]


ALONE = {
    f"{style} {chunk[0][:20]!a}": case_of(chunk, style)
    for names in (SYNTAX, LOOK_ALIKES, UNICODE, BEYOND_KUBECTL)
    for style in ("plain", "single", "double")
    for chunk in chunks(names, 5, 1)
}
TOGETHER = {
    f"{style} {chunk[0][:20]!a}": case_of(chunk, style)
    for names in (SYNTAX, LOOK_ALIKES, UNICODE)
    for style, chunk in zip(["plain", "double"] * 20, chunks(names, 5, 5), strict=False)
}


@table(ALONE)
def test_each_operation_alone(ground: Ground, case: Case) -> None:
    ground.check_alone(case)


@table(TOGETHER)
def test_all_operations_together_as_by_kubectl(ground: Ground, case: Case) -> None:
    ground.check_together(case)


def test_an_escaped_letter_is_that_letter(ground: Ground) -> None:
    text = 'contexts: [{name: "caf\\u00e9"}, {name: "\\U0001f680"}, {name: "cafe\\u0301"}]\n'
    ground.check_alone(Case(text, ("caf\u00e9", "\U0001f680", "cafe\u0301")))
    ground.check_together(Case(text, ("caf\u00e9", "\U0001f680", "cafe\u0301")))


REFUSED = {
    **{
        f"plain {text}": (f"contexts:\n- context: {{}}\n  name: {text}\n", 3, "json: cannot unmarshal")
        for text in "123 0123 0x1F 0b1 1e3 433e40 1_000 -1 .5 5. true Yes on y N off".split()
    },
    **{
        f"plain {text}": (f"contexts:\n- context: {{}}\n  name: {text}\n", 3, "json: unsupported value")
        for text in ".inf -.INF .nan".split()
    },
    "surrogate pair in JSON": (
        '{"contexts":\n[{"name": "\\ud83d\\ude80"}]}',
        2,
        "yaml: found invalid Unicode character escape code",
    ),
}


@pytest.mark.parametrize(("text", "line", "words"), REFUSED.values(), ids=REFUSED)
def test_what_kubectl_takes_for_no_text_is_named_with_its_line(
    ground: Ground, kubectl_path: Path, text: str, line: int, words: str
) -> None:
    ground.lay(text.encode())
    file = read_file(str(ground.path))
    assert str(file.problems[0]).startswith(f"{ground.path}:{line}: {words}")
    said = kubectl_config(kubectl_path, "view", path=ground.path, check=False).stderr
    assert file.problems[0].text.removeprefix("yaml: ") in said
    with pytest.raises(Refused, match=f":{line}:"):
        Editor(file)
