"""Covers: named sets of cases that together are the whole domain.

In each case a letter is written in others whose signs are known, so that the kernel decides roots,
signs and absolute values. A cover that leaves something out asks for a condition of the claim that
excludes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp


@dataclass(frozen=True)
class Cover:
    """Cases in words; ``needs`` are relations that must be conditions of the claim."""

    words: str
    cases: tuple[Mapping[Any, Any], ...]
    needs: tuple[Any, ...] = ()


def sign_of(letter: Any, may_be_zero: bool = True) -> Cover:
    """A real ``letter`` is positive, negative or 0."""
    size = sp.Symbol(f"|{letter}|", positive=True)
    cases = ({letter: size}, {letter: -size})
    if may_be_zero:
        return Cover(f"{letter} positive, negative or 0", (*cases, {letter: sp.Integer(0)}))
    return Cover(f"{letter} positive or negative", cases, (sp.Ne(letter, 0),))


def sign_of_product(product: Any, sign: Any) -> Cover:
    """A ``product`` of two letters is ``sign`` times its size, with the sign 1 or -1."""
    size = sp.Symbol(f"|{product}|", nonnegative=True)
    return Cover(
        f"{product} at least 0 or at most 0",
        ({product: size, sign: sp.S.One}, {product: -size, sign: sp.S.NegativeOne}),
    )


def compared(letter: Any, bound: Any) -> Cover:
    """A positive ``letter`` is at most ``bound``, which is positive, or above it."""
    more = sp.Symbol(f"{letter}_beyond", nonnegative=True)
    return Cover(
        f"{letter} at most or at least {bound}",
        ({letter: bound / (1 + more)}, {letter: bound * (1 + more)}),
    )


def below(letter: Any, bound: Any) -> Cover:
    """A positive ``letter`` is less than ``bound``, as a condition of the claim says."""
    more = sp.Symbol(f"{letter}_below", positive=True)
    return Cover(f"{letter} < {bound}", ({letter: bound / (1 + more)},), (letter < bound,))


def above(letter: Any, bound: Any) -> Cover:
    """A ``letter`` is more than ``bound``, as a condition of the claim says."""
    more = sp.Symbol(f"{letter}_above", positive=True)
    return Cover(f"{letter} > {bound}", ({letter: bound + more},), (letter > bound,))
