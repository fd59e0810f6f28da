"""Values read from the lines that the scanner understood, with the real parser as the measure."""

import pytest

from kubectl_ns_tools.goyaml import construct, parse_first
from kubectl_ns_tools.kubeconfig.reading.block import block_value
from kubectl_ns_tools.kubeconfig.reading.document import KubeconfigFile
from kubectl_ns_tools.kubeconfig.reading.scanner import scan

USERS = {
    "a certificate": "client-certificate-data: YWJj\nclient-key-data: YWJj",
    "a plugin": """\
exec:
  apiVersion: client.authentication.k8s.io/v1
  args:
  - --region
  - "eu-1"
  - 'a b'
  command: aws
  env:
  - name: A
    value: "1"
  -   name: B
      value: on it
  x-env:
  -   deep: {}
  interactiveMode: IfAvailable
  provideClusterInfo: false""",
    "lists in their key's column and deeper": "as-groups:\n- a\n- b\nas-user-extra:\n  k:\n    - v\n    - w",
    "a list of lists of mappings": "x-any:\n- - a\n- b",
    "scalars of all kinds": "x: 1\ny-y: 0x1F\nz: 1e3\nt: true\nn: null\ne:\ns: 1:20\nd: 2026-01-01",
    "odd keys": "auth-provider:\n  config:\n    on: x\n    yes: a\n    NO: b\n    x.y/z: c",
    "comments and blanks": "# one\ntoken: t # two\n\n  # three\nusername: u",
    "nothing": "{}",
    "empty collections": "extensions: []\nx: {}",
    "an extension": "extensions:\n- name: e\n  extension:\n    token: deep\n    list: [ ]\ntoken: t",
    "quotes": 'token: "a # b: c"\npassword: \'a: "b"\'\nusername: ""',
}


def file(body: str, newline: str = "\n") -> bytes:
    lines = [f"    {line}" if line.strip() else line for line in body.splitlines()]
    user = " {}" if body == "{}" else "\n" + "\n".join(lines)
    text = f"kind: Config\nusers:\n- name: u\n  user:{user}\n# after\n- user:\n    token: t\n  name: v\n"
    return text.replace("\n", newline).encode()


UNDERSTOOD = {name: body for name, body in USERS.items() if scan(file(body))}


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("name", UNDERSTOOD)
def test_values_are_those_of_the_parser(name: str, newline: str) -> None:
    data = file(USERS[name], newline)
    scanned = scan(data)
    assert scanned
    item = scanned.sections["users"][0]
    lines = data[item.start : item.end]
    document = parse_first(lines.decode(), "test")
    assert document
    assert block_value(lines) == construct(document.root, "test")


def test_the_forms_that_kubectl_writes_are_understood() -> None:
    assert set(USERS) - set(UNDERSTOOD) == {"a list of lists of mappings", "an extension"}


@pytest.mark.parametrize("body", USERS.values(), ids=USERS.keys())
def test_an_entry_is_the_same_however_it_is_read(body: str) -> None:
    data = file(body)
    quick = next(KubeconfigFile("f", data).entries("users"))
    parsed = KubeconfigFile("f", data)
    parsed.__dict__["scan"] = None
    assert quick.body == next(parsed.entries("users")).body
