"""Theorems about Gaussian columns: their variance, and their direction."""

from typing import Any

import sympy as sp

from companion.references import cite
from theory.functions.columns import inner, variance
from theory.functions.constants import ones
from theory.functions.heads_of_chance import OfChance
from theory.laws import ChiSquared, Coordinate, gaussian_column
from theory.proofs.uses import Statement, theorem


@theorem(cite("muirhead1982", "section 3.1"))
def law_of_a_variance(
    of: Any, chi: Any, column: Any, middle: Any, spread: Any, covariance: Any = None
) -> Statement:
    """Of B independent Gaussians of one mean and variance, B times the variance in the sample over
    the true variance is chi^2 of B - 1 degrees of freedom.

    The deviations alone may have that ``covariance`` of independent ones.
    """
    size = column.shape[0]
    given = spread * sp.Identity(size) if covariance is None else covariance
    centring = sp.Identity(size) - ones(size, 1) * ones(1, size) / size
    return Statement(
        in_place_of(of, chi, size * variance(column) / spread, column),
        of,
        equal=((centring * given * centring, spread * centring),),
        positive=(spread, size - 1),
        laws=(_gaussian(column, middle, given), (chi, ChiSquared(size - 1))),
    )


@theorem(cite("muirhead1982", "section 1.5, spherical laws"))
def law_of_a_direction(
    of: Any, coordinate: Any, axis: Any, column: Any, middle: Any, spread: Any
) -> Statement:
    """Of B independent Gaussians of one mean and variance the deviations from the mean have a
    direction that is uniform in B - 1 dimensions: along a unit vector orthogonal to 1 it has the
    law of one of its coordinates."""
    size = column.shape[0]
    if axis.has(column):
        raise TypeError(f"{axis} is not independent of {column}")
    one = ones(size, 1)
    return Statement(
        in_place_of(of, coordinate, inner(axis, column) / sp.sqrt(size * variance(column)), column),
        of,
        equal=((inner(axis, axis), sp.Integer(1)), (inner(one, axis), sp.Integer(0))),
        positive=(spread, size - 2),
        laws=(
            _gaussian(column, middle, spread * sp.Identity(size)),
            (coordinate, Coordinate(size - 1)),
        ),
    )


def _gaussian(column: Any, middle: Any, covariance: Any) -> tuple[Any, Any]:
    return column, gaussian_column(covariance, middle * ones(column.shape[0], 1))


def in_place_of(of: Any, letter: Any, value: Any, column: Any) -> Any:
    """``of`` with the value in the place of a random letter, which it holds under means,
    probabilities and densities alone."""
    rest = of.xreplace({head: sp.Dummy() for head in of.atoms(OfChance)})
    if rest.has(letter) or of.has(column):
        raise TypeError(f"{letter} stands outside of what depends on its law alone")
    return of.subs(letter, value)
