"""Covers that write a matrix or a column in factors: a length and a direction, LL', deviations.

Each has one case, which is no restriction, and introduces the letters of its factors.
"""

from typing import Any

import sympy as sp

from theory.domain import Array, Parameter
from theory.functions.constants import ones
from theory.functions.eigenvalues import smallest, smallest_positive
from theory.proofs.covers import Cover, named
from theory.proofs.kernel.decide import Kernel

#: The words in which claims assume what covers of their letters take for granted.
WHITE = ("a sample covariance of full rank", "squared loss, the sample's own mean and covariance")
UNCORRELATED = "uncorrelated inputs: Sigma is diagonal"
SOFTMAX = "softmax's probabilities phi are positive and add up to 1"


def speaks_of_statistics(words: str) -> None:
    """Refuse words of a claim that do not speak of the mean or the statistics of its data."""
    if not any(each in words for each in ("mean", "statistics")):
        raise TypeError(f"{words!r} says nothing of a mean or of statistics")


def is_of(factor: Parameter, *kinds: str) -> None:
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
    is_of(factor, "invertible")
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
    is_of(deviations, "diagonal")
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
    is_of(roots, "diagonal")
    R, way = roots.symbol, direction(column)
    return Cover(
        f"{column} has positive entries of sum 1",
        ({diagonal: R * R, column: R * way, **_basis(way, beside(column))},),
        fresh=(roots, _direction(column)),
        assumes=(SOFTMAX,),
    )


@named
def white(data: Any, words: str) -> Cover:
    """Columns of ``data`` are standardised, as ``words`` among the assumptions of the claim say:
    their mean is 0, and their covariance is I."""
    speaks_of_statistics(words)
    rows, count = data.shape
    return Cover(
        f"{data} has mean 0 and covariance I",
        (
            {
                data * data.T: count * sp.Identity(rows),
                data * ones(count, 1): sp.ZeroMatrix(rows, 1),
            },
        ),
        assumes=(words,),
    )


@named
def sample_of(data: Any, mean: Any, covariance: Any, words: str) -> Cover:
    """Columns of ``data`` have this ``mean`` and this ``covariance``, as ``words`` among the
    assumptions of the claim say: they are the mean plus deviations of sum 0."""
    speaks_of_statistics(words)
    rows, count = data.shape
    one, deviations = ones(count, 1), sp.MatrixSymbol(f"{data}_less_mean", rows, count)
    return Cover(
        f"{data} has the mean {mean} and the covariance {covariance}",
        (
            {
                data: mean * one.T + deviations,
                deviations * deviations.T: count * covariance,
                deviations * one: sp.ZeroMatrix(rows, 1),
            },
        ),
        assumes=(words,),
        about=(mean, covariance),
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
    is_of(factor, "invertible")
    rows, count = data.shape
    L, one = factor.symbol, ones(count, 1)
    around = data * (sp.Identity(count) - one * one.T / count) * data.T / count
    (stated,) = {each.args[0] for each in full_rank.atoms(smallest_positive, smallest)} or {data}
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
