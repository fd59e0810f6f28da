"""Family 1: braces and brackets, whose commas an edit must manage."""

from tests.kubeconfig.families.ground import Case, Ground, table

HEAD = "apiVersion: v1\nkind: Config\ncurrent-context: a\n"
REST = (
    "clusters: [{name: c, cluster: {server: 'https://127.0.0.1:1'}}]\nusers: [{name: u, user: {token: t}}]\n"
)
A, B, C = (f"{{name: {name}, context: {{cluster: c, user: u}}}}" for name in "abc")
B_NS = "{name: b, context: {cluster: c, namespace: old, user: u}}"

CASES: dict[str, Case | str] = {
    "list on one line": f"{HEAD}contexts: [{A}, {B_NS}, {C}]\n{REST}",
    "without spaces": f"{HEAD}contexts: [{A},{B_NS},{C}]\n{REST}".replace(", ", ","),
    "trailing comma": f"{HEAD}contexts: [{A}, {B_NS}, {C}, ]\n{REST}",
    "trailing comma without space": f"{HEAD}contexts: [{A}, {B_NS}, {C},]\n{REST}",
    "trailing commas inside": f"{HEAD}contexts: [{A}, {B_NS}, {C}]\n{REST}".replace("}}", ", }, }"),
    "one line a mapping": (
        "{apiVersion: v1, kind: Config, current-context: a, "
        f"contexts: [{A}, {B_NS}, {C}], {REST.strip().replace(chr(10), ', ')}}}"
    ),
    "block list of flow items": f"{HEAD}contexts:\n- {A}\n- {B_NS}  # why\n- {C}\n{REST}",
    "indented block list of flow items": f"{HEAD}contexts:\n  - {A}\n  - {B_NS}\n  - {C}  # tail\n{REST}",
    "flow contexts in block items": (
        f"{HEAD}contexts:\n- name: a\n  context: {{cluster: c, user: u}}  # one\n"
        "- context: {cluster: c, namespace: old, user: u}\n  name: b\n"
        f"- name: c\n  context: {{ user: u }}\n{REST}"
    ),
    "over several lines with comments": (
        f"{HEAD}contexts: [  # the list\n  # first\n  {A},  # tail of a\n  {B_NS},\n  # before c\n"
        f"  {C}  # tail of c\n  # foot\n]\n{REST}"
    ),
    "comma at the line's beginning": f"{HEAD}contexts: [\n    {A}\n  , {B_NS}\n  , {C}\n  ]\n{REST}",
    "mappings over several lines": (
        f"{HEAD}contexts:\n- {{\n    name: a,  # name\n    context: {{\n"
        "      cluster: c,\n      user: u  # user\n    }\n  }\n"
        "- {name: b,\n   context: {cluster: c, namespace: old, # why\n     user: u}}\n"
        f"- {C}\n{REST}"
    ),
    "only one": Case(f"{HEAD}contexts: [{A}]\n{REST}", names=("a",)),
    "only one with a trailing comma": Case(f"{HEAD}contexts: [ {A}, ]\n{REST}", names=("a",)),
    "only one with a namespace": Case(
        f"{HEAD}contexts: [{{name: b, context: {{namespace: old}}}}]\n{REST}", names=("b",)
    ),
    "adjacent values": f'{HEAD}contexts: [{A}, {{"name":b,"context":{{"cluster":c,"user":u}}}}, {C}]\n{REST}',
}


@table(CASES)
def test_each_operation_alone(ground: Ground, case: Case) -> None:
    ground.check_alone(case)


@table(CASES)
def test_all_operations_together_as_by_kubectl(ground: Ground, case: Case) -> None:
    ground.check_together(case)
