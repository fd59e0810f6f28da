"""Which namespaces an update is about, and what it would change in each."""

import functools
from pathlib import Path
from typing import TYPE_CHECKING

from kubectl_ns_tools.cluster.namespaces import namespace_names
from kubectl_ns_tools.commands.creating import warn_all
from kubectl_ns_tools.commands.templating import Templating
from kubectl_ns_tools.commands.terminal import say
from kubectl_ns_tools.commands.wish import Wish
from kubectl_ns_tools.errors import NotFound, NsToolsError, Refused, probably_meant
from kubectl_ns_tools.output.escape import escape

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.discovery import Discovery
    from kubectl_ns_tools.templates.rendering.request import Preparation
    from kubectl_ns_tools.templates.update.update_batch import Live
    from kubectl_ns_tools.templates.update.update_plan import UpdatePlan


class Planner:
    """Finds the namespaces, and what applying their template to them would change."""

    def __init__(self, templating: Templating, wish: Wish) -> None:
        self._templating = templating
        self._connection = templating.connection
        self._wish = wish
        self._extras = wish.extras(templating.surroundings.at)
        self._prepared: dict[tuple[str, ...], Preparation] = {}

    def plans(self) -> "tuple[list[UpdatePlan], list[NsToolsError]]":
        """The plans, and what keeps other namespaces from having one; of a single one that is raised."""
        from kubectl_ns_tools.cluster.discovery import discover
        from kubectl_ns_tools.templates.update.update_batch import plan_each

        lives, absent = self._namespaces()
        for live in lives:
            self._preparation(live)
        plan = functools.partial(self._plan, discover(self._connection))
        found = plan_each(plan, lives, workers=self._wish.parallel)
        plans = [each for each in found if not isinstance(each, NsToolsError)]
        failures = [
            _about(live, each)
            for live, each in zip(lives, found, strict=True)
            if isinstance(each, NsToolsError)
        ]
        if failures and len(lives) + len(absent) == 1:
            raise next(each for each in found if isinstance(each, NsToolsError))
        return plans + [self._plan_of_new(name) for name in absent], failures

    def _namespaces(self) -> "tuple[list[Live], list[str]]":
        """Those that exist, and the names of those that do not."""
        from kubectl_ns_tools.templates.update.update_batch import live_namespaces, made_from

        if self._wish.all_from is not None:
            return made_from(self._connection, self._wish.all_from), []
        names = [name or self._named_in_file() for name in self._wish.all_names()]
        found = live_namespaces(self._connection, names)
        absent = [name for name, live in zip(names, found, strict=True) if live is None]
        if absent and not self._wish.diff:
            raise self._not_found(absent)
        return [live for live in found if live is not None], absent

    def _not_found(self, names: list[str]) -> NotFound:
        meant = probably_meant(names[0], namespace_names(self._connection))
        hint = "; ".join(filter(None, [meant, "without --update it is created"]))
        return NotFound(f'namespaces "{names[0]}" not found', hint, names[1:])

    def _named_in_file(self) -> str:
        return self._prepare(tuple(self._wish.templates)).request(None).namespace

    def _preparation(self, live: "Live") -> "Preparation":
        """By the templates of the command line, else by those that the namespace was made from."""
        from kubectl_ns_tools.templates.library.texts import SUFFIXES
        from kubectl_ns_tools.templates.update.memory import remembered

        given = tuple(self._wish.templates)
        memory, name = remembered(live), live["metadata"]["name"]
        if given or (self._wish.files and not memory.from_template):
            return self._prepare(given)
        if self._wish.files:
            raise Refused(
                f'namespace "{name}" was made from template {memory.template}, and only files are given',
                f"what the template has would go; with it: -t {memory.template} -f …",
            )
        if not memory.template:
            raise NotFound(f'namespace "{name}" does not say which template it was made from', "name one: -t")
        files = [each for each in memory.template.split("+") if Path(each).suffix in SUFFIXES]
        if files:
            raise NotFound(
                f'namespace "{name}" was made from the file {files[0]}', f"name it: -t ./{files[0]}"
            )
        return self._prepare(tuple(memory.template.split("+")))

    def _prepare(self, templates: tuple[str, ...]) -> "Preparation":
        if templates not in self._prepared:
            wish = self._wish
            self._prepared[templates] = self._templating.prepare(
                templates, wish.files, wish.parameters, asks=False
            )
        return self._prepared[templates]

    def _plan(self, discovery: "Discovery", live: "Live") -> "UpdatePlan":
        from kubectl_ns_tools.templates.update.update_plan import plan_update

        return plan_update(self._connection, live, self._preparation(live), discovery, self._extras)

    def _plan_of_new(self, name: str) -> "UpdatePlan":
        from kubectl_ns_tools.templates.planning.planning import plan_all
        from kubectl_ns_tools.templates.planning.rehearsal import rehearse, unchecked_lines
        from kubectl_ns_tools.templates.update.update_plan import plan_of_new

        preparation = self._prepare(tuple(self._wish.templates))
        request = preparation.request(name)
        planned = plan_all(
            self._connection, preparation, [request], self._extras, check_rights=self._wish.check_rights
        )
        warn_all(planned.warnings)
        for line in unchecked_lines(rehearse(self._connection, planned.plans[0], planned.kinds)):
            say(escape(line))
        return plan_of_new(planned.plans[0], planned.kinds, request)


def _about(live: "Live", error: NsToolsError) -> NsToolsError:
    """The same, with the name of the namespace."""
    name = live["metadata"]["name"]
    if name not in error.message:
        error.message = f"namespace/{name}: {error.message}"
    return error
