"""Hypothesis strategies built from the domains that parameters declare."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from theory import conditions, symbols
from theory.claim import Claim
from theory.domain import Array, DomainError, Integer, Parameter, Real


def scalars(parameter: Parameter) -> st.SearchStrategy[Any]:
    """Values of a scalar parameter: its typical range, cut to its domain."""
    domain = parameter.domain
    assert not isinstance(domain, Array)
    low, high = domain.typical
    if isinstance(domain, Integer):
        return st.integers(max(domain.low, int(low)), int(high))
    low, high = max(domain.low, low), min(domain.high, high)
    return st.floats(low, high, allow_nan=False).filter(domain.contains)


def matrices(domain: Array, sizes: dict[str, int]) -> st.SearchStrategy[Any]:
    """Arrays of the domain's kind, at the given sizes, with entries of ordinary magnitude."""
    rows = sizes[str(domain.rows)]
    columns = 1 if domain.columns == 1 else sizes[str(domain.columns)]
    entries = st.integers(-40, 40).map(lambda n: n / 8)
    plain = arrays(float, (rows, columns), elements=entries)
    if domain.kind == "varying":
        return plain.filter(lambda a: bool(np.ptp(a) > 0))
    if domain.kind == "symmetric":
        return plain.map(lambda a: (a + a.T) / 2)
    if domain.kind == "psd":
        return plain.map(lambda a: a @ a.T)
    if domain.kind == "definite":
        return plain.map(lambda a: a @ a.T + np.eye(rows))
    # from a seed: entries drawn one by one may be of any rank
    turns = st.integers(0, 2**32 - 1).map(lambda seed: np.linalg.qr(_normal(seed, rows))[0])
    if domain.kind == "orthogonal":
        return turns
    if domain.kind == "invertible":
        pairs = st.tuples(plain, turns)
        return pairs.map(lambda pair: (pair[0] @ pair[0].T + np.eye(rows)) @ pair[1])
    if domain.kind == "diagonal":
        scales = st.sampled_from([-3.0, -1.0, 0.25, 1.0, 4.0])
        return st.lists(scales, min_size=rows, max_size=rows).map(np.diag)
    if domain.kind == "unit":
        return plain.filter(lambda a: bool(np.any(a))).map(lambda a: a / math.hypot(*a[:, 0]))
    return plain


def _normal(seed: int, size: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(size, size))


def letters(claim: Claim) -> list[str]:
    """The letters that are sizes of the claim's arrays."""
    domains = [each.domain for each in claim.parameters if isinstance(each.domain, Array)]
    found = {str(size) for domain in domains for size in (domain.rows, domain.columns)}
    return sorted(found - {"1"})


def lowest(letter: str) -> int:
    """The smallest size that a letter of the house stands for."""
    parameter = getattr(symbols, letter, None)
    return parameter.domain.low if parameter is not None else 1


@st.composite
def values_of(draw: Any) -> Callable[[Claim], dict[str, Any]]:
    """A function that draws values for all parameters of a claim, with sizes in agreement and the
    claim's conditions fulfilled."""

    def of(claim: Claim) -> dict[str, Any]:
        sizes = {letter: draw(st.integers(lowest(letter), 5)) for letter in letters(claim)}
        drawn: dict[str, Any] = {}
        for parameter in claim.parameters:
            domain = parameter.domain
            if isinstance(domain, Array):
                drawn[parameter.name] = draw(matrices(domain, sizes))
            else:
                drawn[parameter.name] = draw(scalars(parameter))
        for _ in range(8):  # points outside a ball come into it
            if not fulfils(claim, drawn):
                drawn = {
                    each.name: drawn[each.name] / 2 if is_plain(each) else drawn[each.name]
                    for each in claim.parameters
                }
        assume(fulfils(claim, drawn))
        return drawn

    return of


def is_plain(parameter: Parameter) -> bool:
    """Whether a parameter is an array of any numbers."""
    return isinstance(parameter.domain, Array) and parameter.domain.kind == "any"


def fulfils(claim: Claim, values: dict[str, Any]) -> bool:
    """Whether the claim's conditions hold."""
    parameters = {each.name: each for each in claim.parameters}
    try:
        for condition in claim.conditions:
            conditions.check(condition, parameters, values)
    except DomainError:
        return False
    return True


__all__ = ["Real", "fulfils", "letters", "lowest", "matrices", "scalars", "values_of"]
