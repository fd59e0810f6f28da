"""Family 9: texts over several lines, and in them what looks like the rest of a kubeconfig."""

from tests.kubeconfig.families.ground import Case, Ground, table

CONTEXTS = """\
contexts:
- name: a
  context: {cluster: c, user: u}
- name: b
  context:
    cluster: c
    namespace: old
- name: c
  context:
    user: u
"""
DECOY = "current-context: fake\ncontexts:\n- name: prod\n  context: {namespace: x}\n# no comment\n---\n...\n"


def exec_user(indicator: str, body: str, indent: int = 10) -> str:
    lines = "".join(" " * indent + line if line.strip() else line for line in body.splitlines(keepends=True))
    return (
        "users:\n- name: u\n  user:\n    exec:\n      apiVersion: client.authentication.k8s.io/v1\n"
        f"      command: sh\n      interactiveMode: Never\n      args:\n        - -c\n"
        f"        - {indicator}\n{lines}"
    )


USERS = {
    "literal": exec_user("|", DECOY),
    "literal, stripped": exec_user("|-", DECOY),
    "literal, kept": exec_user("|+", DECOY + "\n\n"),
    "literal with an indent": exec_user("|2", "  " + DECOY, 10),
    "literal with a comment": exec_user("|  # a script", DECOY),
    "folded": exec_user(">-", DECOY),
    "folded, kept": exec_user(">+", DECOY + "\n"),
    "empty lines inside": exec_user("|", DECOY.replace("\n", "\n\n")),
    "plain over several lines": exec_user("one", "current-context\nname b\n"),
    "single quotes over several lines": exec_user("'one", DECOY.replace("- ", "") + "'\n"),
    "double quotes over several lines": exec_user('"one', DECOY + '\\\n current-context: fake\\n\\\n"\n'),
    "double quotes with line folds": exec_user(
        '"one\\', '  current-context: fake\\\n  \\x41\\\n\\ name: b"\n'
    ),
    "quotes whose lines begin at the margin": exec_user('"one', DECOY.partition("---")[0] + '"\n', 1),
    "certificate as lines": (
        "clusters:\n- name: c\n  cluster:\n    certificate-authority-data: |\n      YWJj\n      ZGVm\n"
        "    server: https://127.0.0.1:1\n"
    ),
    "certificate folded": (
        "clusters:\n- name: c\n  cluster:\n    certificate-authority-data: >-\n      YWJjZGVm\n"
    ),
    "extension with a kubeconfig in it": (
        "extensions:\n- name: mine\n  extension:\n    current-context: fake\n    contexts:\n"
        "    - name: prod\n      context: {namespace: x}\n"
    ),
    "unknown keys with a kubeconfig in them": (
        "x-other:\n  current-context: fake\n  contexts:\n  - name: prod\n  users: []\n"
        "x-list:\n- contexts:\n  - name: b\n- current-context: b\n"
    ),
}
CASES: dict[str, Case | str] = {
    **{f"{name}, before": f"{text}current-context: a\n{CONTEXTS}" for name, text in USERS.items()},
    **{f"{name}, after": f"current-context: a\n{CONTEXTS}{text}" for name, text in USERS.items()},
    "in the contexts": """\
current-context: a
contexts:
- name: a
  extra: |
    - name: b
      context:
        namespace: fake
  context:
    cluster: c
    extensions:
    - name: contexts
      extension:
        name: b
        namespace: fake
    namespace: >-
      old
    x: |+
      namespace: fake

- name: b
  context:
    namespace: |-
      old
    extensions:
    - extension: "- name: c\\n
        namespace: fake"
      name: mine
- context:
    user: >
      u
      u
  name: c
""",
    "current-context is in a block": f"current-context: >-\n\n  a\n\n\n{CONTEXTS}",
}


@table(CASES)
def test_each_operation_alone(ground: Ground, case: Case) -> None:
    ground.check_alone(case)


@table({name: case for name, case in CASES.items() if not name.endswith("after")})
def test_all_operations_together_as_by_kubectl(ground: Ground, case: Case) -> None:
    ground.check_together(case)
