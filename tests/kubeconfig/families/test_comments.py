"""Family 8: comments. All of them stay, but for those inside of what is deleted."""

import re

import pytest

from tests.kubeconfig.families.ground import Case, Ground, table
from tests.kubeconfig.families.operations import delete, rename

BLOCK = """\
# Licence: ours

apiVersion: v1 # the only one
# before the key
current-context: a   # prod!
contexts:  # all of them
# head of a
- name: a  # prod!
  # inside a
  context:  # of a
    cluster: c
    # last of a
# at column 0, between a and b
# - name: commented-out
#   context: {cluster: c}

  # head of b, indented
- name: b
  context:
    cluster: c  # tail
    namespace: old  # why
    user: u

# head of c
- context:
    user: u
  name: c # tail of c
  # under c, indented
# after the last item
users:
- name: u
  user: {token: t}  # secret
clusters: # none
# footer
"""
INDENTED = re.sub(r"^(?=[- ])", "  ", BLOCK, flags=re.MULTILINE)
FLOW = """\
{ # open
  # head
  current-context: a, # now
  contexts: [ # list
    {name: a}, # tail of a
    # head of b
    {name: b, context: {user: u, # u
      namespace: old # old
    }}, # tail of b
    # head of c
    {name: c} # tail of c
    # foot
  ], # end
  users: []
} # closed
# footer
"""
CASES: dict[str, Case | str] = {
    "everywhere": BLOCK,
    "everywhere, list indented": INDENTED,
    "everywhere, crlf": BLOCK.replace("\n", "\r\n"),
    "in flow style": FLOW,
    "contexts are the last": BLOCK.partition("users:\n")[0],
    "contexts are the last, without a line end": BLOCK.partition("\nusers:\n")[0],
    "no space before the next key": BLOCK.replace("# after the last item\n", ""),
    "only one": Case("contexts:\n# head\n- name: a # tail\n# foot\nkind: Config\n", ("a",)),
    "only one, commented key": Case("contexts: # list\n  # head\n  - name: a\n  # foot\n", ("a",)),
    "commented-out copies around": Case(
        "# contexts:\n# - name: z\ncontexts:\n#- name: y\n- name: a\n#- name: b\n#  context: {}\n- name: b\n"
        "  context:\n#    namespace: commented\n    namespace: old\n#    user: x\n- name: c\n#- name: c\n"
        "#current-context: y\ncurrent-context: a\n#current-context: z\n"
    ),
    "hashes that begin no comment": Case(
        "current-context: a#b\ncontexts:\n- name: a#b\n- name: 'b # c'\n  context: {namespace: x#y}\n"
        '- name: "c # d" # e\n',
        ("a#b", "b # c", "c # d"),
    ),
}


@table(CASES)
def test_each_operation_alone(ground: Ground, case: Case) -> None:
    ground.check_alone(case)


@table(CASES)
def test_all_operations_together_as_by_kubectl(ground: Ground, case: Case) -> None:
    ground.check_together(case)


def test_deleting_takes_the_entrys_own_comments_and_no_others(ground: Ground) -> None:
    ground.lay(BLOCK.encode())
    ground.check(Case(""), delete("b", "middle"))
    gone = "- name: b\n  context:\n    cluster: c  # tail\n    namespace: old  # why\n    user: u\n"
    assert ground.path.read_text() == BLOCK.replace(gone, "")


@pytest.mark.parametrize(("name", "tail"), [("a", "  # prod!"), ("c", " # tail of c")])
def test_renaming_keeps_the_comment_beside_the_name(ground: Ground, name: str, tail: str) -> None:
    ground.lay(BLOCK.encode())
    ground.check(Case(""), rename(name, "renamed"))
    assert ground.path.read_text() == BLOCK.replace(f"name: {name}{tail}", f"name: renamed{tail}")
