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
from theory.functions.columns import inner
from theory.functions.constants import eye

SOURCE = "grosse2021"
AUTO = cite("arora2019")
N, k, p = s.N.symbol, s.k.symbol, s.p.symbol
u, slope, bend = s.u.symbol, s.slope.symbol, s.bend.symbol
norm, eta, beta, decay, G = s.norm.symbol, s.eta.symbol, s.beta.symbol, s.decay.symbol, s.G.symbol

INVARIANT = "the loss has two derivatives and does not see the length of the weights (eps = 0)"
CONSTANT = "the gradient at unit weights has the same length G at every step"
SHRINKS = Condition("0 < eta decay < 1", eta * decay < 1)

# Letters of the derivations: the tangential gradient g_perp = Pi g, u'g_perp = 0, any
# direction h
q = sp.MatrixSymbol("g_perp", N, 1)
h = sp.MatrixSymbol("h", N, 1)
ONE, NOUGHT = sp.Identity(1), sp.ZeroMatrix(1, 1)
radial = sp.Symbol("u'g", real=True)
P = sp.Identity(N) - u * u.T
UNIT = {u.T * u: ONE, bend.T: bend}
TANGENT = {**UNIT, u.T * q: NOUGHT, q.T * u: NOUGHT}
place = sp.Symbol("x", real=True)  # along a line
t = sp.Symbol("t", real=True)
x = sp.Symbol("x", positive=True)
r = sp.Symbol("r", positive=True)  # a squared length of the weights
gain = sp.Symbol("gain", positive=True)  # eta^2 G^2
above = sp.Symbol("above", nonnegative=True)

# Heads of definitions that SymPy does not evaluate
grad, hess, lim, angle = (sp.Function(name) for name in ("grad", "Hess", "lim", "angle"))
loss = sp.Function("f")


def tangential() -> sp.MatrixExpr:
    """Pi g, the gradient at unit weights."""
    return slope - u * inner(u, slope)


def squared(column: sp.MatrixExpr) -> sp.Expr:
    """The squared length of a column."""
    return inner(column, column)


def unit_hessian() -> sp.MatrixExpr:
    """The Hessian of the loss at unit weights."""
    projector, part = eye(N) - u * u.T, tangential()
    outer = part * u.T + u * part.T
    return projector * bend * projector - inner(u, slope) * projector - outer


class iterate(sp.Function):  # noqa: N801 (a SymPy function is written like a function)
    """``iterate(rule, start, k)``: the rule applied k times; evaluated where k is a number.

    >>> y = sp.Symbol("y")
    >>> iterate(sp.Lambda(y, y + 2 / y), sp.Integer(1), sp.Integer(2)).doit()
    11/3
    """

    nargs = 3
    is_real = True

    def doit(self, **hints: Any) -> sp.Expr:
        rule, value, times = self.args
        if not times.is_Integer:
            return self
        for _ in range(int(times)):
            value = rule(value)
        return value


def squared_norm(times: sp.Expr = k) -> sp.Expr:
    """|W|^2 after so many steps of descent, at a constant G."""
    return iterate(sp.Lambda(r, r + (eta * G) ** 2 / r), norm**2, times)
