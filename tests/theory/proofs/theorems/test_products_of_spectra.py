"""The spectrum of a large Kronecker product, against products of eigenvalues that are drawn."""

from contextlib import suppress

import numpy as np
import pytest
import sympy as sp
from scipy import integrate

from theory import symbols as s
from theory.functions.large import independent
from theory.proofs.kernel.decide import Kernel
from theory.proofs.theorems.products_of_spectra import density_of_a_kronecker_product
from theory.proofs.theorems.random_matrices import marchenko_pastur
from theory.proofs.uses import Statement

n = sp.Symbol("n", integer=True, positive=True)
x, y, lam = sp.symbols("x y lam", positive=True)
v = s.v.symbol
Z, Y = independent("Z", n, n), independent("Y", n, 2 * n)
SIZE = 300


def use_of(first: sp.MatrixSymbol = Z, second: sp.MatrixSymbol = Y):
    return density_of_a_kronecker_product(v, first, sp.S.One, second, lam, x)


def test_shares_of_products() -> None:
    random, variance = np.random.default_rng(3), 0.6
    ends = []
    for scale, columns in ((variance, SIZE), (1.0, 2 * SIZE)):
        drawn = random.uniform(-1, 1, (SIZE, columns)) * np.sqrt(3 * scale)
        ends.append(np.linalg.eigvalsh(drawn @ drawn.T / columns))
    products = np.outer(*ends).ravel()
    said = use_of().statement()
    densities = (marchenko_pastur(Z, x, v).statement(), marchenko_pastur(Y, y).statement())
    whole = said.right.function
    for each in densities:
        whole = whole.xreplace({each.left: each.right})
    inside = sp.lambdify((x, lam), whole.doit().subs(v, variance), "math")
    for low, high in ((0.2, 0.6), (1.0, 1.8)):
        found, _ = integrate.dblquad(
            lambda at, to: inside(at, to), low, high, 1e-6, 4 * variance, epsabs=1e-4
        )
        assert abs(np.mean((products > low) & (products <= high)) - found) < 0.02


def test_both_have_a_density() -> None:
    kernel, said = Kernel((s.v,)), use_of().statement()
    assert isinstance(said, Statement)
    assert use_of().holds(kernel, said.left, said.right, "=")
    with suppress(NotImplementedError):  # which refuses a link
        assert not use_of().holds(kernel, said.left, sp.Rational(21, 20) * said.right, "=")
    few = independent("F", n, n / 2)  # a share of its eigenvalues is zero
    for use in (use_of(few), use_of(second=few)):
        said = use.statement()
        assert not use.holds(kernel, said.left, said.right, "=")


def test_sizes_that_are_not_one() -> None:
    with pytest.raises(TypeError):
        use_of(second=independent("Y", 2 * n, 4 * n)).statement()
    with pytest.raises(TypeError):
        use_of(second=sp.MatrixSymbol("Y", n, n)).statement()
