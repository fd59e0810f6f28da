"""What is left of the choices by what was typed, and which of them is highlighted; no terminal in it."""

from collections.abc import Sequence

from kubectl_ns_tools.commands.picker.fuzzy import Text, ranked


class Menu:
    """rows: the indexes of the labels that fit, the best first; at: the highlighted one among the rows.

    With nothing typed all are there, in the order given, and the one at `start` is highlighted.
    """

    def __init__(self, labels: Sequence[str], start: int = 0) -> None:
        self.texts = [Text(label) for label in labels]
        self.query = ""
        self._start = start
        self.rows = list(range(len(labels)))
        self.at = start

    @property
    def chosen(self) -> int | None:
        """The index of the highlighted label; None when none fits."""
        return self.rows[self.at] if self.rows else None

    def type(self, query: str) -> None:
        """What is typed now, as a whole."""
        # What fits a longer query fitted its beginning.
        among = self.rows if query.startswith(self.query) else range(len(self.texts))
        self.query = query
        self.rows = ranked(query, self.texts, among) if query.strip() else list(range(len(self.texts)))
        self.at = 0 if query.strip() else self._start

    def move(self, rows: int) -> None:
        """Highlight the row so many further down, or up, but not beyond the ends."""
        self.at = max(0, min(self.at + rows, len(self.rows) - 1))
