"""Family 12: JSON, which stays JSON."""

import json
from typing import Any

import pytest

from kubectl_ns_tools.kubeconfig.reading.document import read_file
from tests.kubeconfig.families.ground import Case, Ground, table

VALUE: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Config",
    "current-context": "a",
    "clusters": [
        {"name": "c", "cluster": {"server": "https://127.0.0.1:1", "insecure-skip-tls-verify": True}}
    ],
    "contexts": [
        {"name": "a", "context": {"cluster": "c", "user": "u"}},
        {"name": "b", "context": {"cluster": "c", "namespace": "old", "user": "u"}},
        {"context": {"user": "u"}, "name": "c"},
    ],
    "users": [{"name": "u", "user": {"token": "t"}}],
    "preferences": {},
}
MINIFIED = json.dumps(VALUE, separators=(",", ":"))
CONTEXTS_LAST = {
    **{key: value for key, value in VALUE.items() if key != "contexts"},
    "contexts": VALUE["contexts"],
}


def as_json(text: str, *names: str) -> Case:
    return Case(text, names or ("a", "b", "c"), json=True)


def with_contexts(contexts: Any, **others: Any) -> str:
    return json.dumps({**VALUE, "contexts": contexts, **others}, separators=(",", ":"))


CASES: dict[str, Case | str] = {
    "minified": as_json(MINIFIED),
    "minified with a line end": as_json(MINIFIED + "\n"),
    "on one line with spaces": as_json(json.dumps(VALUE)),
    "pretty": as_json(json.dumps(VALUE, indent=2) + "\n"),
    "pretty, deep": as_json(json.dumps(VALUE, indent=8)),
    "pretty with crlf": as_json(json.dumps(VALUE, indent=2).replace("\n", "\r\n")),
    "indented with tabs": as_json(json.dumps(VALUE, indent="\t") + "\n"),
    "spaces everywhere": as_json(json.dumps(VALUE, indent=1, separators=(" , ", " : "))),
    "minified, contexts last": as_json(json.dumps(CONTEXTS_LAST, separators=(",", ":"))),
    "pretty, contexts last": as_json(json.dumps(CONTEXTS_LAST, indent=4)),
    "an item a line": as_json(MINIFIED.replace('{"name"', '\n{"name"').replace("]", "\n]")),
    "blanks around": as_json(f"\n  {MINIFIED}\n\n"),
    "only one": as_json(with_contexts(VALUE["contexts"][:1]), "a"),
    "only one, pretty": as_json(json.dumps({**VALUE, "contexts": VALUE["contexts"][1:2]}, indent=2), "b"),
    "no contexts": Case(with_contexts([]), (), json=True),
    "contexts null": Case(with_contexts(None), (), json=True),
    "no current-context": as_json(with_contexts(VALUE["contexts"], **{"current-context": None})),
    "empty": Case("{}", (), json=True),
    "empty over two lines": Case("{\n}\n", (), json=True),
    "only contexts": Case('{"contexts":[]}', (), json=True),
    "names with escapes": as_json(
        '{"contexts":[{"name":"a\\"\\\\b"},{"name":"\\u00e9","context":{"namespace":"\\n"}},{"name":"\\t"}]}',
        'a"\\b',
        "é",
        "\t",
    ),
    "keys twice": as_json(
        '{"current-context":"c","contexts":[],"contexts":[{"name":"a"}],"current-context":"a"}', "a"
    ),
    "YAML that begins with a brace": "{contexts: [{name: a}, {name: b}, {name: c}]}",
    "YAML that begins as JSON": '{"contexts": [{name: a}, {"name": b}, {"name": "c"}]} # YAML\n',
}


@table(CASES)
def test_each_operation_alone(ground: Ground, case: Case) -> None:
    ground.check_alone(case)


@table(CASES)
def test_all_operations_together_as_by_kubectl(ground: Ground, case: Case) -> None:
    ground.check_together(case)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{"users":[],\n"current-context":"a\\/b"}', 2),  # JSON, but not YAML 1.1
        ('{"users": [{"name": "u", "user": {\n"client-key-data": "%"}}]}', 2),
        ('{"kind":"Config"\n', 2),
    ],
    ids=["escaped slash", "no base64", "half of it"],
)
def test_what_kubectl_refuses_is_named_with_its_line(ground: Ground, text: str, line: int) -> None:
    ground.lay(text.encode())
    problem = read_file(str(ground.path)).problems[0]
    assert problem.line == line
    said = ground.run("view", path=ground.path, check=False)
    assert said.returncode
    assert problem.text.removeprefix("yaml: ").partition(" in ")[0] in said.stderr
