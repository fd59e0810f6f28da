"""Which release of Kubernetes the API server is of."""

import re
from typing import TYPE_CHECKING

from kubectl_ns_tools.errors import NsToolsError

if TYPE_CHECKING:
    from kubectl_ns_tools.cluster.connection import Connection

_PATIENCE = 5.0  # seconds: it only makes some sentences more exact


def server_version(connection: "Connection") -> tuple[int, ...]:
    """(1, 36); () where the server, or a proxy before it, does not say."""
    try:
        said = connection.get("/version", timeout=_PATIENCE)
    except NsToolsError:
        return ()
    # Providers write "36+": apimachinery pkg/version promises no more than that it begins with a number.
    numbers = [re.match(r"\d+", str(said.get(part) or "")) for part in ("major", "minor")]
    return tuple(int(number[0]) for number in numbers if number) if all(numbers) else ()
