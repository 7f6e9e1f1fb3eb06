"""Rules of scale accept what is true and refuse what is not."""

import sympy as sp

from theory import symbols as s
from theory.functions.columns import inner, power_mean, signed_power
from theory.functions.heads import grad
from theory.functions.stated import scale_free_gradient as slope
from theory.functions.stated import scale_free_hessian as bend
from theory.normalisation.letters import POSITIVE_SCALE, B, N, W, g, y
from theory.normalisation.norms import POWER
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import norms

WRONG = sp.Rational(21, 20)
h = sp.MatrixSymbol("h", N, 1)
t, r = sp.symbols("t s", real=True)
gamma, k = POSITIVE_SCALE.symbol, POWER.symbol
SHIFT = {"path": gamma * W + t * h, "scale": gamma, "letters": (t,)}
RAY = {"path": (1 + r) * W + t * h, "scale": 1 + r, "letters": (r, t)}


def holds(use: object, left: sp.Expr, right: sp.Expr) -> bool:
    kernel = Kernel((POSITIVE_SCALE, s.y, s.g, POWER))
    return use.holds(kernel, left, right, "=")  # type: ignore[attr-defined]


def test_slopes_of_a_loss_that_does_not_see_the_scale() -> None:
    use = norms.scale_free(**SHIFT)
    left, right = inner(h, slope(gamma * W)), inner(h, slope(W)) / gamma
    assert holds(use, left, right)
    assert not holds(use, left, WRONG * right)
    assert not holds(use, left, inner(h, slope(W)))
    assert not holds(use, inner(h, bend(gamma * W) * h), inner(h, bend(W) * h) / gamma**2)


def test_second_derivatives() -> None:
    use = norms.scale_free(**RAY)
    left, right = inner(h, bend(W) * W), -inner(h, slope(W))
    assert holds(use, left, right)
    assert holds(use, inner(W, bend(W) * h), right)
    assert not holds(use, left, WRONG * right)
    assert not holds(use, left, sp.Integer(0))


def test_a_scale_must_be_positive_and_the_fact_must_speak_of_the_link() -> None:
    turned = norms.scale_free(path=t * h - gamma * W, scale=-gamma, letters=(t,))
    assert not holds(turned, inner(h, slope(-gamma * W)), -inner(h, slope(W)) / gamma)
    still = norms.scale_free(path=(1 + t) * W, scale=1 + t, letters=(t,))
    assert holds(still, inner(W, slope(W)), sp.Integer(0))
    assert not holds(still, inner(h, slope(W)), sp.Integer(0))
    assert not holds(still, sp.Integer(1), sp.Integer(2))


def test_the_gradient_of_a_norm() -> None:
    """Of the k-th norm of g in the place of y: u/B, with u the signed powers."""
    norm = power_mean(g, k)
    left, right = grad(norm, g), signed_power(g / norm, k - 1) / B
    use = norms.gradient_with_norm()
    assert holds(use, left, right)
    assert not holds(use, left, WRONG * right)
    assert not holds(use, left, signed_power(g, k - 1) / B)
    assert holds(use, grad(norm**2, g), 2 * norm * right)
    assert not holds(use, grad(inner(y, g) / norm, g), y / norm)  # the norm moves too
    low = power_mean(g, sp.Rational(1, 2))
    wrong = signed_power(g / low, sp.Rational(-1, 2)) / B
    assert not holds(use, grad(low, g), wrong)  # infinite slopes where an entry is 0
