"""The plain calls of the commands that run all day: `ctx-current`, `ctx-switch NAME` and `ctx-switch -`.

They do what ctx_current.py and ctx_switch.py do for them, by the same functions, but without click, whose
import takes as long as a whole `kubectl config use-context`. Whatever else is on the command line, or is
odd in the kubeconfig, is for those modules.
"""

from collections.abc import Sequence

from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.kubeconfig.view import View, load_view


def call_plainly(name: str, arguments: Sequence[str]) -> bool:
    """Do what was asked, if it is a plain call; whether it was. Nothing is done and said if it was not."""
    if name == "ctx-current" and not arguments:
        return _current(load_view(Session().locations))
    if name == "ctx-switch" and len(arguments) == 1 and _is_name(arguments[0]):
        session = Session()
        return _switch(session, load_view(session.locations), arguments[0])
    return False


def _is_name(argument: str) -> bool:
    return argument == "-" or not argument.startswith("-")


def _current(view: View) -> bool:
    if view.problems or not view.current_context:
        return False
    from kubectl_ns_tools.commands.terminal import out_names

    out_names([view.current_context])
    return True


def _switch(session: Session, view: View, name: str) -> bool:
    from kubectl_ns_tools.commands.switching import switch, switched
    from kubectl_ns_tools.commands.terminal import say
    from kubectl_ns_tools.kubeconfig.undo.history import History

    if view.problems:
        return False
    target = History(session.locations, session.environ).previous_context() if name == "-" else name
    if target not in view.contexts:
        return False
    switch(session, view, target)
    say(switched(target))
    return True
