"""The errata of the sources: what they print, what is right, the counterexample.

A module a chapter, named as the chapter that has the right statements.
"""

from importlib import import_module

from theory import CHAPTERS
from theory.erratum import Erratum


def errata() -> dict[str, Erratum]:
    """All errata, by number.

    >>> list(errata())[:3]
    ['E1', 'E2', 'E3']
    """
    entries = [
        value
        for chapter in CHAPTERS
        for value in vars(import_module(f"theory.errata.{chapter}")).values()
        if isinstance(value, Erratum)
    ]
    return {each.name: each for each in sorted(entries, key=lambda each: int(each.name[1:]))}
