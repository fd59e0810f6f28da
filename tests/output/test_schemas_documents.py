"""Every document that a command writes for programs has its published schema; neither changes unnoticed."""

import importlib
import json
import re
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import click
import pytest

from kubectl_ns_tools import findings
from kubectl_ns_tools.commands.groups import LateGroup
from kubectl_ns_tools.deletion.backup.contents import Entry, Index, Skipped, Volume
from kubectl_ns_tools.deletion.inventory import Gap, Reason
from kubectl_ns_tools.deletion.items import Owner
from kubectl_ns_tools.deletion.plan_files import plan_file
from kubectl_ns_tools.deletion.plan_files.saved_plan import Cluster
from kubectl_ns_tools.deletion.restore.plan import Note
from kubectl_ns_tools.deletion.restore.report import Outcome
from kubectl_ns_tools.kubeconfig.isolation.crowd import Outcome as RunOutcome
from kubectl_ns_tools.kubeconfig.isolation.crowd import Task
from kubectl_ns_tools.kubeconfig.linting.findings import Finding
from kubectl_ns_tools.kubeconfig.settings import Origin, effective
from kubectl_ns_tools.kubeconfig.transfer import import_plan
from kubectl_ns_tools.kubeconfig.undo.journal import FileRecord, Record
from kubectl_ns_tools.main import COMMANDS
from kubectl_ns_tools.output import backup as backups
from kubectl_ns_tools.output.doctor import Level, render_checks, warning
from kubectl_ns_tools.output.findings import render_findings
from kubectl_ns_tools.output.imports import import_document
from kubectl_ns_tools.output.namespace_status import status_document
from kubectl_ns_tools.output.namespaces import Listed, render_namespaces
from kubectl_ns_tools.output.restore import backups_document, report_document
from kubectl_ns_tools.output.runs import runs_document
from kubectl_ns_tools.output.settings import render_settings
from kubectl_ns_tools.output.template_findings import render_report
from kubectl_ns_tools.output.templates import render_templates
from kubectl_ns_tools.output.versions import Versions, render_versions
from kubectl_ns_tools.output.writes import render_writes
from kubectl_ns_tools.templates.library.library import TemplateInfo
from kubectl_ns_tools.templates.linting.findings import Finding as TemplateFinding
from kubectl_ns_tools.templates.linting.findings import Report
from kubectl_ns_tools.templates.parameters import checks
from kubectl_ns_tools.templates.parameters.parameters import Parameter
from kubectl_ns_tools.templates.update.drift import Drift
from tests.deletion.builders import NOW, ago, configmap, deployment, event, pod, terminating
from tests.deletion.builders import plan as deletion
from tests.output import test_backup, test_restore
from tests.output.builders import danger, forbidden, report
from tests.output.schemas import (
    CHANGES,
    DIALECT,
    FOLDER,
    STEMS,
    SUFFIX,
    changed,
    places,
    remove,
    schema,
    validator,
)
from tests.output.test_namespace_status import status

PACKAGE = FOLDER.parents[1] / "kubectl_ns_tools"
README = (FOLDER / "README.md").read_text()
GAP = Gap("secrets", Reason.FORBIDDEN, "no")
SHA = "0" * 64
SAID: dict[str, str] = {}  # by Kubernetes, in its own words
WRITE = Record("1-2", NOW.timestamp(), "switch", (FileRecord("/f", "x", None, ()),))


def deletion_plan() -> Any:
    web = deployment("web")
    hazards = report(danger("volumes", "data goes", "pod/a", remedy="save it"), forbidden("usage", "events"))
    found = deletion(web, pod("a").owned_by(web), event("e"), gaps=(GAP,), hazards=hazards)
    entry = plan_file.Entry(found, found.doomed, Cluster("https://c:6443", "s1"))
    options = {
        "only": ["deploy"], "except": ["pod"], "customResourcesFirst": False, "retainVolumes": False,
        "scaleDownFirst": True,
    }  # fmt: skip
    return plan_file.plan_document([entry], made=ago(9), options=options)


def backup_index() -> Any:
    owner = Owner("Deployment", "web", "u", True)
    entry = Entry("objects/secrets/s.yaml", "v1", "Secret", "secrets", "s", "u1", (owner,), True, "", SHA)
    volume = Volume("volumes/pv-1.yaml", "pv-1", "u2", "data", "Delete", SHA)
    digests = (("backup.json", SHA), ("namespace.yaml", SHA))
    return Index(
        (entry,), (volume,), (Skipped("events", "they tell of what has been", 2),), (GAP,), digests
    ).data()


def backup_report() -> Any:
    kept = (backups.Saved("jobs.batch", 2, (("finished", 1),)),)
    full = test_backup.FULL
    return backups.backup_document(
        test_backup.result(counts=kept, skipped=full.skipped, gaps=full.gaps, volumes=full.volumes)
    )


def restore_report() -> Any:
    note = Note("configmap/a", "data.url may still mean blue")
    failed = test_restore.result("a", Outcome.FAILED, "no")
    return report_document(test_restore.report(failed, lost=(note,), notes=(note,), dry_run="server"))


def namespace_status() -> Any:
    stuck = terminating(seconds=120).condition("NamespaceFinalizersRemaining", "… remaining: x.io/f in 1 …")
    held = configmap("a").owned_by(deployment("web")).held_by("x.io/f").deleted()
    return status_document(status(stuck, held, gaps=(GAP,)))


def namespace_list() -> Any:
    keys = {"template": "team", "requester": "anna", "expires": ago(9)}
    annotations = {f"kubectl-ns-tools/{key}": value for key, value in keys.items()}
    quota = {"metadata": {"name": "q"}, "status": {"hard": {"pods": "2"}, "used": {"pods": "1"}}}
    namespace = {
        "apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "blue", "annotations": annotations},
        "spec": {}, "status": {},
    }  # fmt: skip
    listed = Listed(namespace, context="c", quotas=[quota], drift=Drift.OLDER.value)
    found = json.loads(render_namespaces([listed], "json", NOW))
    found["items"][0]["metadata"] = {}  # Kubernetes' own
    return found


def template_list() -> Any:
    asked = checks.Checks("integer", "[0-9]+", ("1", "2"), "1", "2")
    parameter = Parameter("A", "f:1", description="what for", value="1", required=True, checks=asked)
    info = TemplateInfo("a", "folder", "/t/a.yaml", "it is", (parameter,), "/s/a.yaml", "f:1: broken")
    return json.loads(render_templates([info], "json"))


def step(kind: str, action: str) -> Any:
    """A Step, as far as it is shown."""
    entry = SimpleNamespace(kind=kind, name="a", source=SimpleNamespace(name="f.yaml"))
    return SimpleNamespace(entry=entry, target="b", action=action)


def context_runs() -> Any:
    task = Task("a", ["true"], {}, "o", "e")
    outcome = RunOutcome(task, None, "SIGKILL", "timed out", 1.5)
    return runs_document([outcome], {"a": ("out", "err")})


DOCUMENTS = {
    "backup-list": lambda: backups_document([test_restore.GOOD, test_restore.BAD]),
    "context-run-list": context_runs,
    "deletion-plan": deletion_plan,
    "doctor-report": lambda: json.loads(render_checks([warning("cluster", "it is slow", "wait")], "json")),
    "import-result": lambda: import_document([step("context", import_plan.ADDED)]),
    "lint-report": lambda: json.loads(
        render_findings([Finding("expired", "f", 3, "it has expired", "user", "u", fixable=True)], "json")
    ),
    "namespace-backup": test_backup.HEAD.data,
    "namespace-backup-index": backup_index,
    "namespace-backup-report": backup_report,
    "namespace-list": namespace_list,
    "namespace-status": namespace_status,
    "restore-report": restore_report,
    "setting-list": lambda: json.loads(render_settings("/c", effective({"HOME": "/home/anna"}), "json")),
    "template-lint-report": lambda: json.loads(
        render_report(Report([TemplateFinding("no-dns", "f:3", "no way out")], ["kinds: no cluster"]), "json")
    ),
    "template-list": template_list,
    "undo-list": lambda: json.loads(render_writes([WRITE], "json", 0)),
    "versions": lambda: json.loads(render_versions(Versions("1.2.3", "3.11", True, SAID, SAID), "json")),
}  # fmt: skip
# What may be missing from a document, by the last step to it.
OPTIONAL = {
    "deletion-plan": {"state"},
    "namespace-list": {"context", "template", "drift", "owner", "quota", "expires", "spec", "status"},
}


def made(stem: str) -> Any:
    """As a program reads it."""
    return json.loads(json.dumps(DOCUMENTS[stem]()))


@pytest.mark.parametrize("stem", STEMS)
def test_each_schema_is_one_and_says_what_it_is_of(stem: str) -> None:
    found = schema(stem)
    DIALECT.check_schema(found)
    assert found["$schema"] == DIALECT.META_SCHEMA["$id"]
    assert found["$id"] == f"urn:kubectl-ns-tools:{stem}:v1"
    assert found["title"]
    assert "ignore those that you do not know" in found["description"]


@pytest.mark.parametrize("stem", DOCUMENTS)
def test_a_document_with_everything_in_it_is_valid(stem: str) -> None:
    validator(stem).validate(made(stem))


@pytest.mark.parametrize("stem", DOCUMENTS)
def test_any_change_of_a_document_is_noticed(stem: str) -> None:
    document, closed = made(stem), validator(stem)
    unnoticed = [
        (path, change.__name__)
        for path in places(document)
        for change in CHANGES
        if closed.is_valid(changed(document, path, change))
        and not (change is remove and path[-1] in OPTIONAL.get(stem, ()))
    ]
    assert unnoticed == []


@pytest.mark.parametrize("stem", DOCUMENTS)
def test_the_full_documents_have_every_field_of_the_schema(stem: str) -> None:
    """Else a change of a field that they lack would go unnoticed."""
    known = {key for part in parts(schema(stem)) for key in part.get("properties", ())}
    assert known == {step for path in places(made(stem)) for step in path if isinstance(step, str)}


def parts(value: Any) -> Any:
    """Every mapping in a schema."""
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from parts(each)


def test_every_kind_of_document_has_its_schema() -> None:
    """The file is called like the kind; the list of namespaces is Kubernetes' own."""
    text = "".join(path.read_text() for path in PACKAGE.rglob("*.py"))
    kinds = set(re.findall(r'\bdocument\(\s*"(\w+)"', text))
    kinds |= {plan_file.KIND, *re.findall(r'_KIND = "(\w+)", "(\w+)"', text)[0]}
    stems = {re.sub(r"(?<=[a-z])(?=[A-Z])", "-", kind).lower() for kind in kinds}
    assert stems == {*STEMS, "deletion-preview-list"} - {"namespace-list"}


def test_all_are_explained_and_there_is_nothing_else() -> None:
    assert set(re.findall(rf"\]\(([a-z-]+){re.escape(SUFFIX)}\)", README)) == set(STEMS)
    assert {path.name for path in FOLDER.iterdir()} == {f"{stem}{SUFFIX}" for stem in STEMS} | {"README.md"}
    assert set(DOCUMENTS) | {"deletion-preview"} == set(STEMS)


def test_what_documents_have_in_common_is_the_same_in_all() -> None:
    preview = schema("deletion-preview")["$defs"]
    shared = ("owner", "gap", "unchecked", "apiVersion", "kind", "resource", "timestamp")
    for stem in STEMS:
        found = schema(stem).get("$defs", {})
        assert [name for name in shared if found.get(name, preview[name]) != preview[name]] == []
    assert schema("namespace-status")["$defs"]["object"] == preview["object"]


WORDS = {
    ("doctor-report", "level"): [each.value for each in Level],
    ("setting-list", "kind"): [each.value for each in Origin],
    ("restore-report", "outcome"): [each.value for each in Outcome],
    ("lint-report", "severity"): [each.value for each in findings.Severity],
    ("template-lint-report", "severity"): [each.value for each in findings.Severity],
    ("namespace-list", "drift"): [each.value for each in Drift],
    ("template-list", "type"): ["string", "integer", "boolean", "quantity", None],
    ("import-result", "action"): [
        import_plan.ADDED, import_plan.REPLACED, import_plan.UNCHANGED, import_plan.SKIPPED,
    ],
}  # fmt: skip


@pytest.mark.parametrize(("stem", "field"), WORDS, ids=lambda word: word)
def test_the_words_are_those_of_the_program(stem: str, field: str) -> None:
    fields = [part.get("properties", {}).get(field, {}) for part in parts(schema(stem))]
    assert [each["enum"] for each in fields if "enum" in each] == [WORDS[stem, field]]


def test_the_types_are_those_of_parameters() -> None:
    with pytest.raises(ValueError, match="there are") as caught:
        checks.declared_checks({"type": "text"})
    named = str(caught.value).partition("there are ")[2].split(", ")
    assert named == [word for word in WORDS["template-list", "type"] if word]


def test_every_command_that_writes_data_is_named() -> None:
    named = set(re.findall(r"`((?:ctx|ns)-\w+(?: \w+)?)", README))
    assert {path for path, command in all_commands() if "json" in formats(command)} <= named


def all_commands() -> Iterator[tuple[str, click.Command]]:
    """`ns-status`, `ns-template list`."""
    for name, module in COMMANDS.items():
        command = importlib.import_module(module).command
        parts = command.modules if isinstance(command, LateGroup) else {}
        yield name, command
        yield from ((f"{name} {each}", importlib.import_module(path).command) for each, path in parts.items())


def formats(command: click.Command) -> Sequence[str]:
    option = next((each for each in command.params if each.name == "output"), None)
    return option.type.choices if option and isinstance(option.type, click.Choice) else ()
