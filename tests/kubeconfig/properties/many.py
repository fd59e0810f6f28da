"""Kubeconfigs with many entries of the same few forms, one or two of which are odd."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import strategies as st

_BODIES = {"clusters": "cluster", "contexts": "context", "users": "user"}
# What the scanner reads as text, in a form or by lines, and what it does not.
_WORDS = (
    *"a b-1 x.y https://h:6443 /a/b _x eks:eu:1:c/x a@b n nn no no-x Yes yes: on Off oFFset".split(),
    *"true True null".split(),
    *"1 1e3 12ab -a --b -1 ... .5 .x +1 0x1f 1:20 2024-01-01 ~ a:b a::b a:".split(),
    *(
        '"q"',
        "'s'",
        '"1"',
        "'no'",
        '""',
        '"a\'b"',
        "{}",
        "[]",
        "a b",
        "a #b",
        "a#b",
        "no no",
        "true b",
        "'a' b",
    ),
    *(
        '"a"b"',
        "'a'b'",
        "#c",
        "a: b",
        "&x a",
        "*x",
        "!t",
        "|",
        '"a\\n"',
        "'it''s'",
        "a`b",
        "`a",
        "é",
        "a\tb",
        "a ",
        " a",
        "",
    ),
)
_DATA = (
    *("QUJDREVG", "QUJDREVGR0g=", "QUJDREVGRw==", "true", "null", "QUJD", "12345678", "1e345678", "+QUJDREV"),
    *(
        "QUJDREV",
        "QUJDREVGR",
        "QUJD=EVG",
        "QUJDREVG====",
        "QUJDREV-",
        "QUJDREVGRw=N",
        "QUJDREVGR===",
        "QUJD REV",
        '"QUJDREVG"',
        "QUJDREV=GR==",
        "",
    ),
)
_LINES = (
    *(
        "    token: x\n",
        "    server: y\n",
        "    namespace: n\n",
        "  name: twice\n",
        "  x: 1\n",
        "    x: {}\n",
    ),
    *(
        "    colors: 1\n",
        "# c\n",
        "  # c\n",
        "\n",
        "   \n",
        "\t\n",
        "- name: in between\n",
        "-\n",
        "- \n",
        "...\n",
        "---\n",
    ),
    *(
        "   deeper: 1\n",
        "      deeper: 1\n",
        " shallow: 1\n",
        "contexts:\n",
        "x: y\n",
        "- x\n",
        "  - x\n",
        "    - x\n",
    ),
    *(
        "    extensions:\n    - name: e\n      extension: 1\n",
        "    insecure-skip-tls-verify: true\n",
        "    exec:\n",
    ),
)


@dataclass(frozen=True)
class _Maker:
    random: random.Random
    indent: str
    newline: str
    tail: str

    def text(self, sections: list[str], sizes: list[int], oddities: int) -> str:
        lists = "".join(
            f"{section}:\n{self._items(section, size)}" for section, size in zip(sections, sizes, strict=True)
        )
        text = f"apiVersion: v1\n{lists}current-context: {self.random.choice(['a', 'name-1'])}\n"
        for _ in range(oddities):
            text = self._odd(text)
        return text.replace("\n", self.newline)

    def _items(self, section: str, size: int) -> str:
        forms = [self._form(section) for _ in range(self.random.choice([1, 1, 1, 2]))]
        return "".join(self.random.choice(forms)(number) for number in range(size))

    def _form(self, section: str) -> Callable[[int], str]:
        """Lines with the same keys; the values are the number's."""
        body = self._body(section)
        name = f"name: {self.random.choice(['', chr(34), chr(39)])}name-NUMBER"
        name += name[6] if name[6] in "'\"" else ""
        lines = [name, f"{_BODIES[section]}:{self.tail}", *(f"  {line}" for line in body)]
        if self.random.random() < 0.6:
            lines = [*lines[1:], lines[0]]
        lines = [f"{self.indent}{'  ' if number else '- '}{line}\n" for number, line in enumerate(lines)]
        return lambda number: "".join(lines).replace("NUMBER", str(number)).replace("DATA", self._data())

    def _body(self, section: str) -> list[str]:
        choices = {
            "clusters": [
                "certificate-authority-data: DATA",
                "server: https://NUMBER.x:1",
                "disable-compression: true",
            ],
            "contexts": ["cluster: c-NUMBER", "user: u", "namespace: n-NUMBER"],
            "users": [
                "client-key-data: DATA",
                "token: tNUMBER",
                "exec:\n      args:\n      - --aNUMBER\n      command: x",
            ],
        }[section]
        extra = [
            "extensions:\n    - name: e\n      extension: v-NUMBER",
            "x-unknown: NUMBER",
            "x-other: vNUMBER",
        ]
        choices += [self.random.choice(extra)] * (self.random.random() < 0.3)
        self.random.shuffle(choices)
        kept = choices[: self.random.randint(1, len(choices))]
        return [line.replace("\n", f"\n{self.indent}") + self.tail for line in kept]

    def _data(self) -> str:
        return self.random.choice(["QUJDREVG", "QUJDREVGR0g=", "QUJDREVGRw=="])

    def _odd(self, text: str) -> str:
        lines = text.splitlines(keepends=True)
        places = range(len(lines) // 3, len(lines))
        certificates = [at for at in places if "-data: " in lines[at]]
        at = self.random.choice(certificates if certificates and self.random.random() < 0.4 else places)
        key, colon, _ = lines[at].partition(": ")
        words = _DATA if key.endswith("-data") else _WORDS
        kinds: list[Callable[[], str]] = [
            *[lambda: f"{key}{colon}{self.random.choice(words)}\n"] * 10,
            lambda: self.random.choice(_LINES) + lines[at],
            lambda: lines[at] + self.random.choice(_LINES),
            lambda: "",
            lambda: lines[at] * 2,
            lambda: self.random.choice(lines),
            lambda: self.random.choice([" ", "  ", ""]) + lines[at].removeprefix(" "),
            lambda: (
                lines[at].rstrip("\n")
                + self.random.choice(["\r\n", " \n", " # c\n", " #\x7f\n", "\t\n", "\r", ""])
            ),
            lambda: lines[at].replace("name-", self.random.choice(["", "-", "'", "name-1"])),
        ]
        lines[at] = self.random.choice(kinds)()
        return "".join(lines)


def of_seed(seed: int, oddities: int) -> bytes:
    source = random.Random(seed)
    maker = _Maker(
        source,
        source.choice(["", "", "  "]),
        source.choice(["\n", "\n", "\n", "\r\n"]),
        source.choice(["", "", "", " ", " # tail"]),
    )
    sections = source.sample(sorted(_BODIES), source.choice([1, 1, 1, 2, 3]))
    return maker.text(sections, [source.randint(1, 9) for _ in sections], oddities).encode()


# Files in which forms are found, where two entries of one make it worth while.
many_entries = st.builds(of_seed, st.integers(0, 2**64), st.sampled_from([0, 1, 1, 1, 1, 2, 3]))
