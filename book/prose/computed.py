"""Numbers that a text computes: ``{= spectra.edges upper alpha=2 v=1 digits=3}``.

A claim is followed by the values of its letters, as the command line reads them, and by options: a
part of the result (``upper``), ``digits=3`` (significant digits, 4 unless said), ``percent``,
``ceil`` or ``floor`` (a whole number).
"""

import math
from html import escape
from typing import Any

from companion.command import unknown
from companion.errors import UsageError
from theory import claims
from theory.claim import Claim
from theory.domain import DomainError
from theory.values import assignments

ROUNDED = {"ceil": math.ceil, "floor": math.floor}
DIGITS = 4
DIGITS_OF_FLOATS = 17
#: Numbers that are smaller or larger are written with a power of ten.
SMALL, LARGE = 1e-4, 1e6


def number(call: str, page: str) -> str:
    """The number of ``call`` as HTML, which holds the whole float and the call too.

    >>> number("outlier N=320 alpha=1.25 m=0.22 v=0.9", "spectra")[-13:]
    '>17.15</data>'
    """
    name, *words = call.split() or [""]
    claim = find_claim(name, page)
    if claim is None:
        raise UsageError(unknown("claim", name, names_of_claims(page)))
    options = {word for word in words if word in ROUNDED or word == "percent"}
    values = assignments(word for word in words if "=" in word)
    digits = values.pop("digits", DIGITS)
    if digits not in range(1, DIGITS_OF_FLOATS + 1):
        raise UsageError(f"digits = {digits} is no whole number from 1 to {DIGITS_OF_FLOATS}")
    part = " ".join(word for word in words if "=" not in word and word not in options)
    value = _part(claim, values, part)
    shown = written(value, options, int(digits))
    said = escape(f"{claim.name} {' '.join(words)}".strip())
    return f'<data value="{value!r}" title="{said}">{shown}</data>'


def find_claim(name: str, page: str) -> Claim | None:
    """The claim ``name`` of the chapter ``page``, or the claim with this whole name."""
    return claims().get(f"{page}.{name}") or claims().get(name)


def names_of_claims(page: str) -> list[str]:
    """The names by which the text of ``page`` may call claims."""
    own = [name for name in claims() if name.startswith(f"{page}.")]
    return [*(name.removeprefix(f"{page}.") for name in own), *claims()]


def _part(claim: Claim, values: dict[str, Any], part: str) -> float:
    try:
        result = claim.closed_form.exact(DIGITS_OF_FLOATS, **values)
    except DomainError as error:
        raise UsageError(f"{claim.name}: {error}") from error
    parts = result if isinstance(result, dict) else {"": result}
    if part not in parts:
        names = ", ".join(filter(None, parts))
        has = f"the parts {names}; name one" if names else "no parts; name none"
        raise UsageError(f"{claim.name} has {has}")
    value = parts[part]
    if isinstance(value, list):
        raise UsageError(f"{claim.name} is a matrix at these values, and a text has numbers")
    if math.isnan(value):
        raise UsageError(f"{claim.name} has no value there; choose other numbers")
    return float(value)


def written(value: float, options: set[str], digits: int) -> str:
    """A number as a reader sees it."""
    if not math.isfinite(value):
        return "∞" if value > 0 else "−∞"
    shown = value * 100 if "percent" in options else value
    whole = [ROUNDED[option](shown) for option in options & ROUNDED.keys()]
    text = str(whole[0]) if whole else decimal(shown, digits)
    return text.replace("-", "−") + "\N{NO-BREAK SPACE}%" * ("percent" in options)


def decimal(value: float, digits: int) -> str:
    """``value`` with so many significant digits, without zeros at the end.

    >>> decimal(16.388, 4), decimal(240.0, 2), decimal(2.139e-9, 2)
    ('16.39', '240', '2.1 × 10<sup>-9</sup>')
    """
    if value == round(value) and abs(value) < LARGE:
        return f"{value:.0f}"
    if SMALL <= abs(value) < LARGE:
        decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
        return _short(f"{value:.{decimals}f}")
    mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
    return f"{_short(mantissa)} × 10<sup>{int(exponent)}</sup>"


def _short(decimals: str) -> str:
    return decimals.rstrip("0").rstrip(".") if "." in decimals else decimals
