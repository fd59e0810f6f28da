from typing import Any

import pytest

from tests.templates.builders import PROJECT_REQUEST, Template, datas, expand_all, expanded, problems_of_all


def problems(text: str, namespace: str | None = "blue", *, plain: bool = True, **given: str) -> list[str]:
    return problems_of_all(text, namespace=namespace, plain=plain, **given)


def test_namespace_is_filled_in_for_every_template() -> None:
    assert datas(expanded(Template().configmap("c", data={"n": "${NAMESPACE}"}).text))[0]["data"] == {
        "n": "blue"
    }
    declared = Template().parameter("NAMESPACE", value="other").configmap("c", data={"n": "${NAMESPACE}"})
    assert datas(expanded(declared.text))[0]["data"] == {"n": "blue"}
    assert datas(expanded("{kind: A, name: '${NAMESPACE}'}")) == [{"kind": "A", "name": "blue"}]


def test_the_older_apiversion_of_a_template_counts_and_other_templates_do_not() -> None:
    text = Template().configmap("c").text
    assert len(datas(expanded(text.replace("template.openshift.io/v1", "v1"), plain=False))) == 1
    [other] = datas(expanded("{apiVersion: example.com/v1, kind: Template}", plain=False))
    assert other["kind"] == "Template"


def test_a_project_request_template_of_openshift_works_unchanged() -> None:
    namespace, binding = datas(expanded(PROJECT_REQUEST, PROJECT_ADMIN_USER="anna", PROJECT_DESCRIPTION="d"))
    assert namespace["kind"] == "Namespace"
    assert namespace["metadata"]["name"] == "blue"
    assert namespace["metadata"]["annotations"]["openshift.io/description"] == "d"
    assert namespace["metadata"]["annotations"]["openshift.io/display-name"] == ""
    assert "status" not in namespace
    assert binding["metadata"]["namespace"] == "blue"
    assert binding["subjects"][0]["name"] == "anna"


def test_the_name_of_a_project_cannot_be_given_besides() -> None:
    assert problems(PROJECT_REQUEST, PROJECT_NAME="x") == [
        "parameter PROJECT_NAME cannot be given: it is filled in"
    ]


def test_labels_of_the_template_are_set_on_every_object_and_win() -> None:
    template = (
        Template(labels={"team-${P}": "${P}", "a": "template"})
        .parameter("P", value="p")
        .configmap("c", metadata={"labels": {"a": "own", "b": "own"}})
        .configmap("d")
    )
    first, second = datas(expanded(template.text))
    assert first["metadata"]["labels"] == {"a": "template", "b": "own", "team-p": "p"}
    assert second["metadata"]["labels"] == {"a": "template", "team-p": "p"}


def test_the_message_is_filled_in() -> None:
    assert expanded(Template(message="see ${NAMESPACE}").text).messages == ["see blue"]
    assert expanded(Template().text).messages == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (Template(message="${X}").text, "there is no parameter X; $${X} stands for the text itself"),
        (Template(labels={"a": "${X}"}).text, "there is no parameter X; $${X} stands for the text itself"),
        (Template().parameter("SIZE").configmap("${SIZES}").text,
         "there is no parameter SIZES; $${SIZES} stands for the text itself (did you mean SIZE?)"),
        (Template().configmap("${NAMESPACES}").text,
         "there is no parameter NAMESPACES; $${NAMESPACES} stands for the text itself"
         " (did you mean NAMESPACE?)"),
    ],
)  # fmt: skip
def test_an_unknown_name_is_refused(text: str, problem: str) -> None:
    [line] = problems(text)
    assert line.partition(": ")[2] == problem


def test_an_unknown_name_is_placed_where_it_stands() -> None:
    text = """\
        apiVersion: v1
        kind: Template
        objects:
        - apiVersion: v1
          kind: ConfigMap
          metadata:
            name: c
          data:
            a: fine
            b: ${X}
            ${Y}: z
    """
    assert [line.partition(";")[0] for line in problems(text)] == [
        "f.yaml:10: there is no parameter X",
        "f.yaml:11: there is no parameter Y",
    ]


def test_all_kinds_of_problems_come_together() -> None:
    text = Template().parameter("A", required=True).parameter("B-").configmap("${C}").text
    assert len(problems(text, D="1")) == 4


def test_a_plain_file_is_a_template_whose_names_are_its_parameters() -> None:
    text = "{kind: A, a: '${X}', b: '${{Y}}', c: '$${Z}'}"
    assert datas(expanded(text, X="x", Y="3")) == [{"kind": "A", "a": "x", "b": 3, "c": "${Z}"}]
    assert problems(text, X="x") == [
        "f.yaml:1: parameter Y has no value: -p Y=…; $${Y} stands for the text itself"
    ]
    assert problems(text, X="x", Y="3", Q="1") == ["unknown parameter Q"]


def test_a_file_that_is_no_template_keeps_its_dollars_but_a_template_in_it_is_expanded() -> None:
    text = f"{{kind: A, script: 'echo ${{HOME}}'}}\n---\n{Template().configmap('${NAMESPACE}').text}"
    first, second = datas(expanded(text, plain=False))
    assert first["script"] == "echo ${HOME}"
    assert second["metadata"]["name"] == "blue"
    assert problems("{kind: A, script: '${HOME}'}", plain=False, HOME="x") == ["unknown parameter HOME"]


def test_the_templates_of_a_run_share_what_is_given() -> None:
    one = Template().parameter("P", value="1").configmap("${P}-${NAMESPACE}").text
    two = Template().parameter("P").parameter("Q").configmap("${P}${Q}").text
    assert [manifest.name for manifest in expand_all(one, two, Q="q").objects] == ["1-blue", "1q"]
    assert [manifest.name for manifest in expand_all(one, two, P="2", Q="q").objects] == ["2-blue", "2q"]


def test_a_template_sees_its_own_parameters_only_and_a_plain_text_all() -> None:
    one = Template().parameter("P", value="1").configmap("a").text
    two = Template().configmap("${P}").text
    assert problems_of_all(one, two) == [
        "2.yaml:13: there is no parameter P; $${P} stands for the text itself"
    ]
    assert datas(expand_all(one, "{kind: A, name: '${P}'}"))[1]["name"] == "1"


def test_without_a_name_the_namespace_has_no_value() -> None:
    [line] = problems(Template().configmap("${NAMESPACE}").text, None)
    assert line.endswith("NAMESPACE has no value: the namespace is not named yet: kubectl ns-create NAME")


def test_lists_in_a_template_are_opened_and_templates_in_a_list_too() -> None:
    inner = {"apiVersion": "v1", "kind": "List", "items": [{"kind": "A", "n": "${NAMESPACE}"}]}
    assert datas(expanded(Template().object(inner).text)) == [{"kind": "A", "n": "blue"}]
    text = f"kind: List\nitems:\n- {Template().configmap('c').text}\n"
    assert datas(expanded(text, plain=False))[0]["kind"] == "ConfigMap"


@pytest.mark.parametrize(
    ("objects", "message"),
    [("{a: b}", "f.yaml:3: objects must be a list"), ("[7]", "f.yaml:3: not an object: ")],
)
def test_objects_must_be_objects(objects: str, message: str) -> None:
    [line] = problems(f"apiVersion: v1\nkind: Template\nobjects: {objects}\n")
    assert line.startswith(message)


def binding(*names: str, kind: str = "RoleBinding") -> dict[str, Any]:
    subjects = [{"kind": "User", "name": name} for name in names]
    header = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": kind, "metadata": {"name": "b"}}
    return {**header, "subjects": subjects}


@pytest.mark.parametrize(
    ("given", "names"),
    [({"A": "a", "B": "b"}, ["a", "b"]), ({"A": "a"}, ["a"]), ({"B": "b"}, ["b"])],
)
def test_a_subject_that_is_left_empty_is_left_out(given: dict[str, str], names: list[str]) -> None:
    template = Template().parameter("A").parameter("B").object(binding("${A}", "${B}"))
    found = expanded(template.text, **given)
    assert [subject["name"] for subject in datas(found)[0]["subjects"]] == names
    assert found.left_out == []


@pytest.mark.parametrize("kind", ["RoleBinding", "ClusterRoleBinding"])
def test_a_binding_of_nobody_is_left_out_and_told(kind: str) -> None:
    template = Template().parameter("A").parameter("B").object(binding("${A}", "${B}", kind=kind))
    found = expanded(template.text)
    assert found.objects == []
    [told] = found.left_out
    assert told.reference == f"{kind.lower()}.rbac.authorization.k8s.io/b"
    assert told.names == ("${A}", "${B}")


def test_only_what_a_parameter_emptied_is_left_out() -> None:
    written = binding("", "anna")
    whole = {**binding(), "subjects": "${{S}}"}
    without = {key: value for key, value in binding().items() if key != "subjects"}
    template = Template().parameter("S", value='[{"name": ""}]').object(written).object(whole).object(without)
    first, second, third = datas(expanded(template.text))
    assert first == written
    assert second["subjects"] == [{"name": ""}]
    assert third == without
