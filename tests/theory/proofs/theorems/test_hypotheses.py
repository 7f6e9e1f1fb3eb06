"""Theorems without one of their hypotheses: the false statements are refused."""

from contextlib import suppress
from typing import Any

import pytest
import sympy as sp

from theory import symbols as s
from theory.domain import Array, Parameter
from theory.functions.columns import length, standardised
from theory.functions.large import gaussian
from theory.functions.matrices import pinv
from theory.functions.stated import with_density
from theory.proofs.kernel.decide import Kernel
from theory.proofs.theorems import (
    dynamics,
    probability,
    random_matrices,
    random_products,
    ranks,
    shares,
    special_functions,
    spectral,
)
from theory.proofs.uses import Use

B, p = s.B.symbol, sp.Symbol("p", positive=True)
k = sp.Symbol("k", integer=True, nonnegative=True)
SYMMETRIC = Parameter("A", "any symmetric matrix", Array(B, B, "symmetric"))
A, y = SYMMETRIC.symbol, s.y.symbol
lam = sp.Symbol("lam", positive=True)
KERNEL = Kernel((SYMMETRIC, s.y, s.H, s.eta))
one = sp.Identity(B)
Z, Y = gaussian("Z", B, s.p.symbol), gaussian("Y", B, s.p.symbol - 1)
u, w = sp.MatrixSymbol("u", B, 1), sp.MatrixSymbol("w", s.p.symbol, 1)


def accepted(use: Use) -> bool:
    said = use.statement()
    return use.holds(KERNEL, said.left, said.right, said.relation)


def test_eigenvalues_that_may_be_negative_are_read_by_no_positive_letter() -> None:
    assert not accepted(dynamics.spectral_radius_by_modes(one + A, A, lam))  # |1 + lam| at lam = -5
    step = (one - s.eta.symbol * A) * pinv(A) * A
    assert not accepted(dynamics.spectral_radius_by_modes(step, A, lam))
    assert accepted(dynamics.spectral_radius_by_modes(one + A, A, sp.Symbol("lam", real=True)))


@pytest.mark.parametrize(
    "use",
    [
        special_functions.bessel_at_large(p, p),
        special_functions.poisson_integral(p, p, p),
        random_products.generalised_binomial_series(p, p),
        random_products.moments_of_gaussian_products(s.n.symbol, p, k + 1),
        random_matrices.rank_of_independent(Z, Z.T),
        random_matrices.spiked_eigenvalue(p, Z * w / length(Z * w), w, Z),
        random_matrices.spiked_eigenvector(1 / B, u, w, Z),
        random_matrices.sample_covariance(sp.Trace(A * Z * Z.T), A, u, p, Z, Y),
        ranks.rank_with_density(with_density("J", B, B), with_density("J", B, B)),
        shares.law_of_a_share(p, p, y / length(y), y, sp.Integer(1)),
        probability.law_of_a_direction(
            p, p, standardised(y, 0) / sp.sqrt(B), y, sp.Integer(0), sp.Integer(1)
        ),
        spectral.powers_on_eigenvectors(A, y, p, p),
    ],
    ids=lambda use: use.of.name,
)
def test_an_instance_that_is_none(use: Any) -> None:
    with suppress(TypeError, ValueError):  # of a statement that cannot be made
        assert not accepted(use)
