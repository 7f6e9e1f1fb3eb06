"""What both printers share: the order of terms, signs, products of matrices, norms, chains."""

from collections.abc import Iterable
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.expressions.special import OneMatrix

from theory.functions.columns import inner
from theory.symbols import damping, eps

#: Numbers that are added to something else come last: var(y) + eps.
ADDED = {eps.name, damping.name}


def terms(total: Any) -> list[Any]:
    """The terms of a sum as they are written."""
    if isinstance(total, sp.MatAdd) or total.has(sp.Integral):
        return ordered(total.args)  # to order integrals SymPy would compute them by quadrature
    return ordered(total.as_ordered_terms())


def ordered(terms: Iterable[Any]) -> list[Any]:
    """The terms of a sum: a positive one first, 1 + beta but N + 1, a matrix before products."""
    terms = list(terms)
    if any(isinstance(term, MatrixExpr) for term in terms):
        return sorted(terms, key=_place_of_matrix)
    numbers = [term for term in terms if term.is_Rational and term.is_positive]
    if numbers and not all(term.is_integer for term in terms if term not in numbers):
        terms = numbers + _upwards([term for term in terms if term not in numbers])
    terms = sorted(terms, key=_is_added)
    first = next((place for place, term in enumerate(terms) if not is_negative(term)), 0)
    return [terms[first], *terms[:first], *terms[first + 1 :]]


def _upwards(terms: list[Any]) -> list[Any]:
    """Behind a number: the powers of a single letter upwards, else as they are."""
    one_letter = len(set().union(*(term.free_symbols for term in terms))) == 1
    return terms[::-1] if one_letter else terms


def _is_added(term: Any) -> bool:
    return not term.has(sp.Function) and any(each.name in ADDED for each in term.free_symbols)


def _place_of_matrix(term: Any) -> tuple[bool, bool, int]:
    scalar, matrices = factors(term)
    added = _is_added(scalar) and len(matrices) == 1
    plain = scalar in (1, -1) and len(matrices) == 1 and not isinstance(matrices[0], OneMatrix)
    identity = plain and isinstance(matrices[0], sp.Identity)
    return added, is_negative(term), 0 if identity else 1 if plain else 2


def is_negative(term: Any) -> bool:
    """Whether a term is written with a minus."""
    if isinstance(term, sp.MatMul):
        return bool(factors(term)[0].could_extract_minus_sign())
    return not isinstance(term, MatrixExpr) and bool(term.could_extract_minus_sign())


def factors(term: Any) -> tuple[Any, list[Any]]:
    """The number and the matrices of a product, nested ones too; I of one row is the number 1."""
    if not isinstance(term, sp.MatMul):
        return (sp.S.One, [term]) if isinstance(term, MatrixExpr) else (term, [])
    numbers: list[Any] = []
    matrices: list[Any] = []
    for each in term.args:
        scalar, own = factors(each) if isinstance(each, sp.MatMul) else (sp.S.One, [each])
        numbers.append(scalar)
        for factor in own:
            (matrices if getattr(factor, "is_Matrix", False) else numbers).append(factor)
    kept = [each for each in matrices if not is_one(each)]
    return sp.Mul(*numbers), kept or matrices[:1]


def is_one(matrix: Any) -> bool:
    """Whether a matrix is the number 1."""
    one_row = getattr(matrix, "shape", None) == (1, 1)
    return one_row and isinstance(matrix, sp.Identity | OneMatrix)


def size_shown(size: Any) -> Any:
    """The size that an identity or a column of ones shows: one of the rarer sizes, else None.

    A plain letter, such as N, follows from what stands beside it. N - 1 does not, nor does a letter
    that tells two sizes apart. Without it, ones of two sizes would look the same.
    """
    size = sp.sympify(size)
    plain = size.is_Integer or (size.is_Symbol and len(size.name) == 1)
    return None if plain else size


def is_ones(matrix: Any) -> bool:
    """Whether a matrix is the column of ones."""
    return isinstance(matrix, OneMatrix) and matrix.shape[1] == 1


def of_norm(value: Any) -> tuple[Any, Any] | None:
    """(x, p) where a value is the power p of the length of the column x."""
    base, exponent = value.as_base_exp() if isinstance(value, sp.Pow) else (value, sp.S.One)
    column = _squared(base)
    return None if column is None else (column, 2 * exponent)


def of_length(power: Any) -> Any:
    """A power of a letter such as |d|^2 as one of |d|; None of any other."""
    base, exponent = power.as_base_exp()
    if isinstance(base, sp.Symbol) and base.name.endswith("|^2"):
        length = sp.Symbol(base.name.removesuffix("^2"), positive=True)
        return length ** (2 * exponent)
    return None


def _squared(base: Any) -> Any:
    if isinstance(base, inner) and base.args[0] == base.args[1]:
        return base.args[0]
    if isinstance(base, sp.Trace) and isinstance(base.arg, sp.MatMul) and len(base.arg.args) == 2:
        left, right = base.arg.args
        if getattr(right, "shape", (0, 0))[1] == 1 and left == right.T:
            return right
    return None


def leading_digits(number: Any) -> str | None:
    """The first digits of a number that has many; None of one that is written in full.

    >>> leading_digits(sp.Float("0.21723362821122165741", 20)), leading_digits(sp.Float("0.25"))
    ('0.2172336', None)
    """
    text = f"{float(number):.15g}"
    if "e" in text or len(text.lstrip("-0.")) < 12:
        return None
    return text[: len(text) - len(text.lstrip("-0.")) + 7].rstrip(".")


def is_at_a_place(value: Any) -> bool:
    """Whether a value has letters put in behind it, to which no script belongs."""
    if isinstance(value, sp.UnevaluatedExpr):
        value = value.args[0]
    return isinstance(value, sp.Subs)


def is_number(value: Any) -> bool:
    """Whether a value is the trace of a single number, which is the number."""
    return isinstance(value, sp.Trace) and value.arg.shape == (1, 1) and of_norm(value) is None


def chained(conditions: Iterable[Any]) -> list[list[Any]]:
    """Inequalities as chains [a, "<", b, "<=", c]; what joins no other stands alone as it is."""
    links = [_upward(each) for each in conditions]
    chains: list[list[Any]] = []
    while links:
        condition, chain = links.pop(0)
        while joining := [link for link in links if _join(chain, link[1])]:
            links.remove(joining[0])
            chain = _join(chain, joining[0][1])
        chains.append(chain if len(chain) > 3 else [condition])
    return chains


def _join(chain: list[Any], other: list[Any]) -> list[Any]:
    """Both as one chain, empty where they share no end."""
    if other and chain and other[0] == chain[-1]:
        return chain + other[1:]
    return other[:-1] + chain if other and chain and other[-1] == chain[0] else []


def _upward(condition: Any) -> tuple[Any, list[Any]]:
    """A condition, and with it an inequality with the smaller side first."""
    sign = getattr(condition, "rel_op", "")
    if sign in ("<", "<="):
        return condition, [condition.lhs, sign, condition.rhs]
    if sign in (">", ">="):
        return condition, [condition.rhs, sign.replace(">", "<"), condition.lhs]
    return condition, []
