"""What is sent of an object, where that is not what stands in the file."""

import base64
from collections.abc import Mapping
from typing import Any


def as_sent(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The object, the stringData of a Secret moved to its data.

    The server moves it too, but then no field manager owns what is in data, and a key that the template no
    longer has would stay (seen on 1.36).
    """
    plain = data.get("stringData")
    if data.get("apiVersion") != "v1" or data.get("kind") != "Secret" or not isinstance(plain, dict):
        return data
    if not all(isinstance(value, str) for value in plain.values()):
        return data  # the server says what is wrong with it, at its place
    encoded = {key: base64.b64encode(value.encode()).decode() for key, value in plain.items()}
    kept = {key: value for key, value in data.items() if key != "stringData"}
    return {**kept, "data": {**(data.get("data") or {}), **encoded}}
