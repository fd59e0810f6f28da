"""Which parameter takes what: by the parameter's name, and where a command means something else by it.

tests/commands/completion/test_table.py holds it to all the parameters that there are.
"""

from collections.abc import Callable, Iterable, Sequence

import click
from click.shell_completion import CompletionItem

from kubectl_ns_tools.commands.completion import local_names
from kubectl_ns_tools.commands.completion.protocol import likely
from kubectl_ns_tools.commands.completion.typed import Typed

OPEN = "open"  # the type of an item that goes on: no space comes after it

Source = Callable[[Typed], Sequence[CompletionItem]]
Names = Callable[[Typed], Iterable[str]]


def source_of(path: str, parameter: click.Parameter) -> Source | None:
    """What completes the parameter of a command, such as `ns-template show`; None for click's own way, by the
    parameter's type, and for free text."""
    name = parameter.name or ""
    return OF_COMMANDS.get((path, name)) or EVERYWHERE.get(name)


def is_free_text(path: str, parameter: click.Parameter) -> bool:
    """Whether nobody but the user can know what comes here."""
    name = parameter.name or ""
    return name in FREE_TEXT or (path, name) in FREE_TEXT_OF_COMMANDS


def _one_of(names: Names, *, files: bool = False) -> Source:
    """Names, each of which is given once. files: it may be a file instead."""

    def source(typed: Typed) -> list[CompletionItem]:
        found = [
            CompletionItem(name)
            for name in typed.unused(likely(names(typed), typed.incomplete))
            if not name.startswith("-")
        ]
        return [*found, CompletionItem("", type="file")] if files else found

    return source


def _files(_: Typed) -> list[CompletionItem]:
    return [CompletionItem("", type="file")]


def _folders(_: Typed) -> list[CompletionItem]:
    return [CompletionItem("", type="dir")]


def _namespaces(typed: Typed) -> Iterable[str]:
    """Of the context that the command is about: the one that it names, or the one in use."""
    from kubectl_ns_tools.commands.completion.cluster_names import namespaces

    return namespaces(typed.session)


def _namespaces_there(parameter: str) -> Names:
    """Of the context that this parameter names."""

    def names(typed: Typed) -> Iterable[str]:
        from kubectl_ns_tools.commands.completion.cluster_names import namespaces

        return namespaces(typed.in_context([typed.text(parameter), *typed.texts(parameter)]))

    return names


def _existing_namespaces(typed: Typed) -> Iterable[str]:
    """Those of ns-create exist only with these flags."""
    return _namespaces(typed) if typed.flag("update", "diff") else ()


def _kinds(typed: Typed) -> Iterable[str]:
    from kubectl_ns_tools.commands.completion.cluster_names import kinds

    return kinds(typed.session)


def _groups(typed: Typed) -> Iterable[str]:
    from kubectl_ns_tools.commands.completion.cluster_names import groups

    return groups(typed.session)


def _templates(typed: Typed) -> Iterable[str]:
    from kubectl_ns_tools.commands.completion.template_names import templates

    return templates(typed.session)


def _parameters(typed: Typed) -> list[CompletionItem]:
    """`KEY=`, and behind it the values that may be."""
    from kubectl_ns_tools.commands.completion.template_names import parameters

    asked = parameters(typed.session, typed.texts("templates", "names"), typed.texts("files"))
    key, equals, _ = typed.incomplete.partition("=")
    if equals:
        values = [f"{key}={choice}" for each in asked if each.name == key for choice in each.choices]
        return [CompletionItem(value) for value in likely(values, typed.incomplete)]
    given = {assignment.partition("=")[0] for assignment in typed.texts("assignments")}
    about = {f"{each.name}=": each.about for each in asked if each.name not in given}
    return [CompletionItem(name, type=OPEN, help=about[name]) for name in likely(about, typed.incomplete)]


def _renames(typed: Typed) -> list[CompletionItem]:
    """`OLD=`; the rest is free."""
    names = likely((f"{name}=" for name in local_names.contexts_of_files(typed)), typed.incomplete)
    return [CompletionItem(name, type=OPEN) for name in names]


_A_CONTEXT = _one_of(local_names.contexts)
_A_NAMESPACE = _one_of(_namespaces)
_A_TEMPLATE = _one_of(_templates, files=True)
_A_KIND = _one_of(_kinds)

EVERYWHERE: dict[str, Source] = {
    "all_from": _one_of(_templates),
    "apply": _files,
    "assignments": _parameters,
    "backup": _folders,
    "cluster": _one_of(local_names.clusters),
    "confirmed": _A_CONTEXT,
    "context": _A_CONTEXT,
    "contexts": _A_CONTEXT,
    "excepted": _A_KIND,
    "files": _files,
    "folder": _folders,
    "groups": _one_of(_groups),
    "into": _files,
    "kubeconfig": _files,
    "names_from": _files,
    "namespace": _A_NAMESPACE,
    "old": _A_CONTEXT,
    "only": _A_KIND,
    "order": _one_of(local_names.orders),
    "param_files": _files,
    "patterns": _A_CONTEXT,
    "plan": _files,
    "templates": _A_TEMPLATE,
    "unset": _one_of(local_names.fields),
    "user": _one_of(local_names.users),
    "words": _A_NAMESPACE,
}
OF_COMMANDS: dict[tuple[str, str], Source] = {
    ("ctx-exec", "namespace"): _one_of(_namespaces_there("patterns")),
    ("ctx-import", "only"): _one_of(local_names.contexts_of_files),
    ("ctx-import", "renames"): _renames,
    ("ctx-set", "name"): _A_CONTEXT,
    ("ctx-set", "namespace"): _one_of(_namespaces_there("name")),
    ("ctx-shell", "name"): _A_CONTEXT,
    ("ctx-shell", "namespace"): _one_of(_namespaces_there("name")),
    ("ctx-switch", "name"): _A_CONTEXT,
    ("ctx-switch", "namespace"): _one_of(_namespaces_there("name")),
    ("ns-backup", "name"): _A_NAMESPACE,
    ("ns-create", "names"): _one_of(_existing_namespaces),
    ("ns-restore", "source"): _one_of(local_names.backed_up, files=True),
    ("ns-status", "name"): _A_NAMESPACE,
    ("ns-switch", "name"): _A_NAMESPACE,
    ("ns-template lint", "names"): _A_TEMPLATE,
    ("ns-template publish", "template"): _A_TEMPLATE,
    ("ns-template render", "names"): _A_TEMPLATE,
    ("ns-template show", "name"): _A_TEMPLATE,
}
FREE_TEXT = frozenset(
    "add_context annotations env_prefix expect jobs labels new parallel prefix request_timeout selector"
    " timeout ttl".split()
)
FREE_TEXT_OF_COMMANDS = frozenset(
    {
        ("ctx-current", "template"),
        ("ns-restore", "name"),
        ("ns-template capture", "name"),
        ("ns-template new", "name"),
        ("ns-template publish", "name"),
    }
)
