"""Entries that a data file adds to what the page's scripts know."""

import json
from collections.abc import Mapping
from typing import Any


def entries(kind: str, found: Mapping[str, Any]) -> str:
    """A script that adds ``found`` to ``companion.<kind>``, {name: data}."""
    text = json.dumps(found, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    whole = "globalThis.companion = globalThis.companion || {};\n"
    return whole + f"companion.{kind} = Object.assign(companion.{kind} || {{}}, {text});\n"
