"""Kubeconfigs as Hypothesis makes them up: what they say, and the style in which they say it."""

import json
import random
import re
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from kubectl_ns_tools.goyaml import dump, json_quoted, quoted

NAMES = (
    *"a b c prod dev user@host eks:eu-west-1:1:cluster/x 123 1e3 true null ~ - -x ... x.y café".split(),
    *("a b", "a: b", "a #b", "it's", '"q"', "[x]", " lead", "\U0001f680", "\u2028", "tab\there"),
)
NAMESPACES = ("default", "kube-system", "n-1", "1e3", "0x1f", "123", "no", "on", "x" * 63)
_TEXTS = (
    "https://127.0.0.1:6443",
    "x",
    "y",
    "12",
    "1:20",
    "2024-01-01",
    "a: b # c",
    "line\nline\n",
    " x ",
    "é",
)

names = st.sampled_from(NAMES)
simple_names = st.sampled_from([name for name in NAMES if re.fullmatch("[ !#-&(-\\[\\]-~]+", name)])
namespaces = st.sampled_from(NAMESPACES)
_texts = st.sampled_from(_TEXTS)
_simple_texts = st.sampled_from([text for text in _TEXTS if text.isascii() and text.isprintable()])


@dataclass(frozen=True)
class Style:
    """How a file is written. form: "kubectl" (sorted, block), "block", "flow", "json" or "pretty json".

    is_simple: with nothing in it that few people write; seed: for all that is decided value by value, such as
    quotes and comments.
    """

    form: str
    indent: int
    newline: str
    is_ended: bool
    is_marked: bool
    has_more: bool
    is_commented: bool
    is_sharing: bool
    is_simple: bool
    seed: int


styles = st.builds(
    Style,
    form=st.sampled_from(["kubectl", "kubectl", "block", "block", "block", "flow", "json", "pretty json"]),
    indent=st.sampled_from([0, 0, 2, 4]),
    newline=st.sampled_from(["\n", "\n", "\n", "\r\n"]),
    is_ended=st.booleans() | st.just(True),
    is_marked=st.booleans(),
    has_more=st.sampled_from([False, False, False, True]),
    is_commented=st.booleans(),
    is_sharing=st.sampled_from([False, False, True]),
    is_simple=st.booleans(),
    seed=st.integers(0, 2**16),
)
simple_styles = st.builds(
    Style,
    form=st.sampled_from(["kubectl", "block"]),
    indent=st.sampled_from([0, 2]),
    newline=st.sampled_from(["\n", "\n", "\r\n"]),
    is_ended=st.booleans() | st.just(True),
    is_marked=st.just(False),
    has_more=st.just(False),
    is_commented=st.booleans(),
    is_sharing=st.just(False),
    is_simple=st.just(True),
    seed=st.integers(0, 2**16),
)


def _maybe(**fields: "st.SearchStrategy[Any]") -> "st.SearchStrategy[dict[str, Any]]":
    return st.fixed_dictionaries({}, optional={key.replace("_", "-"): value for key, value in fields.items()})


_EXTENSIONS = (
    {"current-context": "fake", "contexts": [{"name": "a"}]},
    "text",
    {"last": {"n": 1, "b": True}},
)
_extensions = st.lists(
    st.fixed_dictionaries(
        {"extension": st.sampled_from(_EXTENSIONS), "name": st.sampled_from(["minikube", "contexts"])}
    ),
    min_size=1,
    max_size=2,
    unique_by=lambda entry: entry["name"],
)
_ARGUMENTS = ("get-token", "-c", "current-context: fake\n- name: b\n", "--x=y")


def _exec(arguments: "st.SearchStrategy[str]") -> "st.SearchStrategy[dict[str, Any]]":
    return st.fixed_dictionaries(
        {
            "apiVersion": st.just("client.authentication.k8s.io/v1"),
            "args": st.lists(arguments),
            "command": st.sampled_from(["aws", "./bin/login"]),
            "env": st.just([{"name": "PROFILE", "value": "x"}]),
            "interactiveMode": st.just("IfAvailable"),
            "provideClusterInfo": st.just(False),
        }
    )


def values_with(
    names: "st.SearchStrategy[str]",
    texts: "st.SearchStrategy[str]",
    arguments: "st.SearchStrategy[str]",
    nothing: "st.SearchStrategy[None]",
) -> "st.SearchStrategy[dict[str, Any]]":
    """What a kubeconfig says, in plain values. nothing: what may stand where there is none."""
    context = _maybe(cluster=names, user=names, namespace=namespaces, extensions=_extensions)
    cluster = _maybe(
        server=texts,
        certificate_authority_data=st.sampled_from(["YWJj", "YWI=", ""]),
        insecure_skip_tls_verify=st.booleans(),
        extensions=_extensions,
    )
    user = _maybe(
        token=texts,
        client_key_data=st.just("YWJj"),
        exec=_exec(arguments),
        as_groups=st.lists(texts, max_size=2),
    )

    def listed(key: str, body: "st.SearchStrategy[Any]", most: int) -> "st.SearchStrategy[Any]":
        entries = st.fixed_dictionaries({key: body, "name": names})
        lists = st.lists(entries, max_size=most, unique_by=lambda entry: entry["name"])
        return lists | lists | lists | nothing

    return st.fixed_dictionaries(
        {"contexts": listed("context", context | context | st.just({}), 4)},
        optional={
            "apiVersion": st.just("v1"),
            "kind": st.just("Config"),
            "clusters": listed("cluster", cluster, 2),
            "users": listed("user", user, 2),
            "current-context": names | names | st.just("") | nothing,
            "preferences": st.just({}) | st.just({"colors": True}),
            "x-unknown": st.just({"contexts": [{"name": "a"}]}),
        },
    )


def text_of(value: dict[str, Any], style: Style) -> str:
    """The file's text."""
    body = _body(value, style)
    if style.has_more and "json" not in style.form:
        body += f"{'' if body.endswith(chr(10)) else chr(10)}---\ncontexts: [{{name: second}}]\n"
    if not style.is_ended:
        body = body.rstrip("\n")
    return ("\ufeff" if style.is_marked else "") + body.replace("\n", style.newline)


def _body(value: dict[str, Any], style: Style) -> str:
    if style.form == "json":
        return (
            json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("\u2028", "\\u2028") + "\n"
        )
    if style.form == "pretty json":
        return json.dumps(value, ensure_ascii=False, indent=style.indent).replace("\u2028", "\\u2028") + "\n"
    if style.form == "kubectl":
        return dump({key: value[key] for key in sorted(value)}) if value else "{}\n"
    return _Renderer(style).text(value)


class _Renderer:
    """Writes YAML by hand, as people do."""

    def __init__(self, style: Style) -> None:
        self._style = style
        self._random = random.Random(style.seed)
        self._anchors: dict[str, str] = {}

    def text(self, value: dict[str, Any]) -> str:
        if self._style.form == "flow":
            return self._flow(value, spread=self._random.random() < 0.5) + "\n"
        items = list(value.items())
        self._random.shuffle(items)
        head = "---\n" if self._random.random() < 0.2 else ""
        return head + "".join(self._pair(key, each, 0) for key, each in items) if items else "{}\n"

    def _chance(self, of: float) -> bool:
        """Whether to write it in the rarer way."""
        return not self._style.is_simple and self._random.random() < of

    def _pair(self, key: str, value: Any, column: int) -> str:
        pad = " " * column
        before = self._comment_lines(pad)
        written = self._key(key)
        if isinstance(value, dict) and value and not self._chance(0.15):
            return f"{before}{pad}{written}:{self._shared(key, value, column)}"
        if isinstance(value, list) and value and not self._chance(0.15):
            inner = column + self._style.indent
            items = "".join(self._item(each, inner) for each in value)
            return f"{before}{pad}{written}:{self._tail()}\n{items}"
        return f"{before}{pad}{written}:{self._value(value, column)}"

    def _shared(self, key: str, value: dict[str, Any], column: int) -> str:
        """A mapping, by its anchor if it is there already and sharing is the style."""
        text = json.dumps(value, sort_keys=True)
        if self._style.is_sharing and key == "context" and text in self._anchors:
            reference = f"*{self._anchors[text]}"
            merged = f"{{<<: {reference}}}" if self._chance(0.4) else reference
            return f" {merged}{self._tail()}\n"
        anchor = ""
        if self._style.is_sharing and key == "context":
            self._anchors[text] = f"x{len(self._anchors)}"
            anchor = f" &{self._anchors[text]}"
        inner = column + self._random.choice([1, 2, 2, 4])
        pairs = "".join(self._pair(name, each, inner) for name, each in value.items())
        return f"{anchor}{self._tail()}\n{pairs}"

    def _item(self, value: Any, column: int) -> str:
        pad = " " * column
        before = self._comment_lines(pad)
        if not isinstance(value, dict) or not value or self._chance(0.15):
            return f"{before}{pad}-{self._value(value, column)}"
        gap = self._random.choice([" ", " ", "   "])
        items = list(value.items())
        self._random.shuffle(items)
        inner = column + 1 + len(gap)
        pairs = "".join(self._pair(name, each, inner) for name, each in items)
        if pairs.lstrip(" ").startswith(("#", "\n")):
            return f"{before}{pad}-\n{pairs}"
        return f"{before}{pad}-{gap}{pairs[inner:]}"

    def _value(self, value: Any, column: int) -> str:
        if isinstance(value, str):
            if self._chance(0.1) and value and value.isprintable() and value == value.strip(" "):
                indicator = self._random.choice(["|-", ">-"])
                return f" {indicator}\n{' ' * (column + 2)}{value}\n"
            if self._chance(0.1):
                return f"\n{' ' * (column + 2)}{self._scalar(value)}{self._tail()}\n"
            return f" {self._scalar(value)}{self._tail()}\n"
        if value is None:
            return f"{self._random.choice(['', ' null', ' ~'])}{self._tail()}\n"
        return f" {self._flow(value, spread=False)}{self._tail()}\n"

    def _flow(self, value: Any, spread: bool) -> str:
        if isinstance(value, dict):
            return self._collection(
                "{}", [f"{self._key(k)}: {self._flow(v, False)}" for k, v in value.items()], spread
            )
        if isinstance(value, list):
            return self._collection("[]", [self._flow(each, False) for each in value], spread)
        return self._scalar(value) if isinstance(value, str) else json.dumps(value)

    def _collection(self, brackets: str, entries: list[str], spread: bool) -> str:
        if not entries:
            return brackets
        trailing = self._random.choice(["", "", ", ", ","])
        if spread:
            lines = ",\n".join(f"  {entry}" for entry in entries)
            return f"{brackets[0]}{self._tail()}\n{lines}{trailing}{self._tail()}\n{brackets[1]}"
        return brackets[0] + ", ".join(entries) + trailing + brackets[1]

    def _scalar(self, text: str) -> str:
        return quoted(text, self._random.choice(["", "", "", "'", '"']))

    def _key(self, key: str) -> str:
        if self._chance(0.08):
            return json_quoted(key)
        return f"'{key}'" if self._chance(0.05) else key

    def _tail(self) -> str:
        if not self._style.is_commented:
            return ""
        return self._random.choice(["", "", "", " # tail", "   #: - x", "  "])

    def _comment_lines(self, pad: str) -> str:
        if not self._style.is_commented:
            return ""
        return self._random.choice(["", "", "", "", f"{pad}# - name: b\n", "# head: x\n", "\n"])


values = values_with(names, _texts, st.sampled_from(_ARGUMENTS), st.none())
kubeconfigs = st.builds(text_of, values, styles)
simple_kubeconfigs = st.builds(
    text_of,
    values_with(simple_names, _simple_texts, st.sampled_from(_ARGUMENTS[:2]), st.nothing()),
    simple_styles,
)


@st.composite
def crowded_kubeconfigs(draw: st.DrawFn) -> str:
    """One with so many entries of the same form that the scanner does not look at each of them closely."""
    texts = st.lists(simple_names | _simple_texts, min_size=2, max_size=6)
    pool, keys = draw(texts), draw(st.permutations(["cluster", "namespace", "user", "x-note"]))
    count, kept = draw(st.integers(20, 50)), draw(st.integers(0, 4))
    data = draw(st.sampled_from(["YWJjZGVmZ2hp", "YWJjZGVmZ2g=", "Zm9vYmFyYmF6"]))
    contexts = [
        {
            "context": {key: pool[(n + at) % len(pool)] for at, key in enumerate(keys[:kept])},
            "name": f"ctx-{n}",
        }
        for n in range(count)
    ]
    users = [
        {"name": f"{pool[0]}{n}", "user": {"client-key-data": data, "token": pool[n % len(pool)]}}
        for n in range(count)
    ]
    text = dump({"contexts": contexts, "current-context": "ctx-1", "users": users})
    return text.replace("\n", draw(st.sampled_from(["\n", "\n", "\r\n"])))
