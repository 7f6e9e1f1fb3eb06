"""The kernel against true and false statements about the letters of the house."""

import pytest
import sympy as sp

from theory import symbols as s
from theory.functions.columns import deviation, inner, length, mean, standardised, variance
from theory.functions.constants import eye, ones
from theory.functions.eigenvalues import largest, smallest
from theory.functions.matrices import centred
from theory.proofs.kernel.decide import Kernel

PARAMETERS = (s.y, s.g, s.gamma, s.eps, s.H, s.R, s.Sigma, s.T, s.turn, s.u, s.W, s.Wl, s.eta)
y, g, gamma, eps, H = s.y.symbol, s.g.symbol, s.gamma.symbol, s.eps.symbol, s.H.symbol
R, Sigma, T, turn, u = s.R.symbol, s.Sigma.symbol, s.T.symbol, s.turn.symbol, s.u.symbol
W, Wl, eta, B, N = s.W.symbol, s.Wl.symbol, s.eta.symbol, s.B.symbol, s.N.symbol
one, unit = ones(B, 1), eye(N)
yhat, tilted = standardised(y, 0), standardised(y, eps)
TIMES = sp.Rational(21, 20)

TRUE = (
    (inner(yhat, yhat), B),
    (inner(one, yhat), sp.Integer(0)),
    (inner(yhat, y), B * deviation(y, 0)),
    (inner(tilted, tilted), B * variance(y) / (variance(y) + eps)),
    (variance(y), inner(y, y) / B - mean(y) ** 2),
    (variance(gamma * y), gamma**2 * variance(y)),
    (deviation(y + gamma * one, eps), deviation(y, eps)),
    (standardised(y + gamma * one, eps), tilted),
    (centred(centred(g)), centred(g)),
    (inner(g, centred(y)), inner(centred(g), y)),
    (length(yhat) ** 4, B**2),
    (inner(g, H * y), inner(y, H * g)),
    (inner(u, u), sp.Integer(1)),
    (turn.T * turn, unit),
    (inner(turn * W, turn * u), inner(W, u)),
    ((T * Sigma).inverse(), Sigma.inverse() * T.inverse()),
    (T.T.inverse() * T.T, unit),
    (inner(W, Sigma.inverse() * Sigma * u), inner(W, u)),
    (sp.Trace(W * u.T), inner(W, u)),
    (sp.Trace(R * Sigma), sp.Trace(Sigma * R)),
    (sp.Trace(T * R * T.T), sp.Trace(T.T * T * R)),
    (sp.Trace(unit), N),
    (largest(3 * R), 3 * largest(R)),
    (sp.Abs(deviation(y, 0)), deviation(y, 0)),
    (sp.sqrt(variance(y)), deviation(y, 0)),
)
FALSE = (
    # wrong constants
    (inner(yhat, yhat), B - 1),
    (inner(yhat, yhat), sp.Integer(1)),
    (inner(yhat, y), deviation(y, 0)),
    (variance(y), inner(y, y) / B),
    (variance(y), inner(y, y) / (B - 1) - mean(y) ** 2),
    (variance(gamma * y), gamma * variance(y)),
    (sp.Trace(unit), sp.Integer(1)),
    (inner(one, one), sp.Integer(1)),
    # missing eps
    (inner(tilted, tilted), B),
    (deviation(y, eps), deviation(y, 0)),
    (deviation(y, eps), deviation(y, 0) + eps),
    (deviation(y, eps) ** 2, variance(y) + eps**2),
    (standardised(gamma * y, eps), standardised(y, eps)),
    # signs, roots and absolute values
    (standardised(gamma * y, 0), yhat),
    (deviation(gamma * y, 0), gamma * deviation(y, 0)),
    (sp.sqrt(gamma**2), gamma),
    (sp.Abs(gamma), gamma),
    (sp.sqrt((gamma - 1) ** 2), gamma - 1),
    (length(gamma * g), gamma * length(g)),
    (sp.Abs(inner(g, y)), inner(g, y)),
    (sp.sqrt(inner(g, y) ** 2), inner(g, y)),
    (sp.Abs(mean(y)), mean(y)),
    (sp.Max(gamma, 0), gamma),
    (inner(g, -y), inner(g, y)),
    # transposes, the order of products, matrices that are not symmetric
    (T.T, T),
    (T * R, R * T),
    (T * R, T * R.T * 2 / 3),
    (R * Sigma, Sigma * R),
    (turn * turn, unit),
    (turn.T, turn),
    (inner(W, T * u), inner(u, T * W)),
    (sp.Trace(R * Sigma * T), sp.Trace(Sigma * R * T)),
    (sp.Trace(T * T.T * T), sp.Trace(T * T * T)),
    ((T * Sigma).inverse(), T.inverse() * Sigma.inverse()),
    ((R + Sigma).inverse(), R.inverse() + Sigma.inverse()),
    (T.inverse(), T.T),
    (W * u.T, u * W.T),
    (inner(W, u) ** 2, inner(W, W) * inner(u, u)),
    # lengths, means and matrices of another size or kind
    (inner(W, W), sp.Integer(1)),
    (inner(u, W), sp.Integer(1)),
    (inner(g, one), sp.Integer(0)),
    (centred(g), g),
    (inner(centred(g), centred(g)), inner(g, g)),
    (mean(y), sp.Integer(0)),
    (Wl.T * Wl, unit),
    (H, 0 * H),
    (sp.Trace(R), sp.Integer(0)),
    # eigenvalues
    (largest(R), smallest(R)),
    (largest(-R), -largest(R)),
    (largest(2 * R), largest(R)),
    (largest(R + unit), largest(R)),
    (largest(R + Sigma), largest(R) + largest(Sigma)),
    (largest(gamma * R), gamma * largest(R)),
    (largest(R**2), largest(R)),
)


@pytest.mark.parametrize(("left", "right"), TRUE)
def test_what_is_equal_on_the_whole_domain_is_equal(left, right):
    kernel = Kernel(PARAMETERS)
    assert kernel.same(left, right)
    assert kernel.same(right, left)
    wrong = TIMES * right if right != 0 else sp.Integer(1)
    assert not kernel.same(left, wrong)
    assert not kernel.same(left, -wrong)


@pytest.mark.parametrize(("left", "right"), FALSE)
def test_what_differs_somewhere_is_not_equal(left, right):
    kernel = Kernel(PARAMETERS)
    assert not says_equal(kernel, left, right)
    assert not says_equal(kernel, right, left)


def says_equal(kernel: Kernel, left: sp.Basic, right: sp.Basic) -> bool:
    """A kernel that cannot read an expression has not said that it is equal to another."""
    try:
        return kernel.same(left, right)
    except NotImplementedError:
        return False


POSITIVE = (deviation(y, 0), variance(y), smallest(Sigma), eta, B - 1, largest(3 * Sigma))
NONNEGATIVE = (
    inner(g, g), inner(W, R * W), inner(W, Sigma.inverse() * W), smallest(R), eps, B - 2,
    largest(R), inner(H * g, H * g), largest(R) - smallest(R), N - 1, smallest(Wl.T * Wl),
)  # fmt: skip
NEITHER = (
    gamma, inner(g, y), inner(g, H * g), mean(y), inner(W, u), inner(W, T * W), largest(H),
    smallest(-R), smallest(-Sigma), largest(-R), smallest(-(Wl.T * Wl)), smallest(gamma * R),
    B - 3, N - 2, eps - 1, sp.Trace(T), smallest(H), inner(W, R * u), inner(W, (R - Sigma) * W),
    1 - eta, smallest(R) - largest(R), smallest(Sigma - R), -eta,
)  # fmt: skip


def test_signs_that_hold_are_seen():
    kernel = Kernel(PARAMETERS)
    for each in POSITIVE:
        assert kernel.has_sign(each, "is_positive"), each
        assert kernel.nonnegative(each), each
        assert not kernel.nonnegative(-each), each
    for each in NONNEGATIVE:
        assert kernel.nonnegative(each), each
        assert not kernel.has_sign(-each, "is_positive"), each


def test_signs_that_do_not_hold_are_not():
    kernel = Kernel(PARAMETERS)
    for each in NEITHER:
        assert not kernel.nonnegative(each), each
        assert not kernel.has_sign(each, "is_positive"), each
    for each in NONNEGATIVE:
        assert not kernel.has_sign(each, "is_positive") or each in (N - 1, B - 2), each
