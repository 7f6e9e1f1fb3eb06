"""The letters, rules and small expressions that the sections share.

A loss that does not see the length of the weights is J(W) = f(W/|W|). With W = norm u, |u| = 1,
``slope`` and ``bend`` are gradient and Hessian of f at u, and Pi g with Pi = I - uu' is the
gradient of J at unit weights, of length G.
"""

from typing import Any

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.domain import Condition
from theory.functions.columns import inner, length
from theory.functions.constants import eye
from theory.functions.directions import direction
from theory.functions.heads import smooth
from theory.functions.homogeneous import at_place
from theory.functions.recursions import iterate
from theory.proofs import covers
from theory.proofs.rules.recursion import value as r  # a squared length of the weights

SOURCE = "grosse2021"
AUTO = cite("arora2019")
N, k, p = s.N.symbol, s.k.symbol, s.p.symbol
u, slope, bend = s.u.symbol, s.slope.symbol, s.bend.symbol
norm, eta, beta, decay, G = s.norm.symbol, s.eta.symbol, s.beta.symbol, s.decay.symbol, s.G.symbol

INVARIANT = "the loss has two derivatives and does not see the length of the weights (eps = 0)"
CONSTANT = "the gradient at unit weights has the same length G at every step"
#: The recursion of |W|^2 that follows.
PYTHAGOREAN = f"{CONSTANT}, and |W|^2 grows as in invariance.norm_after_step"
SHRINKS = Condition("0 < eta decay < 1", eta * decay < 1)
BELOW_ONE = covers.product_below(decay, eta, 1)

# Letters of the derivations: the tangential gradient g_perp = Pi g, u'g_perp = 0, any
# direction h
q = sp.MatrixSymbol("g_perp", N, 1)
h = sp.MatrixSymbol("h", N, 1)
W = sp.MatrixSymbol("W", N, 1)  # any weights
ONE, NOUGHT = sp.Identity(1), sp.ZeroMatrix(1, 1)
radial = sp.Symbol("u'g", real=True)
P = sp.Identity(N) - u * u.T
UNIT = {u.T * u: ONE, bend.T: bend}
TANGENT = {**UNIT, u.T * q: NOUGHT, q.T * u: NOUGHT}
place = sp.Symbol("x", real=True)  # along a line
t = sp.Symbol("t", real=True)
x = sp.Symbol("x", positive=True)
gain = sp.Symbol("gain", positive=True)  # eta^2 G^2
above = sp.Symbol("above", nonnegative=True)

# The weights are norm w, and the gradient at unit weights is G d, with d orthogonal to w
way = direction("w", N)
turn = direction("d", N, way)
#: The weights after a step, and in units of their length before.
STEP = norm * way - eta * G / norm * turn
ON_SPHERE = way - eta / norm**2 * G * turn


def tangential() -> sp.MatrixExpr:
    """Pi g, the gradient at unit weights."""
    return slope - u * inner(u, slope)


def across(weights: sp.MatrixExpr, column: sp.MatrixExpr) -> sp.MatrixExpr:
    """A column less its part along the weights."""
    return column - weights * (inner(weights, column) / squared(weights))


def squared(column: sp.MatrixExpr) -> sp.Expr:
    """The squared length of a column."""
    return inner(column, column)


def at_weights(head: Any) -> Any:
    """The gradient or the Hessian of f(W/|W|) in W, at W = norm u."""
    return at_place(head(smooth(W / length(W), slope, bend), W), W, norm * u)


def unit_hessian() -> sp.MatrixExpr:
    """The Hessian of the loss at unit weights."""
    projector, part = eye(N) - u * u.T, tangential()
    outer = part * u.T + u * part.T
    return projector * bend * projector - inner(u, slope) * projector - outer


def squared_norm(times: sp.Expr) -> sp.Expr:
    """|W|^2 after so many steps of descent at a constant G, by invariance.norm_after_step."""
    return iterate(sp.Lambda(r, r + (eta * G) ** 2 / r), norm**2, times)


def descended(times: sp.Expr, rate: sp.Expr = eta) -> sp.Expr:
    """The same, at a rate, from the step itself."""
    step = sp.sqrt(r) * way - rate * G / sp.sqrt(r) * turn
    return iterate(sp.Lambda(r, squared(step)), norm**2, times)
