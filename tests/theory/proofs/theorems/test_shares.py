"""The law of a share against draws and integrals, and what its theorem asks for."""

import numpy as np
import pytest
import sympy as sp
from scipy import integrate, stats

from tests.close import discretised
from theory.functions.columns import inner
from theory.functions.frames import frame
from theory.functions.heads_of_chance import E
from theory.laws import gaussian_column, independent_entries
from theory.laws_of_shares import Share
from theory.proofs.kernel.decide import Kernel
from theory.proofs.theorems import shares

P, d = sp.symbols("P d", integer=True, positive=True)
MORE = sp.Symbol("more", integer=True, nonnegative=True)
v, Q = sp.MatrixSymbol("v", P, 1), frame("Q", P, d)
x = sp.Symbol("x", positive=True)
SPREAD = sp.Symbol("s", positive=True)
LEFT = E(inner(Q.T * v, Q.T * v) / inner(v, v))
COUNT = 20_000


def holds(law, of=E(x), left=LEFT, columns=Q, share=None, right=None) -> bool:  # noqa: B008
    kernel = Kernel(())
    kernel.images[P] = d + 1 + MORE
    kernel.laws = {v: law, x: share or Share(d, P - d)}
    use = shares.law_of_a_share(of, x, columns, v, SPREAD)
    return use.holds(kernel, left, right if right is not None else of, "=")


def test_it_holds_for_gaussians_of_one_variance_alone():
    gaussian = gaussian_column(SPREAD * sp.Identity(P))
    assert holds(gaussian)
    assert not holds(gaussian, right=sp.Rational(21, 20) * E(x))
    assert not holds(independent_entries(P, 1, SPREAD))
    assert not holds(gaussian_column(2 * SPREAD * sp.Identity(P)))
    assert not holds(gaussian_column(SPREAD * sp.Identity(P), sp.OneMatrix(P, 1)))
    assert not holds(gaussian, share=Share(d, P))
    assert not holds(gaussian, share=Share(P - d, d))


def test_it_asks_for_orthonormal_columns():
    gaussian, plain = gaussian_column(SPREAD * sp.Identity(P)), sp.MatrixSymbol("R", P, d)
    left = E(inner(plain.T * v, plain.T * v) / inner(v, v))
    assert not holds(gaussian, left=left, columns=plain)


def test_columns_made_of_the_random_one_are_refused():
    own = v / sp.sqrt(inner(v, v))
    with pytest.raises(TypeError):
        holds(gaussian_column(SPREAD * sp.Identity(P)), columns=own)


@pytest.mark.parametrize(("inside", "outside"), [(1, 4), (3, 2), (2, 2)])
def test_draws_have_this_law(inside, outside):
    random = np.random.default_rng(inside)
    columns = random.standard_normal((COUNT, inside + outside)) ** 2
    drawn = columns[:, :inside].sum(axis=1) / columns.sum(axis=1)
    law = Share(inside, outside)
    assert stats.kstest(drawn, stats.beta(inside / 2, outside / 2).cdf).pvalue > 1e-4
    assert stats.kstest(law.draw(random, COUNT, {}), stats.beta(inside / 2, outside / 2).cdf
                        ).pvalue > 1e-4  # fmt: skip
    density = sp.lambdify(x, law.density(x), "scipy")
    for power in (0, 1, 2, 3):
        mean, _ = integrate.quad(lambda t: t**power * density(t), 0, 1)  # noqa: B023
        assert discretised(mean, float(law.moment(power)), 1e-5)
