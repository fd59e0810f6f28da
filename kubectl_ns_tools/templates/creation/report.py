"""What a creation or an update says when something failed."""

from collections.abc import Iterable, Mapping, Sequence

from kubectl_ns_tools.errors import NsToolsError
from kubectl_ns_tools.templates.creation.claim import NamespaceTaken
from kubectl_ns_tools.templates.objects import Manifest
from kubectl_ns_tools.templates.planning.places import located

_MOST_LISTED = 10


def combined(failures: Mapping[Manifest, BaseException]) -> BaseException:
    """One error for several objects: the first that is told, the others as its problems.

    What is no NsToolsError is a bug, and comes out as it is; so does an error about the namespace's name.
    """
    errors = [(manifest, error) for manifest, error in failures.items() if isinstance(error, NsToolsError)]
    if len(errors) < len(failures):
        return next(error for error in failures.values() if not isinstance(error, NsToolsError))
    first, *others = [(located(manifest, error), error) for manifest, error in errors]
    text, error = first
    if isinstance(error, NamespaceTaken):
        return error
    problems = [*error.problems, *(text for text, _ in others)]
    return _like(error, text, error.hint, problems)


def with_undone(error: NsToolsError, undone: Sequence[str], hint: str = "") -> NsToolsError:
    """The error, and what became of the objects that were created before it."""
    return _like(error, error.message, hint or error.hint, [*error.problems, *undone])


def listed(references: Iterable[str]) -> str:
    """Some names in one line."""
    names = list(references)
    more = f" and {len(names) - _MOST_LISTED} more" if len(names) > _MOST_LISTED else ""
    return ", ".join(names[:_MOST_LISTED]) + more


def _like(error: NsToolsError, message: str, hint: str, problems: Sequence[str]) -> NsToolsError:
    made = NsToolsError(message, hint, problems)
    made.exit_code = error.exit_code
    return made
