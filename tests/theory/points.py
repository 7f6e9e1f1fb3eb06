"""Points of a domain: in the middle, at its edges and far out; and matrices of every kind."""

import itertools
import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import sympy as sp

from tests.strategies import fulfils, is_plain, letters
from theory.claim import Claim
from theory.domain import Array, Integer, Parameter

FAR = 1e60  # its fourth power, and that one's inverse, are floats
NEAR = 2.0**-52
LONG = 10**5


def scalar_points(claim: Claim) -> list[dict[str, Any]]:
    """For a claim without arrays: each letter at each of its places while the others are ordinary,
    and all letters at their places of one rank; what breaks a condition is left out."""
    names = [each.name for each in claim.parameters]
    places = [_places(each) for each in claim.parameters]
    if any(part.has(sp.Sum) for part in claim.closed_form._named.values()):
        places = [[x for x in each if x < LONG] for each in places]  # see test_long_sums
    ordinary = [each[0] for each in places]
    found = {tuple(ordinary)}
    for i, here in enumerate(places):
        found |= {(*ordinary[:i], place, *ordinary[i + 1 :]) for place in here}
    longest = max((len(each) for each in places), default=0)
    found |= {tuple(each[rank % len(each)] for each in places) for rank in range(longest)}
    points = (dict(zip(names, each, strict=True)) for each in sorted(found))
    return [point for point in points if fulfils(claim, point)]


def _places(parameter: Parameter) -> list[Any]:
    """An ordinary value, the edges of the domain, next to them, and far out."""
    domain = parameter.domain
    assert not isinstance(domain, Array)
    low, high = domain.low, domain.high
    if isinstance(domain, Integer):
        far = [1000, LONG] if high > LONG else [high]
        return [max(low, domain.typical[1]), low, low + 1, low + 2, *map(int, far)]
    usual = sum(domain.typical) / 2 + (domain.typical[1] - domain.typical[0]) / 8
    if math.isinf(low):
        return [usual, 0.0, -8.0, 1e-9, -1e9, FAR, -1 / FAR]
    near = low + NEAR * abs(low) if low else 1 / FAR
    bottom = [low] if domain.closed else [near]
    if math.isinf(high):
        return [usual, *bottom, low + 1e-9, low + 1e9, low + FAR]
    top = [high] if domain.closed else [high - NEAR]
    return [usual, *bottom, *top, low + 1e-9, high - 1e-9]


def matrix_points(claim: Claim) -> Iterator[dict[str, Any]]:
    """For a claim with arrays: exact numbers of order 1 and of two sizes."""
    for size, scalar in ((3, Fraction(1, 16)), (2, Fraction(2, 7))):
        sizes = dict.fromkeys(letters(claim), size)
        if "p" in sizes:
            sizes["p"] += 1  # so that the covariance of the examples has full rank
        point: dict[str, Any] = {}
        for rank, each in enumerate(claim.parameters):
            if isinstance(each.domain, Array):
                point[each.name] = _array(each.domain, sizes, rank)
            elif isinstance(each.domain, Integer):
                point[each.name] = sizes.get(each.name, max(each.domain.low, 2))
            else:
                point[each.name] = scalar
        for _ in range(4):  # points outside a ball come into it
            if not fulfils(claim, point):
                point = {
                    each.name: halved(point[each.name]) if is_plain(each) else point[each.name]
                    for each in claim.parameters
                }
        if fulfils(claim, point):
            yield point


def halved(value: Any) -> Any:
    """Half of a number, or of all numbers of a list."""
    return [halved(entry) for entry in value] if isinstance(value, list) else value / 2


def _array(domain: Array, sizes: dict[str, int], rank: int) -> list[Any]:
    """Fractions with few digits, of the domain's kind."""
    rows = sizes[str(domain.rows)]
    columns = 1 if domain.columns == 1 else sizes[str(domain.columns)]
    numbers = itertools.count(5 * rank + 1)
    plain = [
        [Fraction(next(numbers) ** 2 * 7 % 19 - 8, 8) for _ in range(columns)] for _ in range(rows)
    ]
    if domain.kind == "unit":
        column = [Fraction(3, 5), Fraction(0), Fraction(4, 5)]
        return column if rows == 3 else [Fraction(3, 5), Fraction(-4, 5)]
    if columns == 1:
        return [row[0] for row in plain]
    if domain.kind in ("psd", "definite", "symmetric", "invertible"):
        plain = [[plain[i][j] + plain[j][i] for j in range(rows)] for i in range(rows)]
        if domain.kind != "symmetric":
            for i in range(rows):
                plain[i][i] += 8
    if domain.kind == "diagonal":
        return [[Fraction((i + 2) * (i == j)) for j in range(rows)] for i in range(rows)]
    if domain.kind == "orthogonal":
        turn = [[Fraction(3, 5), Fraction(-4, 5)], [Fraction(4, 5), Fraction(3, 5)]]
        if rows == 2:
            return turn
        return [
            [*turn[0], Fraction(0)],
            [*turn[1], Fraction(0)],
            [Fraction(0), Fraction(0), Fraction(1)],
        ]
    return plain
