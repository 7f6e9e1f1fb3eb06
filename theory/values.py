"""Values as a reader types them: numbers, fractions, JSON lists; decimals are exact."""

import json
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from companion.errors import UsageError

WANTED = "a number (0.9), a fraction (9/10) or a JSON list ([[2,1],[1,2]])"


def assignments(words: Iterable[str]) -> dict[str, Any]:
    """``["N=320", "R=[[2,1],[1,2]]"]`` as a dict of exact values.

    >>> assignments(["alpha=1.25", "Y=[1, 1/2]"])
    {'alpha': Fraction(5, 4), 'Y': [Fraction(1, 1), Fraction(1, 2)]}

    Raises UsageError for anything else, and for a name given twice.
    """
    values: dict[str, Any] = {}
    for word in words:
        name, equals, text = word.partition("=")
        if not equals or not name:
            raise UsageError(f"{word!r} is not a parameter; write name=value, such as N=320")
        if name in values:
            raise UsageError(f"parameter {name} is given twice; keep one")
        values[name] = value(name, text)
    return values


def value(name: str, text: str) -> Any:
    """One value; ``name`` is for the error message."""
    try:
        return _fraction(text)
    except (ValueError, ZeroDivisionError):
        pass
    try:
        quoted = _quote_fractions(text)
        return _exact(json.loads(quoted, parse_float=_fraction, parse_int=_fraction))
    except (ValueError, ZeroDivisionError, RecursionError) as error:
        raise UsageError(f"{name} = {text!r} cannot be read; give {WANTED}") from error


def _fraction(text: str) -> Fraction:
    """A number; an exponent of many digits would take as many digits of memory."""
    exponent = text.strip().lower().partition("e")[2].lstrip("+-").lstrip("0")
    if len(exponent) > 3:
        raise ValueError(text)
    return Fraction(text.strip())


def _quote_fractions(text: str) -> str:
    """``[1/2, 3]`` as JSON: a bare fraction becomes a string."""
    import re

    return re.sub(r"-?\d+/\d+", lambda match: f'"{match[0]}"', text)


def _exact(entry: Any) -> Any:
    if isinstance(entry, list) and entry:
        return [_exact(item) for item in entry]
    if isinstance(entry, str):
        return _fraction(entry)
    if isinstance(entry, Fraction):
        return entry
    raise ValueError(entry)
