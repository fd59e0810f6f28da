"""docs/templates.md: its example is a template, and what it says of the fields is complete."""

import re
from pathlib import Path

from kubectl_ns_tools.templates.library.library import FOLDERS_VARIABLE
from kubectl_ns_tools.templates.library.published import KEY, LABEL, NAMESPACES_VARIABLE
from kubectl_ns_tools.templates.library.shelves import BuiltinShelf
from kubectl_ns_tools.templates.parameters import checks
from tests.templates.builders import datas, expand_all

TEXT = (Path(__file__).parents[2] / "docs" / "templates.md").read_text()
README = (Path(__file__).parents[2] / "README.md").read_text()


def test_the_example_works() -> None:
    [example] = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    found = expand_all(example, OWNER="bob")
    namespace, quota, secret, settings = datas(found)
    assert found.messages == ["blue is there; ask bob for access."]
    assert namespace["metadata"]["annotations"] == {
        "example.com/owner": "bob",
        "example.com/made": "by anna on 2026-03-01",
    }
    assert {each["metadata"]["labels"]["cost-center"] for each in datas(found)} == {"4711"}
    assert quota["spec"]["hard"] == {"limits.memory": "8Gi"}
    assert re.fullmatch("[a-zA-Z0-9]{20}", secret["stringData"]["password"])
    assert settings["data"]["start.sh"] == "exec web --replicas 2 --user ${USER}"


def test_every_field_variable_and_builtin_is_named() -> None:
    named = [*checks.FIELDS, FOLDERS_VARIABLE, NAMESPACES_VARIABLE, KEY, f"{LABEL}=true"]
    assert [word for word in (*named, *BuiltinShelf().names()) if f"`{word}`" not in TEXT] == []
    assert [word for word in BuiltinShelf().names() if f"`{word}`" not in README] == []
