"""When a request is sent again: a pure decision, so that it can be tested without a server.

429 was refused before it was handled, so any method may obey it; 503 with Retry-After is obeyed for GET
only, since a proxy may say it after the server has acted. client-go (rest/with_retry.go) goes ten times too.
"""

from collections.abc import Mapping

ATTEMPTS = 10
LONGEST_WAIT = 30.0
WAIT_IN_ALL = 60.0


class RetryBudget:
    """What one request may still spend on waiting."""

    def __init__(self, method: str, *, drops: int = 1) -> None:
        self.method = method
        self.seconds = WAIT_IN_ALL
        self.attempts = ATTEMPTS
        self.drops = drops  # a keep-alive connection that the server closed meanwhile
        self.renewals = 1  # an exec plugin's token that the server does not take any more

    def pause(self, status: int, headers: Mapping[str, str]) -> float | None:
        """Seconds to wait before sending it again; None: take the answer as it is."""
        asked = retry_after(headers)
        if status == 429:
            asked = 1.0 if asked is None else asked
        elif status != 503 or self.method != "GET":
            return None
        if asked is None or self.attempts <= 1 or asked > min(LONGEST_WAIT, self.seconds):
            return None
        self.attempts -= 1
        self.seconds -= asked
        return asked

    def after_drop(self) -> bool:
        """Whether a request whose connection broke may be sent again: a GET, once."""
        self.drops -= 1
        return self.method == "GET" and self.drops >= 0

    def may_renew(self) -> bool:
        """Whether a 401, which no method outlives half done, may be answered with new credentials."""
        self.renewals -= 1
        return self.renewals >= 0


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds of a Retry-After header; the form with a date is not used by the API server."""
    value = headers.get("Retry-After", "")
    return float(value) if value.isascii() and value.isdigit() else None
