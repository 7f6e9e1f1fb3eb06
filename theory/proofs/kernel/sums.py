"""Finite sums over an index, brought to one form."""

from typing import Any

import sympy as sp


def normal(total: sp.Sum) -> Any:
    """A finite sum term by term, constants before it, the index named by its depth.

    >>> i, k, n = sp.symbols("i k n", integer=True)
    >>> x = sp.IndexedBase("x")
    >>> normal(sp.Sum(2 * x[k] + 1, (k, 1, n)))
    n + 2*Sum(x[i], (i, 1, n))
    >>> W = sp.IndexedBase("W")
    >>> normal(sp.Sum(x[i] * sp.Sum(W[i, k], (k, 1, n)), (i, 1, n)))
    Sum(x[i1]*Sum(W[i1, i], (i, 1, n)), (i1, 1, n))
    """
    *inner, (named, low, high) = total.limits
    function = sp.Sum(total.function, *inner) if inner else total.function
    index = sp.Dummy(named.name, integer=True)  # no sum inside may take its name
    body = function.subs(named, index).replace(lambda part: isinstance(part, sp.Sum), normal)
    result = sp.Integer(0)
    for term in sp.Add.make_args(sp.expand(sp.powsimp(sp.expand(body)))):
        outside, inside = sp.powsimp(term).as_independent(index, as_Add=False)
        inside = sp.expand(inside)
        name = _name(inside)
        count = high - low + 1
        summand = inside.subs(index, name)
        result += outside * (count if inside == 1 else sp.Sum(summand, (name, low, high)))
    return result


def _name(inside: Any) -> sp.Symbol:
    """The name of an index by the depth of the sums inside; none that stands there already."""
    depth = _depth(inside)
    while (name := sp.Symbol(f"i{depth or ''}", integer=True)) in inside.free_symbols:
        depth += 1
    return name


def _depth(expression: Any) -> int:
    """How many sums stand inside one another."""
    inner = list(expression.atoms(sp.Sum))
    return 1 + max(map(_depth, (each.function for each in inner))) if inner else 0
