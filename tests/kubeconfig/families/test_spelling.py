"""Family 4: the many ways to spell the same keys and values."""

import pytest

from tests.kubeconfig.families.ground import Case, Ground, table
from tests.kubeconfig.families.operations import switch

REST = """\
clusters: [{name: c, cluster: {server: 'https://127.0.0.1:1'}}]
users: [{name: u, user: {token: t}}]
"""
CONTEXTS = """\
contexts:
- name: a
  context: {cluster: c, user: u}
- name: b
  context: {cluster: c, user: u, namespace: old}
- name: c
  context: {cluster: c, user: u}
"""


def with_current(text: str) -> str:
    return f"apiVersion: v1\n{text}\n{CONTEXTS}{REST}"


CURRENTS = {
    "double quotes": 'current-context: "a"',
    "single quotes": "current-context: 'a'  # mine",
    "quoted key": "'current-context': 'a'",
    "double quoted key": '"current-context": a',
    "space before the colon": "current-context : a",
    "spaces after the colon": "current-context:      a   # far",
    "none": "kind: Config",
    "empty": "current-context:",
    "empty with a comment": "current-context:   # none",
    "empty with a comment below": "current-context:\n  # none yet\nkind: Config",
    "empty text": 'current-context: ""',
    "null": "current-context: null  # none",
    "tilde": "current-context: ~",
    "on the next line": "current-context:\n  a",
    "on the next line with a comment": "current-context:  # which\n  # this one\n    a  # it is",
    "explicit key": "? current-context\n: a",
    "explicit key without value": "? current-context\nkind: Config",
    "explicit quoted key": '? "current-context"  # the key\n: "a"  # the value',
    "tag": "current-context: !!str a",
    "tagged number": "current-context: !!str 123",
    "non-specific tag": "current-context: ! 123",
    "anchor": "current-context: &current a",
    "escape in quotes": 'current-context: "\\x61"',
    "two single quotes": "current-context: 'it''s'",
    "over two lines": "current-context: a\n  b",
    "quoted over two lines": "current-context: 'a\n\n  b'",
    "folded by a backslash": 'current-context: "a\\\n  b"',
    "literal": "current-context: |-\n  a",
    "literal with a line end": "current-context: |  # text\n  a",
    "literal with an indent": "current-context: |2-\n    a",
    "folded": "current-context: >-\n  a\n  b",
    "literal kept": "current-context: |+\n  a\n\n",
    "comment that looks like it": "# current-context: z\ncurrent-context: a # current-context: y",
    "key twice": "current-context: z\nkind: Config\ncurrent-context: a",
}
LISTS = {
    "list at indent 2": CONTEXTS.replace("\n- ", "\n  - ").replace("\n  context", "\n    context"),
    "list at indent 4": CONTEXTS.replace("\n- ", "\n    - ").replace("\n  context", "\n      context"),
    "wide dashes": CONTEXTS.replace("\n- ", "\n-   ").replace("\n  context", "\n    context"),
    "dash on its own line": CONTEXTS.replace("\n- ", "\n-\n  "),
    "dash with a comment": CONTEXTS.replace("\n- ", "\n- # one - or more\n  "),
    "context before name": (
        "contexts:\n- context:\n    cluster: c\n    user: u\n  name: a\n"
        "- context:\n    namespace: old\n    user: u\n  name: b\n- context:\n    user: u\n  name: c\n"
    ),
    "wide indents": (
        "contexts:\n    -   name: a\n        context:\n                cluster: c\n"
        "    -   name: b\n        context:\n         namespace: old\n"
        "    -   context:\n            user: u\n        name: c\n"
    ),
    "explicit keys": (
        "? contexts\n: - ? name\n    : a\n    ? context\n    : cluster: c\n      user: u\n"
        "  - name: b\n    context:\n      ? namespace\n      : old\n  - name: c\n    context: {}\n"
    ),
    "explicit key and list below": "? contexts\n:\n"
    + CONTEXTS.partition("\n")[2].replace("\n", "\n  ").join(["  ", ""]).rstrip(" "),
    "quoted keys": CONTEXTS.replace("contexts:", "'contexts':")
    .replace("name:", '"name":')
    .replace("context:", "'context' :"),
    "values on the next line": (
        "contexts:\n- name:\n    a\n  context:\n    cluster:\n      c\n"
        "- name:\n    b\n  context:\n    namespace:\n      old\n    user:\n     u\n"
        "- name:\n   c\n  context:\n    {}\n"
    ),
    "block scalars": (
        "contexts:\n- name: |-\n    a\n  context:\n    cluster: >-\n      c\n"
        "- context:\n    namespace: |-\n      old\n  name: >-\n    b\n"
        "- name: c\n  context:\n    user: |-\n      u\n"
    ),
    "further keys in the items": (
        "contexts:\n- x-note: one\n  name: a\n  context: {}\n  x-more:\n  - name: z\n"
        "- name: b\n  context:\n    namespace: old\n    x-list: [1, 2]\n- name: c\n  x-flag: true\n"
    ),
    "empty contexts": "contexts:\n- name: a\n  context: {}\n- name: b\n  context:\n- name: c\n",
    "null contexts": (
        "contexts:\n- name: a\n  context: null  # none\n- name: b\n  context: ~\n- context:\n  name: c\n"
    ),
}
CASES: dict[str, Case | str] = {
    **{f"current-context {name}": with_current(text) for name, text in CURRENTS.items()},
    **{name: f"current-context: a\n{text}{REST}" for name, text in LISTS.items()},
    **{
        f"last of the file, {name}": f"{REST}current-context: a\n{text}"
        for name, text in LISTS.items()
        if name in ("list at indent 2", "wide indents", "block scalars", "explicit keys", "empty contexts")
    },
    "contexts twice": f"contexts: [{{name: z}}]\ncurrent-context: a\n{CONTEXTS}{REST}",
}


@table(CASES)
def test_each_operation_alone(ground: Ground, case: Case) -> None:
    ground.check_alone(case)


@table(CASES)
def test_all_operations_together_as_by_kubectl(ground: Ground, case: Case) -> None:
    ground.check_together(case)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("current-context: a  # mine", "current-context: c  # mine"),
        ("current-context: 'a'  # mine", "current-context: 'c'  # mine"),
        ('current-context: "a"', 'current-context: "c"'),
        ('"current-context" : a', '"current-context" : "c"'),
        ("current-context:   # none", "current-context: c   # none"),
        ("current-context: &current a", "current-context: c"),
        ("current-context: !!str a", "current-context: c"),
        ("? current-context\n: a # why", "? current-context\n: c # why"),
    ],
)
def test_quotes_and_comments_stay(ground: Ground, before: str, after: str) -> None:
    ground.lay(with_current(before).encode())
    ground.check(Case(""), switch("c"))
    assert ground.path.read_text() == with_current(after)
