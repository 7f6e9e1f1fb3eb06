"""Covers: named sets of cases that together are the whole domain.

In each case a letter is written in others whose signs are known, so that the kernel decides roots,
signs and absolute values. A cover that leaves something out asks for a condition of the claim that
excludes it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from itertools import pairwise
from typing import Any, ParamSpec

import sympy as sp

from theory.domain import Array, Integer, Parameter
from theory.functions.columns import inner, length
from theory.functions.eigenvalues import largest, smallest
from theory.proofs.theorems.spectral import parts


@dataclass(frozen=True)
class Cover:
    """Cases in words: what letters are in each, and what products of new letters are.

    ``needs`` are relations that must be conditions of the claim, ``kinds`` what its matrices must
    be. ``fresh`` are the matrices that the cases introduce, which the claim must not know.
    ``domains`` are parameters that the claim must have as they stand here. ``positive`` are numbers
    that must be positive on the claim's domain, and ``assumes`` are words that must be among the
    assumptions of the claim. ``hints`` are letters that help to find a value: neither the
    definition nor the closed form may hold them. ``about`` are
    the letters that the assumed words are about.
    """

    words: str
    cases: tuple[Mapping[Any, Any], ...]
    needs: tuple[Any, ...] = ()
    kinds: Mapping[Any, str] = field(default_factory=dict)
    fresh: tuple[Parameter, ...] = ()
    domains: tuple[Parameter, ...] = ()
    positive: tuple[Any, ...] = ()
    assumes: tuple[str, ...] = ()
    about: tuple[Any, ...] = ()
    hints: tuple[Any, ...] = ()


Made = ParamSpec("Made")
#: Every cover that a function of the house made.
_NAMED: list[Cover] = []


def named(make: Callable[Made, Cover]) -> Callable[Made, Cover]:
    """Let a function make covers that chains may have: a claim may not bring its own."""

    @wraps(make)
    def keep(*args: Made.args, **kwargs: Made.kwargs) -> Cover:
        cover = make(*args, **kwargs)
        _NAMED.append(cover)
        return cover

    return keep


def is_named(cover: Any) -> bool:
    """Whether a function of the house made it."""
    return any(cover is each for each in _NAMED)


@named
def below_or_above(letter: Any, bound: Any) -> Cover:
    """A positive ``letter`` is below ``bound``, which is positive, or not; their ratio is a fourth
    power, whose fourth root is a letter."""
    more = sp.Symbol(f"{letter}_beyond", positive=True)
    ratio = (1 + more) ** 4
    return Cover(
        f"{letter} below {bound}, or not",
        ({letter: bound / ratio}, {letter: bound * ratio}, {letter: bound}),
    )


@named
def sign_of(letter: Any, may_be_zero: bool = True) -> Cover:
    """A real ``letter`` is positive, negative or 0."""
    if letter.is_Symbol and not letter.is_real:
        raise TypeError(f"{letter} need not be real")
    size = sp.Symbol(f"|{letter}|", positive=True)
    cases = ({letter: size}, {letter: -size})
    if may_be_zero:
        return Cover(f"{letter} positive, negative or 0", (*cases, {letter: sp.Integer(0)}))
    return Cover(f"{letter} positive or negative", cases, (sp.Ne(letter, 0),))


@named
def sign_of_product(product: Any, sign: Any) -> Cover:
    """A ``product`` of two letters is ``sign`` times its size, with the sign 1 or -1."""
    size = sp.Symbol(f"|{product}|", nonnegative=True)
    return Cover(
        f"{product} at least 0 or at most 0",
        ({product: size, sign: sp.S.One}, {product: -size, sign: sp.S.NegativeOne}),
        hints=(sign,),
    )


@named
def compared(letter: Any, bound: Any) -> Cover:
    """A positive ``letter`` is at most ``bound``, which is positive, or above it."""
    more = sp.Symbol(f"{letter}_beyond", nonnegative=True)
    return Cover(
        f"{letter} at most or at least {bound}",
        ({letter: bound / (1 + more)}, {letter: bound * (1 + more)}),
        positive=(letter, bound),
    )


@named
def split(letter: Any, *bounds: Any) -> Cover:
    """A positive ``letter`` is below, at or above each of ``bounds``, positive and ascending."""
    more = sp.Symbol(f"{letter}_apart", positive=True)
    gaps = [(low, sp.factor(high - low)) for low, high in pairwise(bounds)]
    if not all(each.is_positive for each in (*bounds, *(gap for _, gap in gaps))):
        raise ValueError(f"{bounds} are not positive and ascending")
    images = [bounds[0] / (1 + more), *bounds, *(low + gap / (1 + more) for low, gap in gaps)]
    images.append(bounds[-1] * (1 + more))
    return Cover(
        f"{letter} below, at or above {', '.join(map(str, bounds))}",
        tuple({letter: image} for image in images),
        positive=(letter,),
    )


@named
def at_least(letter: Any, bound: Any) -> Cover:
    """A whole ``letter`` is ``bound`` or more, as a condition of the claim says."""
    if not (letter.is_integer and sp.sympify(bound).is_integer):
        raise TypeError(f"{letter} or {bound} need not be whole")
    more = sp.Symbol(f"{letter}_beyond", integer=True, nonnegative=True)
    return Cover(f"{letter} >= {bound}", ({letter: bound + more},), (bound <= letter,))


@named
def sizes(small: Parameter, large: Parameter) -> Cover:
    """Two sizes in ascending order, as a condition of the claim says: the smaller one is 1 or more,
    the larger one 2 or more."""
    for each, least in ((small, 1), (large, 2)):
        if not (isinstance(each.domain, Integer) and each.domain.low == least):
            raise ValueError(f"{each.name} does not start at {least}")
    low, high = small.symbol, large.symbol
    more, apart = sp.symbols(f"{low}_beyond {high}_apart", integer=True, nonnegative=True)
    cases = ({low: sp.S.One, high: 2 + apart}, {low: 2 + more, high: 2 + more + apart})
    return Cover(f"{low} <= {high}, {low} 1 or more", cases, (low <= high,), domains=(small, large))


@named
def fewer(letter: Any, whole: Any) -> Cover:
    """A whole ``letter`` is less than another ``whole`` number, as a condition says."""
    if not (letter.is_integer and whole.is_integer):
        raise TypeError(f"{letter} or {whole} need not be whole")
    more = sp.Symbol(f"{whole}_beyond", integer=True, nonnegative=True)
    return Cover(f"{letter} < {whole}", ({whole: letter + 1 + more},), (letter < whole,))


@named
def positive_extreme(extreme: Any) -> Cover:
    """An ``extreme`` eigenvalue is positive, as a condition of the claim says."""
    size = sp.Symbol(f"|{extreme}|", positive=True)
    return Cover(f"{extreme} > 0", ({extreme: size},), (extreme > 0,))


@named
def below(letter: Any, bound: Any) -> Cover:
    """A positive ``letter`` is less than ``bound``, as a condition of the claim says."""
    more = sp.Symbol(f"{letter}_below", positive=True)
    cases = ({letter: bound / (1 + more)},)
    return Cover(f"{letter} < {bound}", cases, (letter < bound,), positive=(letter,))


@named
def sum_not_zero(letter: Any, other: Any) -> Cover:
    """The sum of two letters is positive or negative, as a condition of the claim says."""
    size = sp.Symbol(f"|{letter} + {other}|", positive=True)
    cases = ({letter: size - other}, {letter: -size - other})
    return Cover(f"{letter} + {other} positive or negative", cases, (sp.Ne(letter + other, 0),))


@named
def product_below(letter: Any, other: Any, bound: Any) -> Cover:
    """The product of two positive letters is less than ``bound``, as a condition says."""
    more = sp.Symbol(f"{letter}_below", positive=True)
    cases = ({letter: bound / (other * (1 + more))},)
    needs, positive = (letter * other < bound,), (letter, other)
    return Cover(f"{letter} {other} < {bound}", cases, needs, positive=positive)


@named
def above(letter: Any, bound: Any) -> Cover:
    """A ``letter`` is more than ``bound``, as a condition of the claim says."""
    more = sp.Symbol(f"{letter}_above", positive=True)
    return Cover(f"{letter} > {bound}", ({letter: bound + more},), (letter > bound,))


@named
def leading(matrix: Any, column: Any, words: str) -> Cover:
    """The largest eigenvalue is above minus the smallest, or below it, as a condition of the claim
    says; along the eigenvectors of the one that leads ``column`` has a part, as ``words`` among the
    assumptions of the claim say.

    The two may be equal or not.
    """
    if "not orthogonal" not in words:
        raise ValueError(f"{words!r} does not say that {column} has such a part")
    lead, apart = sp.symbols("lead apart", positive=True)
    at_top, at_bottom, *_ = parts(matrix, column)
    size = sp.Symbol("w_1", positive=True)
    top, bottom = largest(matrix), smallest(matrix)
    return Cover(
        f"{top} above or below {-bottom}, with a part of {column} where it leads",
        tuple(
            {top: (sign * lead + room) / 2, bottom: (sign * lead - room) / 2, weight: size}
            for sign, weight in ((1, at_top), (-1, at_bottom))
            for room in (apart, sp.Integer(0))
        ),
        (sp.Ne(top, -bottom),),
        assumes=(words,),
    )


@named
def not_zero(column: Any) -> Cover:
    """A ``column`` is not 0, as a condition of the claim says: a length times a direction."""
    way = Parameter(f"{column}_way", "direction of length 1", Array(column.shape[0], 1, "unit"))
    size = sp.Symbol(f"|{column}|", positive=True)
    needs = (inner(column, column) > 0,)
    return Cover(f"{column} is not 0", ({column: size * way.symbol},), needs, fresh=(way,))


@named
def has_length(column: Any, words: str) -> Cover:
    """A ``column`` is not 0, as ``words`` among the assumptions of the claim say."""
    size = sp.Symbol(f"|{column}|", positive=True)
    cases = ({inner(column, column): size**2, length(column): size},)
    return Cover(f"{column} is not 0", cases, assumes=(words,))


@named
def root_is_real(rate: Any, decay: Any, momentum: Any) -> Cover:
    """A positive ``rate`` times a positive ``decay`` is at most (1 - sqrt(momentum))^2, as a
    condition of the claim says, with a ``momentum`` between 0 and 1: (1 - m)^2 for m^2."""
    more = sp.Symbol(f"{decay}_below", nonnegative=True)
    room = sp.Symbol(f"{momentum}_root_room", positive=True)
    root = 1 / (1 + room)
    limit = (1 - sp.sqrt(momentum)) ** 2
    return Cover(
        f"{rate} {decay} <= (1 - sqrt({momentum}))^2",
        ({momentum: root**2, decay: (1 - root) ** 2 / (rate * (1 + more))},),
        (rate * decay <= limit,),
        positive=(rate, decay, momentum, 1 - momentum),
    )
