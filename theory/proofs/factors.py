"""Covers that write a matrix or a column in factors: a length and a direction, LL', deviations.

Each has one case, which is no restriction, and introduces the letters of its factors.
"""

from typing import Any

import sympy as sp

from theory.domain import Array, Parameter
from theory.functions.constants import ones
from theory.functions.covariances import correlation, diagonal_part, largest_correlation
from theory.functions.eigenvalues import smallest, smallest_positive
from theory.functions.matrices import det
from theory.proofs.covers import Cover, named
from theory.proofs.kernel.decide import Kernel


#: The words in which claims assume what covers of their letters take for granted.
WHITE = ("a sample covariance of full rank", "squared loss, the sample's own mean and covariance")
UNCORRELATED = "uncorrelated inputs: Sigma is diagonal"
SOFTMAX = "softmax's probabilities phi are positive and add up to 1"


def _is_of(factor: Parameter, *kinds: str) -> None:
    """Refuse a factor whose domain leaves something out."""
    if not isinstance(factor.domain, Array) or factor.domain.kind not in kinds:
        raise TypeError(f"{factor.name} is no {' or '.join(kinds)} matrix")


def direction(column: Any) -> Any:
    """The letter for the direction of a column."""
    return sp.MatrixSymbol(f"{column}_way", column.shape[0], 1)


def beside(column: Any) -> Any:
    """The letter for orthonormal columns that complete the direction of a column to a basis."""
    rows = column.shape[0]
    return sp.MatrixSymbol(f"{column}_beside", rows, rows - 1)


def length_of(column: Any) -> Any:
    """A length, any number from 0 on: x - 1/x with x >= 1, as its square plus 4 then has a root."""
    more = sp.Symbol(f"|{column}|", nonnegative=True)  # x - 1
    return more * (more + 2) / (more + 1)


def _direction(column: Any) -> Parameter:
    domain = Array(column.shape[0], 1, "unit")
    return Parameter(str(direction(column)), f"the direction of {column}", domain)


def _basis(way: Any, others: Any, square: Any = 1) -> dict[Any, Any]:
    """Products: the columns ``others`` complete the column ``way``, of this ``square``, to a basis
    of orthogonal columns."""
    rows = way.shape[0]
    return {
        others.T * others: sp.Identity(rows - 1),
        others.T * way: sp.ZeroMatrix(rows - 1, 1),
        others * others.T: sp.Identity(rows) - way * way.T / square,
    }


@named
def polar(column: Any) -> Cover:
    """A ``column`` is its length times a direction, which columns ``beside`` it complete."""
    way = direction(column)
    return Cover(
        f"{column} is a length times a direction",
        ({column: length_of(column) * way, **_basis(way, beside(column))},),
        fresh=(_direction(column),),
    )


@named
def polar_or_zero(column: Any) -> Cover:
    """A ``column`` is a positive length times a direction, or it is 0, beside any direction."""
    way, size = direction(column), sp.Symbol(f"|{column}|", positive=True)
    return Cover(
        f"{column} is a positive length times a direction, or 0",
        ({column: size * way}, {column: sp.ZeroMatrix(*column.shape)}),
        fresh=(_direction(column),),
    )


def contrasts(rows: Any) -> Any:
    """The letter for orthonormal columns of sum 0 that complete the column of ones to a basis."""
    return sp.MatrixSymbol(f"contrasts_{rows}", rows, rows - 1)


@named
def beside_ones(rows: Any) -> Cover:
    """Orthonormal columns of sum 0 complete the column of ones, over its length, to a basis."""
    return Cover(
        "orthonormal columns of sum 0 complete the column of ones to a basis",
        (_basis(ones(rows, 1), contrasts(rows), rows),),
    )


@named
def factored(matrix: Any, factor: Parameter) -> Cover:
    """A positive definite ``matrix`` is LL' with an invertible L."""
    _is_of(factor, "invertible")
    L = factor.symbol
    return Cover(
        f"{matrix} = {L}{L}'",
        ({matrix: L * L.T},),
        kinds={matrix: "definite"},
        fresh=(factor,),
    )


@named
def variances(column: Any, deviations: Parameter) -> Cover:
    """A ``column`` of variances has the squares of deviations that are not zero: its diagonal
    matrix is theirs, squared."""
    _is_of(deviations, "diagonal")
    scale = deviations.symbol
    return Cover(
        f"{column} are the squares of deviations that are not zero",
        ({sp.DiagMatrix(column): scale * scale},),
        fresh=(deviations,),
        assumes=(UNCORRELATED,),
    )


@named
def probabilities(column: Any, diagonal: Any, roots: Parameter) -> Cover:
    """A ``column`` of positive numbers of sum 1 is R r, and its ``diagonal`` matrix is R^2: R has
    their roots on the diagonal, and r, the column of the roots, has the length 1."""
    _is_of(roots, "diagonal")
    R, way = roots.symbol, direction(column)
    return Cover(
        f"{column} has positive entries of sum 1",
        ({diagonal: R * R, column: R * way, **_basis(way, beside(column))},),
        fresh=(roots, _direction(column)),
        assumes=(SOFTMAX,),
    )


@named
def white(data: Any) -> Cover:
    """Columns of ``data`` are standardised: their mean is 0, and their covariance is I."""
    rows, count = data.shape
    return Cover(
        f"{data} has mean 0 and covariance I",
        (
            {
                data * data.T: count * sp.Identity(rows),
                data * ones(count, 1): sp.ZeroMatrix(rows, 1),
            },
        ),
        assumes=WHITE,
    )


@named
def displaced(matrix: Any, factor: Parameter, column: Any, old: Any) -> Cover:
    """A positive definite ``matrix`` is LL' with an invertible L, and a ``column`` is an ``old``
    one plus L times a length times a direction."""
    L = factor.symbol
    moved = old + length_of(column) * L * direction(column)
    whole = factored(matrix, factor)
    return Cover(
        f"{whole.words}, and {column} is {old} plus {L} times a length times a direction",
        ({**whole.cases[0], column: moved},),
        kinds=whole.kinds,
        fresh=(factor, _direction(column)),
    )


@named
def whitened(data: Any, factor: Parameter, full_rank: Any) -> Cover:
    """Columns of ``data`` with a covariance LL' of full rank, as a condition says, are their mean
    plus L times columns Z of mean 0 and covariance I."""
    _is_of(factor, "invertible")
    rows, count = data.shape
    L, one = factor.symbol, ones(count, 1)
    around = data * (sp.Identity(count) - one * one.T / count) * data.T / count
    stated = full_rank.rhs.args[0]
    if full_rank != sp.Le(smallest_positive(stated), smallest(stated)):
        raise TypeError(f"{full_rank} is not that a covariance has full rank")
    if not Kernel(()).same(stated, around):
        raise TypeError(f"{stated} is not the covariance of {data}")
    mean, Z = (
        sp.MatrixSymbol(f"{data}_mean", rows, 1),
        sp.MatrixSymbol(f"{data}_white", rows, count),
    )
    return Cover(
        f"{data} is its mean plus {L} times columns of mean 0 and covariance I",
        (
            {
                data: mean * one.T + L * Z,
                Z * Z.T: count * sp.Identity(rows),
                Z * one: sp.ZeroMatrix(rows, 1),
            },
        ),
        needs=(full_rank,),
        fresh=(factor,),
    )


@named
def deviations_and_correlations(matrix: Any, deviations: Parameter) -> Cover:
    """A positive definite ``matrix`` is its correlations between its deviations; on an ``axis``, a
    column of the identity, a correlation of a letter with itself is 1."""
    _is_of(deviations, "diagonal")
    rows, scale, between = matrix.shape[0], deviations.symbol, correlations(matrix)
    domain = Array(rows, rows, "definite")
    return Cover(
        f"{matrix} is its correlations between its deviations",
        (
            {
                matrix: scale * between * scale,
                correlation(matrix): between,
                diagonal_part(between): sp.Identity(rows),
                axis(matrix).T * axis(matrix): sp.Identity(1),
                axis(matrix).T * between * axis(matrix): sp.Identity(1),
            },
        ),
        kinds={matrix: "definite"},
        fresh=(deviations, Parameter(str(between), f"the correlations of {matrix}", domain)),
    )


@named
def most_correlated(matrix: Any) -> Cover:
    """The correlations C of a positive definite ``matrix``: two axes, one of them perhaps turned
    round, have the largest correlation c; a single axis has none."""
    between, e, f = correlations(matrix), axis(matrix), axis(matrix, "f")
    more = sp.Symbol("correlation", nonnegative=True)
    c, one = more / (1 + more), sp.Identity(1)
    together, apart = sum_and_difference(matrix)
    unit = {correlation(matrix): between, e.T * e: one, e.T * between * e: one}
    two = {
        f.T * f: one,
        f.T * between * f: one,
        e.T * f: sp.ZeroMatrix(1, 1),
        e.T * between * f: c * one,
        together: (e + f) / sp.sqrt(2),
        apart: (e - f) / sp.sqrt(2),
        largest_correlation(matrix): c,
    }
    single = {together: e, apart: e, largest_correlation(matrix): sp.Integer(0)}
    domain = Array(matrix.shape[0], matrix.shape[0], "definite")
    return Cover(
        f"two axes have the largest correlation of {matrix}, or there is one axis",
        ({**unit, **two}, {**unit, **single}),
        kinds={matrix: "definite"},
        fresh=(Parameter(str(between), f"the correlations of {matrix}", domain),),
    )


def sum_and_difference(matrix: Any) -> tuple[Any, Any]:
    """The letters for the sum and the difference of two axes, of length 1."""
    return axis(matrix, "e_plus_f"), axis(matrix, "e_less_f")


@named
def determinant_of_correlations(matrix: Any) -> Cover:
    """The determinant of the correlations C of a positive definite ``matrix`` is positive: 1 - r^2
    with 0 <= r < 1, or more than 1. Their trace is the number of rows."""
    more = sp.Symbol("determinant", nonnegative=True)
    between = correlation(matrix)
    trace = {sp.Trace(between): matrix.shape[0]}
    return Cover(
        f"the determinant of {matrix}'s correlations is positive",
        (
            {det(between): 1 - (more / (1 + more)) ** 2, **trace},
            {det(between): 1 + more, **trace},
        ),
        kinds={matrix: "definite"},
    )


def correlations(matrix: Any) -> Any:
    """The letter for the correlations of a covariance matrix."""
    return sp.MatrixSymbol(f"{matrix}_corr", *matrix.shape)


def axis(matrix: Any, name: str = "e") -> Any:
    """The letter for a column of the identity of the size of a ``matrix``."""
    return sp.MatrixSymbol(name, matrix.shape[0], 1)
