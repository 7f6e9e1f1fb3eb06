"""Covers that write a covariance matrix by its deviations and its correlations."""

from typing import Any

import sympy as sp

from theory.domain import Array, Parameter
from theory.functions.covariances import correlation, diagonal_part, largest_correlation
from theory.functions.matrices import det
from theory.proofs.covers import Cover, named
from theory.proofs.factors import is_of


@named
def deviations_and_correlations(matrix: Any, deviations: Parameter) -> Cover:
    """A positive definite ``matrix`` is its correlations between its deviations; on an ``axis``, a
    column of the identity, a correlation of a letter with itself is 1."""
    is_of(deviations, "diagonal")
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
