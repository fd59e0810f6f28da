"""What is wrong with a text that is not YAML, and where."""

from kubectl_ns_tools.errors import Refused


class YamlError(Refused):
    """The text cannot be read. source: the file's name as given; line: 1-based, 0 when unknown."""

    def __init__(self, source: str, line: int, problem: str, hint: str = "") -> None:
        place = f"{source}:{line}" if line else source
        super().__init__(f"{place}: {problem}", hint)
        self.source = source
        self.line = line
        self.problem = problem
