"""What a definition prints has one meaning: no two heads share a name."""

from collections import Counter
from importlib import import_module
from pkgutil import iter_modules

import sympy as sp

import theory.functions


def test_no_two_heads_share_a_name() -> None:
    found: set[type] = set()
    for each in iter_modules(theory.functions.__path__):
        module = import_module(f"theory.functions.{each.name}")
        found |= {
            value
            for value in vars(module).values()
            if isinstance(value, type)
            and issubclass(value, sp.Basic)
            and value.__module__ == module.__name__
        }
    names = Counter(each.__name__ for each in found)
    assert names
    assert [name for name, count in names.items() if count > 1] == []
