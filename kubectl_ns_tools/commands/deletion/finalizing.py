"""ns-delete --force-finalize: the last resort for one namespace that is stuck."""

from contextlib import ExitStack
from typing import TYPE_CHECKING

from kubectl_ns_tools.commands.deletion.cases import Place, place_of
from kubectl_ns_tools.commands.deletion.wish import DeletionWish
from kubectl_ns_tools.commands.protection import confirm_contexts
from kubectl_ns_tools.commands.session import Session
from kubectl_ns_tools.commands.terminal import ask, is_interactive, out, say
from kubectl_ns_tools.errors import Refused
from kubectl_ns_tools.kubeconfig.config import Config, load_config
from kubectl_ns_tools.output.escape import escape

if TYPE_CHECKING:
    from kubectl_ns_tools.deletion.stuck.finalizing import FinalizePlan


def finalize(session: Session, wish: DeletionWish) -> None:
    """Looks at everything afresh, says what would leak, has the name typed. Raises Refused where it may not
    be done, and for any other answer."""
    config = load_config(session.environ)
    name = wish.wanted().names[0]
    with ExitStack() as opened:
        _finalize(place_of(session, opened), name, config, wish)


def _finalize(place: Place, name: str, config: Config, wish: DeletionWish) -> None:
    from kubectl_ns_tools.cluster.namespaces import named_namespace
    from kubectl_ns_tools.deletion.stuck.finalizing import examine
    from kubectl_ns_tools.deletion.stuck.finalizing import finalize as release

    uid = str(named_namespace(place.connection, name)["metadata"]["uid"])
    plan = examine(place.connection, name, uid, wish.groups)
    _tell(plan)
    if plan.refusal:
        raise Refused(plan.refusal, plan.hint)
    if wish.dry_run == "none":
        _confirm(plan, place.context, config, wish)
    if wish.dry_run != "client":
        release(place.connection, plan, dry_run=wish.dry_run == "server")
    if wish.dry_run == "none":
        out(escape(f"namespace/{name}" if wish.output == "name" else f'namespace "{name}" finalized'))


def _tell(plan: "FinalizePlan") -> None:
    for item in plan.leaks:
        say(escape(f"still there, and would leak: {item.label}"))
    for gap in plan.given_up:
        say(escape(f"given up, whatever it holds would leak: {gap.what} ({gap.message})"))


def _confirm(plan: "FinalizePlan", context: str, config: Config, wish: DeletionWish) -> None:
    """--yes is no answer to it: what leaks comes back in the next namespace of that name."""
    confirm_contexts(config, [context], wish.confirmed, f"finalize namespace {plan.name} in it")
    if not is_interactive():
        raise Refused(
            f'namespace "{plan.name}" is not finalized unconfirmed, and there is no terminal to ask on',
            "look with --dry-run; the name is typed at a terminal, whatever --yes says",
        )
    typed = ask(f"Type the name of the namespace to let it go without the rest ({escape(plan.name)}):")
    if typed != plan.name:
        raise Refused(f'the typed name is not "{plan.name}"; nothing was changed')
