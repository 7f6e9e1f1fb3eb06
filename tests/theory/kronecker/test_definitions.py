"""Definitions that NumPy can evaluate as they stand: an oracle that no proof went through."""

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from tests.about import about
from tests.close import below, discretised, rounded
from theory import kronecker
from theory import symbols as s
from theory.domain import Array
from theory.functions.large import share

IDENTITIES = (
    kronecker.product_eigenvalues,
    kronecker.matrix_product,
    kronecker.error,
    kronecker.uncentred,
    kronecker.mean_direction,
)
BOUNDS = (kronecker.error_bound, kronecker.top_eigenvalue, kronecker.bias_condition)


def values(claim, seed):
    """Normal entries, and the size of the terms that are made of them."""
    rng = np.random.default_rng(seed)
    sizes = {letter: int(rng.integers(2, 5)) for letter in ("N", "n", "p", "M")}
    drawn = {}
    for each in claim.parameters:
        if isinstance(each.domain, Array):
            rows = sizes[str(each.domain.rows)]
            columns = 1 if each.domain.columns == 1 else sizes[str(each.domain.columns)]
            entries = rng.normal(size=(rows, columns))
            square = each.domain.kind in ("psd", "definite")
            drawn[each.name] = entries @ entries.T + np.eye(rows) / 4 if square else entries
        else:
            drawn[each.name] = sizes[each.name]
    size = np.prod([(1 + np.linalg.norm(value)) ** 4 for value in drawn.values()])
    return drawn, float(size)


@about(*IDENTITIES)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_definition_is_the_closed_form(claim, seed):
    drawn, size = values(claim, seed)
    assert rounded(claim.definition(**drawn), claim(**drawn), size)


@about(*BOUNDS)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_definition_is_within_the_bounds(claim, seed):
    drawn, size = values(claim, seed)
    value, bounds = claim.definition(**drawn), claim(**drawn)
    assert below(bounds.get("lower", 0), value, size)
    assert below(value, bounds.get("upper", np.inf), size)


@about(kronecker.product_density)
@pytest.mark.parametrize(("lam", "v"), [(0.3, 0.9), (1.3, 0.9), (20.0, 2.0)])
def test_the_integral_is_the_closed_form(claim, lam, v):
    """By quadrature; near the edge, 16 v, the closed form's two terms cancel."""
    links = claim.derivation.chain.links[""]
    (convolution,) = (
        each.right
        for each in links[:5]
        if isinstance(each.right, sp.Integral) and not each.right.has(sp.Piecewise, share)
    )
    integral = convolution.subs({s.lam.symbol: lam, s.v.symbol: v})
    ((place, low, high),) = integral.limits
    density = sp.lambdify(place, integral.function)
    value, error = quad(density, float(low), float(high), epsabs=0, epsrel=1e-13, limit=500)
    root = np.sqrt(lam / v) / 4
    condition = ((1 + root) / (1 - root)) ** 2
    assert discretised(claim(lam=lam, v=v), value, error, condition=condition)
