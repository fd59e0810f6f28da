"""ns-create at work: one namespace or many, and what is told of it."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kubectl_ns_tools.commands.dry_runs import rehearse_all, say_left_out, show_unasked
from kubectl_ns_tools.commands.following import Follower
from kubectl_ns_tools.commands.progress import Telling
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.templating import Templating
from kubectl_ns_tools.commands.terminal import out, say, warn
from kubectl_ns_tools.commands.wish import Wish
from kubectl_ns_tools.errors import Interrupted, NsToolsError, TimedOut, joint_code
from kubectl_ns_tools.kubeconfig.names import check_namespace
from kubectl_ns_tools.output.escape import escape
from kubectl_ns_tools.output.objects import objects_text, without_managers

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection
    from kubectl_ns_tools.templates.creation.manner import Outcome
    from kubectl_ns_tools.templates.planning.planning import Planned
    from kubectl_ns_tools.templates.rendering.request import Request
    from kubectl_ns_tools.templates.rendering.secrecy import Secrecy


def create_all(session: Session, wish: Wish) -> None:
    """Everything that ns-create does for namespaces that are not there."""
    from kubectl_ns_tools.templates.planning.planning import plan_all

    names = wish.all_names()
    follower = Follower(session, switch=wish.switch, added=wish.add_context)
    templating = Templating(session, offline=wish.dry_run == "client")
    preparation = templating.prepare(wish.templates, wish.files, wish.parameters)
    extras = wish.extras(preparation.surroundings.at)
    requests = [preparation.request(name) for name in names]
    for request in requests:
        check_namespace(request.namespace)
    if wish.dry_run == "client":
        show_unasked(requests, extras, wish.output)
        return
    secrecy = _secrecy(requests)
    with _telling_all(templating.connection, secrecy):
        planned = plan_all(
            templating.connection, preparation, requests, extras,
            check_rights=wish.check_rights, remember=wish.dry_run == "none",
        )  # fmt: skip
        warn_all(planned.warnings)
        for request in requests:
            say_left_out(request)
        if wish.dry_run == "server":
            rehearse_all(templating.connection, requests, planned, wish.output)
            return
        made = _create(templating.connection, wish, planned)
        _show(made, requests, wish, secrecy)
        if made.outcomes:
            follower.follow(requests[0].namespace)
        made.raise_failures()


class Made:
    """What became of each namespace, by its index."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self.outcomes: dict[int, Outcome] = {}
        self._failures: dict[int, NsToolsError] = {}

    @property
    def failed(self) -> int:
        return len(self._failures)

    def add(self, index: int, outcome: "Outcome | NsToolsError") -> None:
        if isinstance(outcome, NsToolsError):
            self._failures[index] = outcome
        else:
            self.outcomes[index] = outcome

    def end(self, *, insisted: bool) -> None:
        """Nothing more will come. insisted: whether that is so because somebody would not wait."""
        for index, name in enumerate(self._names):
            if index not in self.outcomes and index not in self._failures:
                what = "perhaps created, and not deleted again" if insisted else "not begun"
                self._failures[index] = Interrupted(f"namespace/{name}: interrupted, {what}")

    def raise_failures(self) -> None:
        """What failed; else what is not as it should be yet."""
        failures = [self._failures[index] for index in sorted(self._failures)]
        if failures and len(self._names) == 1:
            raise failures[0]
        if failures:
            raise self._several(failures)
        late = [(self._names[index], self.outcomes[index].late) for index in sorted(self.outcomes)]
        if any(texts for _, texts in late):
            raise _late([(name, texts) for name, texts in late if texts])

    def _several(self, failures: Sequence[NsToolsError]) -> NsToolsError:
        problems: list[str] = []
        for index in sorted(self._failures):
            failure, name = self._failures[index], self._names[index]
            text = failure.message if f"namespace/{name}" in failure.message else f"{name}: {failure.message}"
            problems += [text, *(f"  {problem}" for problem in failure.problems)]
        error = NsToolsError(
            f"{len(failures)} of {len(self._names)} namespaces were not created", "", problems
        )
        error.exit_code = joint_code(failures)
        return error


def _create(connection: "Connection", wish: Wish, planned: "Planned") -> Made:
    from kubectl_ns_tools.templates.cancellation import Cancellation
    from kubectl_ns_tools.templates.creation.batch import create_each

    telling = Telling(len(planned.plans), wish.output)
    made, cancellation = Made([plan.namespace for plan in planned.plans]), Cancellation()
    insisted = False
    with cancellation.by_signals(), telling:
        try:
            for index, outcome in create_each(
                connection, planned.plans, planned.kinds, manner=wish.manner, listener=telling.listener,
                cancellation=cancellation, workers=wish.parallel,
            ):  # fmt: skip
                made.add(index, outcome)
                telling.ended(planned.plans[index].namespace, failed=isinstance(outcome, NsToolsError))
        except KeyboardInterrupt:
            insisted = True
    made.end(insisted=insisted)
    return made


def _show(made: Made, requests: "Sequence[Request]", wish: Wish, secrecy: "Secrecy") -> None:
    outcomes = [made.outcomes[index] for index in sorted(made.outcomes)]
    for outcome in outcomes:
        warn_all(outcome.unchecked)
    objects = [each for outcome in outcomes for each in outcome.objects]
    if wish.output == "name" and len(requests) == 1 and objects:
        out("\n".join(escape(each.manifest.reference) for each in objects))
    elif wish.output in ("json", "yaml") and objects:
        out(objects_text([secrecy.object(without_managers(each.object)) for each in objects], wish.output))
    messages = [text for index in sorted(made.outcomes) for text in requests[index].expansion.messages]
    for message in dict.fromkeys(messages):
        say("\n".join(escape(line) for line in message.splitlines()))
    if len(requests) > 1 and not made.failed:
        say(f"{len(requests)} namespaces created")


def warn_all(texts: Iterable[str]) -> None:
    for text in texts:
        warn(text)


@contextmanager
def _telling_all(connection: "Connection", secrecy: "Secrecy") -> Iterator[None]:
    """Warnings of the server come at the end, and errors come without secrets."""
    try:
        yield
    except NsToolsError as error:
        secrecy.clean(error)
        raise
    finally:
        warn_all(connection.warnings)
        connection.close()


def _secrecy(requests: "Sequence[Request]") -> "Secrecy":
    from kubectl_ns_tools.templates.rendering.secrecy import Secrecy

    return Secrecy(value for request in requests for value in request.expansion.values.values())


def _late(late: Sequence[tuple[str, Sequence[str]]]) -> TimedOut:
    """Created, but a pod would be refused."""
    name = late[0][0]
    if len(late) == 1:
        return TimedOut(
            f"namespace/{name} is created, but pods are not admitted yet",
            f"kubectl ns-status {name} shows how it stands",
            late[0][1],
        )
    return TimedOut(
        f"{len(late)} namespaces are created, but pods are not admitted in them yet",
        f"kubectl ns-status {name} shows how the first one stands",
        [f"{name}: {text}" for name, texts in late for text in texts],
    )
