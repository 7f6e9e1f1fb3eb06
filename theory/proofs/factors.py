"""Covers that write a matrix or a column in factors: a length and a direction, LL', deviations.

Each has one case, which is no restriction, and introduces the letters of its factors.
"""

from typing import Any

import sympy as sp

from theory.domain import Array, Parameter
from theory.functions.constants import ones
from theory.functions.covariances import correlation, diagonal_part
from theory.proofs.covers import Cover


def direction(column: Any) -> Any:
    """The letter for the direction of a column."""
    return sp.MatrixSymbol(f"{column}_way", column.shape[0], 1)


def beside(column: Any) -> Any:
    """The letter for orthonormal columns that complete the direction of a column to a basis."""
    rows = column.shape[0]
    return sp.MatrixSymbol(f"{column}_beside", rows, rows - 1)


def length_of(column: Any) -> Any:
    """The letter for the length of a column."""
    return sp.Symbol(f"|{column}|", nonnegative=True)


def _direction(column: Any) -> Parameter:
    domain = Array(column.shape[0], 1, "unit")
    return Parameter(str(direction(column)), f"the direction of {column}", domain)


def _basis(way: Any, others: Any) -> dict[Any, Any]:
    """Rules: the columns ``others`` complete the unit vector ``way`` to a basis."""
    rows = way.shape[0]
    return {
        others.T * others: sp.Identity(rows - 1),
        others.T * way: sp.ZeroMatrix(rows - 1, 1),
        others * others.T: sp.Identity(rows) - way * way.T,
    }


def polar(column: Any) -> Cover:
    """A ``column`` is its length times a direction, which columns ``beside`` it complete."""
    return Cover(
        f"{column} is a length times a direction",
        ({column: length_of(column) * direction(column)},),
        fresh=(_direction(column),),
        rules=_basis(direction(column), beside(column)),
    )


def factored(matrix: Any, factor: Parameter) -> Cover:
    """A positive definite ``matrix`` is LL' with an invertible L."""
    L = factor.symbol
    return Cover(
        f"{matrix} = {L}{L}'",
        ({matrix: L * L.T},),
        kinds={matrix: "definite"},
        fresh=(factor,),
    )


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


def whitened(data: Any, mean: Any, factor: Parameter, full_rank: Any) -> Cover:
    """Columns of ``data`` with a covariance LL' of full rank, as a condition says, are their mean
    plus L times columns Z of mean 0 and covariance I."""
    rows, count = data.shape
    L, Z = factor.symbol, sp.MatrixSymbol(f"{data}_white", rows, count)
    one = ones(count, 1)
    return Cover(
        f"{data} is its mean plus {L} times columns of mean 0 and covariance I",
        ({data: mean * one.T + L * Z},),
        needs=(full_rank,),
        fresh=(factor,),
        rules={Z * Z.T: count * sp.Identity(rows), Z * one: sp.ZeroMatrix(rows, 1)},
    )


def deviations_and_correlations(matrix: Any, deviations: Parameter) -> Cover:
    """A positive definite ``matrix`` is its correlations between its deviations, and a correlation
    of a letter with itself is 1."""
    rows, scale = matrix.shape[0], deviations.symbol
    correlations = Parameter(
        f"{matrix}_corr", f"the correlations of {matrix}", Array(rows, rows, "definite")
    )
    between = correlations.symbol
    return Cover(
        f"{matrix} is its correlations between its deviations",
        (
            {
                matrix: scale * between * scale,
                correlation(matrix): between,
                diagonal_part(between): sp.Identity(rows),
            },
        ),
        kinds={matrix: "definite"},
        fresh=(deviations, correlations),
    )
