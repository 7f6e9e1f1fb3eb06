"""Ranges turned round and the incomplete beta function: true uses hold, others do not."""

import pytest
import sympy as sp

from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import incomplete

x, t = sp.symbols("x t", real=True)
a, b, z = sp.symbols("a b z", positive=True)
c = sp.Symbol("c", real=True)
SCALE = sp.gamma(a + b) / (sp.gamma(a) * sp.gamma(b))
BETA = sp.Integral(SCALE * x ** (a - 1) * (1 - x) ** (b - 1), (x, 0, z))
CLOSED = sp.betainc_regularized(a, b, 0, z)


def holds(use, left, right, relation="="):
    return use.holds(Kernel(()), left, right, relation)


def test_a_range_is_turned_round():
    use = incomplete.mirrored(about=c)
    left = sp.Integral(sp.exp(x) * x, (x, a, b))
    right = sp.Integral(sp.exp(c - t) * (c - t), (t, c - b, c - a))
    assert holds(use, left, right)
    assert not holds(use, left, sp.Rational(21, 20) * right)
    assert not holds(use, left, sp.Integral(sp.exp(c - t) * (c - t), (t, c - a, c - b)))
    assert not holds(use, left, sp.Integral(sp.exp(t - c) * (t - c), (t, c - b, c - a)))
    assert not holds(use, left, sp.Integral(sp.exp(c - t) * t, (t, c - b, c - a)))
    assert not holds(use, left, right, "<=")
    inside = sp.Integral(x * t, (x, a, b))  # its letter may not take the place of another
    assert not holds(use, inside, sp.Integral((c - t) * t, (t, c - b, c - a)))
    assert not holds(incomplete.mirrored(about=x), left, right)


def test_the_incomplete_beta_function_is_its_integral():
    use = incomplete.incomplete_beta()
    assert holds(use, BETA, CLOSED)
    assert not holds(use, BETA, sp.Rational(21, 20) * CLOSED)
    assert not holds(use, BETA, CLOSED, "<=")


@pytest.mark.parametrize(
    "wrong",
    [
        sp.betainc_regularized(b, a, 0, z),
        sp.betainc_regularized(a, b, 0, 1 - z),
        sp.betainc_regularized(a + 1, b, 0, z),
        sp.betainc_regularized(2 * a, 2 * b, 0, z),
        sp.betainc_regularized(a, b, z, 1),
        sp.betainc(a, b, 0, z),
    ],
)
def test_no_other_one_is(wrong):
    assert not holds(incomplete.incomplete_beta(), BETA, wrong)


def test_its_parameters_must_be_positive():
    integral = sp.Integral(BETA.function.subs(a, c), (x, 0, z))
    assert not holds(incomplete.incomplete_beta(), integral, CLOSED.subs(a, c))
