"""Covers of a number by intervals, and by its root."""

from typing import Any

import sympy as sp

from theory.domain import Parameter, Real
from theory.proofs.covers import Cover, named


@named
def squared(letter: Any) -> Cover:
    """A positive ``letter`` is the square of its root."""
    if not letter.is_positive:
        raise TypeError(f"{letter} need not be positive")
    root = sp.Symbol(f"{letter}_root", positive=True)
    return Cover(f"{letter} = {root}^2", ({letter: root**2},))


@named
def root_above(parameter: Parameter) -> Cover:
    """A number is the square of a root, which is above that of the least value of its domain."""
    domain, letter = parameter.domain, parameter.symbol
    if not isinstance(domain, Real) or domain.low < 0 or domain.closed:
        raise TypeError(f"{parameter} is no open domain of positive numbers")
    more = sp.Symbol(f"{letter}_root_above", positive=True)
    image = (sp.sqrt(sp.nsimplify(domain.low)) + more) ** 2
    return Cover(f"{letter} = root^2", ({letter: image},), domains=(parameter,))


@named
def beside_one(letter: Any) -> Cover:
    """A positive ``letter`` is below, at or above 1, and a square."""
    if not letter.is_positive:
        raise TypeError(f"{letter} need not be positive")
    more = sp.Symbol(f"{letter}_root_beyond", positive=True)
    return Cover(
        f"{letter} below, at or above 1",
        ({letter: 1 / (1 + more) ** 2}, {letter: sp.Integer(1)}, {letter: (1 + more) ** 2}),
    )


@named
def placed(letter: Any, low: Any, high: Any) -> Cover:
    """A positive ``letter`` is at most ``low``, between ``low`` and ``high`` or at least ``high``,
    which is positive."""
    if not (letter.is_positive and high.is_positive):
        raise TypeError(f"{letter} or {high} need not be positive")
    more = sp.Symbol(f"{letter}_outside", nonnegative=True)
    way = sp.Symbol(f"{letter}_inside", positive=True)
    return Cover(
        f"{letter} below, in or above the interval from {low} to {high}",
        (
            {letter: low / (1 + more)},
            {letter: (low + way**2 * high) / (1 + way**2)},
            {letter: high * (1 + more)},
        ),
    )


@named
def ordered(first: Any, second: Any) -> Cover:
    """Of two numbers one is the larger, by a whole number where both are whole."""
    whole = first.is_integer and second.is_integer
    more = sp.Symbol(f"{first}_{second}_apart", nonnegative=True, integer=whole or None)
    least = 1 if whole else 0
    return Cover(
        f"{first} below, at or above {second}",
        ({second: first + least + more}, {first: second + more}),
    )
