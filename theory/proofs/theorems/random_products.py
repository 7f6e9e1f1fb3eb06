"""Theorems on products of many random matrices, and on the series of their moments."""

from typing import Any

import sympy as sp

from companion.references import cite
from theory.functions.eigenvalues import largest
from theory.functions.heads_of_chance import E
from theory.functions.heads_of_series import gaussian_product, inverse_coefficient, inverse_radius
from theory.proofs.uses import Statement, theorem

w = sp.Symbol("w", positive=True)


def factors(depth: Any) -> sp.Lambda:
    """What the series of a product of ``depth`` Gaussian matrices solves: each brings 1 + w."""
    return sp.Lambda(w, (1 + w) ** (depth + 1))


def _are_whole(*numbers: Any) -> None:
    if not all(sp.sympify(each).is_integer for each in numbers):
        raise TypeError(f"{numbers} are not whole")


@theorem(cite("pensonzyczkowski2011"))
def moments_of_gaussian_products(width: Any, depth: Any, order: Any) -> Statement:
    """For a product M of l square Gaussian matrices tr (MM')^k over the width tends to the
    coefficient of z^k in the w that solves w = z (1 + w)^(l + 1)."""
    _are_whole(depth, order)
    product = gaussian_product(width, depth)
    return Statement(
        sp.Limit(E(sp.Trace((product * product.T) ** order)) / width, width, sp.oo),
        inverse_coefficient(factors(depth), order),
        positive=(depth, order),
    )


@theorem(cite("schultz2005"))
def largest_of_gaussian_products(width: Any, depth: Any) -> Statement:
    """No eigenvalue of MM' stays outside of the limit law: the largest tends to the inverse of the
    radius of convergence of the moments' series."""
    product = gaussian_product(width, depth)
    return Statement(
        sp.Limit(E(sp.sqrt(largest(product * product.T))), width, sp.oo),
        1 / sp.sqrt(inverse_radius(factors(depth))),
        positive=(depth,),
    )


@theorem(cite("graham1994", "section 5.4, generalized binomial series"))
def generalised_binomial_series(power: Any, order: Any) -> Statement:
    """The w that solves w = z (1 + w)^t has the coefficients C(tk + 1, k)/(tk + 1), k >= 1."""
    _are_whole(order)
    count = power * order + 1
    return Statement(
        inverse_coefficient(sp.Lambda(w, (1 + w) ** power), order),
        sp.binomial(count, order) / count,
        positive=(power, order),
    )
