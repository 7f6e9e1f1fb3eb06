"""Rules of chance accept what is true and refuse what is not."""

import pytest
import sympy as sp

from theory.functions.columns import inner
from theory.functions.eigenvalues import largest
from theory.functions.heads_of_chance import E, Prob, Var
from theory.laws import Normal, gaussian_column, independent_entries, standard_pair
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import chance

N, p = sp.symbols("N p", integer=True, positive=True)
w, a, b = (sp.MatrixSymbol(name, N, 1) for name in "wab")
X = sp.MatrixSymbol("X", N, p)
S = sp.MatrixSymbol("S", N, N)
u, v, z, t = sp.symbols("u v z t", real=True)
c = 1 / (1 + sp.Symbol("k", positive=True))
q = sp.Symbol("q", positive=True)
LAWS = {
    w: gaussian_column(2 / N * sp.Identity(N)),
    X: independent_entries(N, p, 1),
    **standard_pair(u, v, c),
    z: Normal(0, 2 * q),
    t: Normal(0, 2 * inner(a, a) / N),
}
one, two, any_c = sp.symbols("one two any_c", real=True)
LAWS |= standard_pair(one, two, any_c)  # also of correlation 1
PAIR = LAWS[u].density(u, v)


@pytest.fixture
def kernel():
    made = Kernel(())
    made.laws = LAWS
    return made


ALL, HALF = (-sp.oo, sp.oo), (0, sp.oo)
TRUE = (
    (chance.expectation(), E(inner(w, a) ** 2), 2 * inner(a, a) / N),
    (chance.expectation(), E(inner(w, S * w)), 2 * sp.Trace(S) / N),
    (chance.expectation(), Var(inner(w, a)), 2 * inner(a, a) / N),
    (chance.expectation(), E(u * sp.Max(0, z)) + E(u * v), c),
    (chance.expectation(), E(3 * sp.Max(0, z) + u**2), 3 * E(sp.Max(0, z)) + 1),
    (
        chance.density(),
        E(sp.Max(0, z)),
        sp.Integral(sp.Max(0, z) * LAWS[z].density(z), (z, *ALL)),
    ),
    (chance.density(), E(u * v**3), sp.Integral(u * v**3 * PAIR, (u, *ALL), (v, *ALL))),
    (chance.probability(), Prob(sp.And(u > 0, v > 0)), sp.Integral(PAIR, (u, *HALF), (v, *HALF))),
    (chance.expectation(), E(sp.Max(0, 2 * u)), 2 * E(sp.Max(0, v))),
    (chance.density(), E(u**4), sp.Integral(z**4 * Normal().density(z), (z, *ALL))),
    (chance.indicator(), Prob(sp.And(u > 0, z > 1)),
     E(sp.Heaviside(u, 0) * sp.Heaviside(z - 1, 0))),
    (chance.probability(), Prob(z <= 1), sp.Integral(LAWS[z].density(z), (z, -sp.oo, 1))),
    (chance.gaussian_form(forms={t: inner(w, a)}), E(sp.Max(0, inner(w, a))), E(sp.Max(0, t))),
    (chance.gaussian_form(forms={z: sp.sqrt(2 * q) * u}), E(sp.exp(-2 * q * u**2)),
     E(sp.exp(-(z**2)))),
)  # fmt: skip
FALSE = (
    # the square of a mean is not the mean of the square
    (chance.expectation(), E(sp.Max(0, z) ** 2), E(sp.Max(0, z)) ** 2),
    # the two of a pair are not independent
    (chance.expectation(), E(u**2 * v**2), sp.Integer(1)),
    # a negative factor does not leave a maximum, and laws differ
    (chance.expectation(), E(sp.Max(0, -2 * u)), -2 * E(sp.Max(0, u))),
    (chance.expectation(), E(sp.Max(0, u)), E(sp.Max(0, z))),
    # no fourth moment is known of entries that need not be Gaussian
    (chance.expectation(), E(sp.Trace(X * X.T) ** 2), (N * p) ** 2 + 2 * N * p),
    # a random matrix hidden in a function is not constant
    (chance.expectation(), E(largest(X * X.T) * inner(w, w)), 2 * largest(X * X.T)),
    # half of the values
    (chance.density(), E(z**2), sp.Integral(z**2 * LAWS[z].density(z), (z, *HALF))),
    # the density of another letter
    (chance.density(), E(u), sp.Integral(u * Normal(0, 2).density(u), (u, *ALL))),
    (chance.probability(), Prob(sp.Or(u > 0, v > 0)),
     sp.Integral(PAIR, (u, *HALF), (v, *HALF))),
    (chance.indicator(), Prob(sp.Or(u > 0, z > 0)), E(sp.Heaviside(u, 0) * sp.Heaviside(z, 0))),
    # a law of two numbers that are one has no density
    (chance.density(), E(one * two), sp.Integral(one * two * LAWS[one].density(one, two),
                                                 (one, *ALL), (two, *ALL))),
    (chance.probability(), Prob(z > u), sp.Integral(LAWS[z].density(z), (z, u, sp.oo))),
    # of the same mean and another variance
    (chance.gaussian_form(forms={z: inner(w, a)}), E(sp.Max(0, inner(w, a))), E(sp.Max(0, z))),
    # no linear form
    (chance.gaussian_form(forms={z: inner(w, a) ** 2}), E(inner(w, a) ** 4), E(z**2)),
    # one column makes both, which are not independent
    (chance.gaussian_form(forms={t: inner(w, a), z: sp.sqrt(2 * q) * inner(w, a)}),
     E(sp.Max(0, inner(w, a)) * inner(w, a)), E(sp.Max(0, t) * t)),
    # only entries that are Gaussian have Gaussian forms
    (chance.gaussian_form(forms={u: sp.Trace(X) / sp.sqrt(N)}), E(sp.exp(sp.Trace(X) / sp.sqrt(N))),
     E(sp.exp(u))),
)  # fmt: skip


@pytest.mark.parametrize("use, left, right", TRUE)
def test_what_is_true_is_accepted(kernel, use, left, right):
    assert use.holds(kernel, left, right, "=")
    assert not use.holds(kernel, left, right, "<=")


@pytest.mark.parametrize("use, left, right", TRUE)
def test_its_right_side_times_a_number_is_refused(kernel, use, left, right):
    with_factor = sp.Rational(21, 20) * right
    if isinstance(right, sp.Integral):
        with_factor = sp.Integral(sp.Rational(21, 20) * right.function, *right.limits)
        assert not use.holds(kernel, left, sp.Rational(21, 20) * right, "=")
    assert not holds(use, kernel, left, with_factor)


@pytest.mark.parametrize("use, left, right", FALSE)
def test_what_is_false_is_refused(kernel, use, left, right):
    assert not holds(use, kernel, left, right)


def holds(use, kernel, left, right):
    """Whether a use holds; what raises an error does not."""
    try:
        return use.holds(kernel, left, right, "=")
    except (NotImplementedError, TypeError):
        return False
