"""Family 13: several documents, of which kubectl reads the first, and directives."""

import pytest

from kubectl_ns_tools.kubeconfig.reading.document import read_file
from tests.kubeconfig.families.ground import Case, Ground, table

FIRST = """\
apiVersion: v1
kind: Config
current-context: a
contexts:
- name: a
- name: b
  context:
    namespace: old
- context: {user: u}
  name: c
"""
SECOND = "current-context: fake\ncontexts:\n- name: a\n- name: z\n"
CASES: dict[str, Case | str] = {
    "a leading mark": f"---\n{FIRST}",
    "a leading mark with a comment": f"--- # ours\n{FIRST}",
    "comments before the mark": f"# one\n\n---\n{FIRST}",
    "a mark and crlf": f"---\n{FIRST}".replace("\n", "\r\n"),
    "a mark and braces": "--- {current-context: a, contexts: [{name: a}, {name: b}, {name: c}]}\n",
    "YAML 1.1": f"%YAML 1.1\n---\n{FIRST}",
    "YAML 1.1 with a comment": f"# one\n%YAML 1.1 # two\n--- # three\n{FIRST}",
    "a tag directive": f"%TAG ! tag:example.com,2000:\n---\n{FIRST}",
    "an end": f"{FIRST}...\n",
    "an end without line end": f"---\n{FIRST}...",
    "an end and comments": f"{FIRST}... # over\n# really\n",
    "a second document": f"{FIRST}---\n{SECOND}",
    "a second document after an end": f"{FIRST}...\n---\n{SECOND}...\n",
    "a second document with directives": f"{FIRST}...\n%YAML 1.1\n---\n{SECOND}",
    "a second document that is empty": f"{FIRST}---\n",
    "a second document in JSON": f"{FIRST}--- {{}}\n",
    "a second document that is broken": f"{FIRST}---\n\tno: YAML\n",
    "JSON twice": '{"contexts": [{"name": "a"}, {"name": "b"}, {"name": "c"}]}\n{"contexts": []}\n',
    "comments between": f"{FIRST}# foot\n---\n# head\n{SECOND}",
    "three documents": f"---\n{FIRST}---\n---\n{SECOND}",
    "the first is empty": Case(f"---\n---\n{SECOND}", ()),
    "the first is a comment": Case(f"# none\n---\n# none\n---\n{SECOND}", ()),
    "the first is null": Case(f"null\n---\n{SECOND}", ()),
    "the first is null on the mark": Case(f"--- ~ # none\n---\n{SECOND}", ()),
    "the first is {}": Case(f"{{}}\n---\n{SECOND}", ()),
    "the first has no contexts": Case(f"kind: Config\n---\n{SECOND}", ()),
    "the first has an empty list": Case(f"contexts:\n---\n{SECOND}", ()),
}


@table(CASES)
def test_each_operation_alone(ground: Ground, case: Case) -> None:
    ground.check_alone(case)


@table(CASES)
def test_all_operations_together_as_by_kubectl(ground: Ground, case: Case) -> None:
    ground.check_together(case)


@pytest.mark.parametrize("name", [name for name in CASES if "second" in name])
def test_the_second_document_stays_byte_for_byte(ground: Ground, name: str) -> None:
    case = CASES[name]
    assert isinstance(case, str)
    ground.check_together(Case(case))
    assert ground.path.read_text().endswith(case.removeprefix(FIRST))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"%YAML 1.2\n---\n{FIRST}", 1),
        (f"%YAML 1.1\n{FIRST}", 2),
        (f"%YAML 1.1\n%YAML 1.1\n---\n{FIRST}", 2),
        (f"%TAG ! x\n%TAG ! y\n---\n{FIRST}", 2),
        (f"{FIRST}\n!foo!bar x: y\n", 12),
    ],
    ids=["YAML 1.2", "no mark", "twice", "tag twice", "unknown handle"],
)
def test_what_kubectl_refuses_is_named_with_its_line(ground: Ground, text: str, line: int) -> None:
    ground.lay(text.encode())
    problem = read_file(str(ground.path)).problems[0]
    assert problem.line == line
    said = ground.run("view", path=ground.path, check=False)
    assert said.returncode
    assert problem.text.removeprefix("yaml: ") in said.stderr
