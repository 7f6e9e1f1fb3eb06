"""Index arguments: matrix expressions of any size, written out entry by entry and compared.

An entry of an expression is a sum, over indices, of products of entries of letters. The rows of
``kron(A, S)`` and of ``vec(W)`` have two indices each, so that a Kronecker product of any size is a
plain product, (A (x) S)_(ik)(jl) = A_ij S_kl. Two expressions are equal when their sums have the
same terms up to the names of the indices that are summed over.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count, permutations, product
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.expressions.special import OneMatrix

from theory.claim import Step
from theory.functions.covariances import diagonal_part
from theory.functions.matrices import centred, khatri_rao, kron, squares, vec
from theory.proofs.tactics import tactic


@dataclass(frozen=True, order=True)
class Index:
    """An index of a dimension; free ones (of the entry that is compared) have negative numbers."""

    size: str
    number: int


Indices = tuple[Index, ...]
Factor = tuple[str, Indices]


@dataclass(frozen=True)
class Term:
    """``coefficient`` times the product of ``factors``, summed over the indices ``bound``."""

    coefficient: sp.Expr
    factors: tuple[Factor, ...] = ()
    bound: frozenset[Index] = frozenset()

    def __mul__(self, other: "Term") -> "Term":
        return Term(
            self.coefficient * other.coefficient,
            self.factors + other.factors,
            self.bound | other.bound,
        )


@tactic
def entrywise(words: str, left: Any, right: Any, symmetric: Iterable[Any] = ()) -> Step:
    """``left = right`` at general size, entry by entry; the letters ``symmetric`` equal their
    transposes.

    >>> from theory.symbols import A, S
    >>> a, s = sp.MatrixSymbol("a", *A.symbol.shape), sp.MatrixSymbol("s", *S.symbol.shape)
    >>> left = kron(A.symbol, S.symbol) * kron(a, s)
    >>> entrywise("The mixed product.", left, kron(A.symbol * a, S.symbol * s)).holds()
    True
    >>> entrywise("In the wrong order.", left, kron(A.symbol.T * a, S.symbol * s)).holds()
    False
    """
    names = frozenset(str(letter) for letter in symmetric)
    statement = sp.Eq(left, right, evaluate=False)
    return Step(
        words,
        statement,
        lambda: normal_sum(left, names) == normal_sum(right, names),
        normal=lambda side: _written(normal_sum(side, names)),
        rules={letter.T: letter for letter in symmetric},
    )


def normal_sum(expression: Any, symmetric: frozenset[str] = frozenset()) -> dict[Any, sp.Expr]:
    """The terms of an entry of ``expression``, summed indices named canonically."""
    expression = sp.sympify(expression)
    rows, columns = dimensions(expression)
    numbers = count(1)
    free = [Index(size, -next(numbers)) for size in (*rows, *columns)]
    terms: dict[Any, sp.Expr] = {}
    for term in _terms(expression, tuple(free[: len(rows)]), tuple(free[len(rows) :]), numbers):
        coefficient, key = _canonical(term, symmetric)
        terms[key] = sp.expand(terms.get(key, sp.Integer(0)) + coefficient)
    return {key: total for key, total in terms.items() if total != 0}


def _written(terms: dict[Any, sp.Expr]) -> str:
    """A sum of products of entries; a letter and a number name an index."""
    products = [
        " ".join([str(coefficient), *(f"{letter}[{_names(indices)}]" for letter, indices in key)])
        for key, coefficient in sorted(terms.items())
    ]
    return " + ".join(products) or "0"


def _names(indices: Indices) -> str:
    return ",".join(f"{index.size}{index.number}".replace("-", "_") for index in indices)


def dimensions(expression: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The sizes that the rows and the columns of ``expression`` are indexed by."""
    if not _is_matrix(expression):
        return (), ()
    if isinstance(expression, sp.Transpose):
        rows, columns = dimensions(expression.arg)
        return columns, rows
    if isinstance(expression, kron):
        (rows, columns), (inner_rows, inner_columns) = map(dimensions, expression.args)
        return rows + inner_rows, columns + inner_columns
    if isinstance(expression, vec):
        rows, columns = dimensions(expression.args[0])
        return columns + rows, ()
    if isinstance(expression, khatri_rao):
        (rows, columns), (inner_rows, _) = map(dimensions, expression.args)
        return rows + inner_rows, columns
    if isinstance(expression, sp.MatMul):
        factors = [factor for factor in expression.args if _is_matrix(factor)]
        return dimensions(factors[0])[0], dimensions(factors[-1])[1]
    if isinstance(expression, (sp.MatAdd, sp.MatPow, squares, centred, diagonal_part)):
        return dimensions(expression.args[0])
    if not isinstance(expression, (sp.MatrixSymbol, sp.Identity, OneMatrix, sp.ZeroMatrix)):
        raise NotImplementedError(f"no index argument for {type(expression).__name__}")
    rows, columns = expression.shape
    return () if rows == 1 else (str(rows),), () if columns == 1 else (str(columns),)


def _terms(expression: Any, rows: Indices, columns: Indices, numbers: count) -> Iterator[Term]:
    """The terms of the entry (rows, columns) of ``expression``."""
    if isinstance(expression, (sp.Add, sp.MatAdd)):
        for summand in expression.args:
            yield from _terms(summand, rows, columns, numbers)
    elif isinstance(expression, sp.MatMul):
        yield from _chain(expression.args, rows, columns, numbers)
    elif isinstance(expression, sp.Mul):
        yield from _products([_terms(each, (), (), numbers) for each in expression.args])
    elif isinstance(expression, (sp.Pow, sp.MatPow)) and expression.exp.is_Integer:
        if expression.exp > 0 and (_is_matrix(expression) or expression.atoms(sp.Trace)):
            factors = [expression.base] * int(expression.exp)
            yield from _chain(factors, rows, columns, numbers)
        else:
            yield Term(expression)
    elif isinstance(expression, sp.Transpose):
        yield from _terms(expression.arg, columns, rows, numbers)
    elif isinstance(expression, sp.Trace):
        along = _fresh(dimensions(expression.arg)[0], numbers)
        for term in _terms(expression.arg, along, along, numbers):
            yield term * Term(sp.Integer(1), bound=frozenset(along))
    elif isinstance(expression, (kron, khatri_rao)):
        first, second = expression.args
        cut, side = len(dimensions(first)[0]), len(dimensions(first)[1])
        shared = isinstance(expression, khatri_rao)
        yield from _products(
            [
                _terms(first, rows[:cut], columns if shared else columns[:side], numbers),
                _terms(second, rows[cut:], columns if shared else columns[side:], numbers),
            ]
        )
    elif isinstance(expression, vec):
        cut = len(dimensions(expression.args[0])[1])
        yield from _terms(expression.args[0], rows[cut:], rows[:cut], numbers)
    elif isinstance(expression, squares):
        copies = [expression.args[0]] * 2
        yield from _products([_terms(each, rows, columns, numbers) for each in copies])
    elif isinstance(expression, centred):
        (matrix,), size = expression.args, expression.shape[0]
        means = OneMatrix(size, size) * matrix / size
        yield from _terms(matrix - means, rows, columns, numbers)
    elif isinstance(expression, diagonal_part):
        equal = Term(sp.Integer(1), (("delta", rows + columns),))
        yield from (t * equal for t in _terms(expression.args[0], rows, columns, numbers))
    elif isinstance(expression, sp.Identity):
        yield Term(sp.Integer(1), (("delta", rows + columns),) if rows else ())
    elif isinstance(expression, OneMatrix):
        yield Term(sp.Integer(1))
    elif isinstance(expression, sp.MatrixSymbol):
        yield Term(sp.Integer(1), ((str(expression), rows + columns),))
    elif not _is_matrix(expression):
        yield Term(expression)
    elif not isinstance(expression, sp.ZeroMatrix):  # which has no terms
        raise NotImplementedError(f"no index argument for {type(expression).__name__}")


def _chain(factors: Any, rows: Indices, columns: Indices, numbers: count) -> Iterator[Term]:
    """A product of matrices: neighbours share an index that is summed over."""
    matrices = [factor for factor in factors if _is_matrix(factor)]
    scalars = [_terms(factor, (), (), numbers) for factor in factors if not _is_matrix(factor)]
    inner = [_fresh(dimensions(each)[1], numbers) for each in matrices[:-1]]
    bounds = [rows, *inner, columns]
    entries = [_terms(each, bounds[i], bounds[i + 1], numbers) for i, each in enumerate(matrices)]
    summed = Term(sp.Integer(1), bound=frozenset(index for each in inner for index in each))
    for term in _products([*scalars, *entries]):
        yield term * summed


def _products(factors: list[Iterator[Term]]) -> Iterator[Term]:
    for choice in product(*map(list, factors)):
        total = Term(sp.Integer(1))
        for term in choice:
            total = total * term
        yield total


def _fresh(sizes: Iterable[str], numbers: count) -> Indices:
    return tuple(Index(size, next(numbers)) for size in sizes)


def _canonical(term: Term, symmetric: frozenset[str]) -> tuple[sp.Expr, Any]:
    """Coefficient and name of a term: deltas used up, unused sums counted, indices renumbered."""
    factors, bound = _without_deltas(list(term.factors), set(term.bound))
    used = {index for _, indices in factors for index in indices}
    coefficient = term.coefficient
    for index in bound - used:
        coefficient *= sp.Symbol(index.size, integer=True, positive=True)
    classes: dict[str, list[Index]] = {}
    for index in sorted(bound & used):
        classes.setdefault(index.size, []).append(index)
    names = []
    for orders in product(*(permutations(range(len(each))) for each in classes.values())):
        renamed = {
            index: Index(index.size, number)
            for each, order in zip(classes.values(), orders, strict=True)
            for index, number in zip(each, order, strict=True)
        }
        names.append(tuple(sorted(_renamed(factor, renamed, symmetric) for factor in factors)))
    return coefficient, min(names)


def _renamed(factor: Factor, names: dict[Index, Index], symmetric: frozenset[str]) -> Factor:
    letter, indices = factor
    indices = tuple(names.get(index, index) for index in indices)
    return letter, tuple(sorted(indices)) if letter in symmetric | {"delta"} else indices


def _without_deltas(factors: list[Factor], bound: set[Index]) -> tuple[list[Factor], set[Index]]:
    """Every sum over an index that a delta ties to another is carried out."""
    for position, (letter, indices) in enumerate(factors):
        if letter != "delta":
            continue
        one, other = indices
        rest = factors[:position] + factors[position + 1 :]
        if one == other:
            return _without_deltas(rest, bound)
        if one not in bound:
            one, other = other, one
        if one in bound:
            replaced = [_renamed(each, {one: other}, frozenset()) for each in rest]
            return _without_deltas(replaced, bound - {one})
    return factors, bound


def _is_matrix(expression: Any) -> bool:
    return isinstance(expression, MatrixExpr)
