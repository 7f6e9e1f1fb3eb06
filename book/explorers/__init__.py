"""Explorers: pictures of formulas that a reader moves. A module per chapter declares its own."""

import json
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from book.explorers.data import data, derived
from book.explorers.explorer import Explorer
from book.script import entries


@cache
def explorers(chapter: str) -> Mapping[str, Explorer]:
    """The explorers of ``chapter`` by their names; a chapter without a module has none."""
    name = f"{__name__}.{chapter}"
    if find_spec(name) is None:
        return {}
    return {each.name: each for each in import_module(name).EXPLORERS}


def script(chapter: str) -> str:
    """The data file's entries: ``companion.explorers[name]`` of each explorer.

    Raises ValueError where one does not fit its claims: see ``Explorer.check``.
    """
    found = explorers(chapter)
    for each in found.values():
        each.check()
    functions = [
        f"companion.explorers[{json.dumps(name)}].derived = {derived(each)};\n"
        for name, each in found.items()
        if each.derived
    ]
    return entries("explorers", {name: data(each) for name, each in found.items()}) + "".join(
        functions
    )
