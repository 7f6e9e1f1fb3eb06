"""The letters, rules and small expressions that the sections share."""

from functools import lru_cache
from typing import Any

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.functions import columns
from theory.functions.columns import inner
from theory.functions.constants import eye, ones
from theory.functions.heads import smooth
from theory.functions.matrices import centred

SOURCE = "oxford2021"
SPECTRAL = cite("hornjohnson2013", "theorem 2.5.6")
CAUCHY_SCHWARZ = cite("hornjohnson2013", "theorem 5.1.4")

N, B = s.N.symbol, s.B.symbol
y, g, H, W = s.y.symbol, s.g.symbol, s.H.symbol, s.W.symbol
gamma, eps, radius = s.gamma.symbol, s.eps.symbol, s.radius.symbol
INPUTS = s.X.within(columns=B)  # the inputs of a batch
X = INPUTS.symbol
DIRECTION = s.u.within(rows=B)  # a direction in the space of a unit's outputs
u = DIRECTION.symbol


# Letters of the derivations. Batch norm centres, C = I - 11'/B, and divides by sigma, the root of
# the variance plus eps; yhat = Cy/sigma, of squared length B share, share = 1 where eps = 0.
one = sp.MatrixSymbol("1", B, 1)
yhat = sp.MatrixSymbol("yhat", B, 1)
h = sp.MatrixSymbol("h", B, 1)  # any direction
sigma, share = sp.symbols("sigma share", positive=True)
alignment = sp.Symbol("alignment", real=True)  # <g, yhat>
growth, spread = sp.symbols("growth spread", real=True)  # yhat'h/B and h'Ch/B
x = sp.Symbol("x", real=True)  # place along a line
IDENTITY, NUMBER = sp.Identity(B), sp.Identity(1)
ZERO = sp.ZeroMatrix(1, 1)
C = IDENTITY - one * one.T / B
P = C - yhat * yhat.T / B
RULES = {
    one.T * one: B * NUMBER,
    one.T * yhat: ZERO,
    yhat.T * one: ZERO,
    yhat.T * yhat: share * B * NUMBER,
    H.T: H,
}
#: The same with yhat'h = B growth, h'Ch = B spread, g'yhat = alignment for their products.
NAMED = {
    **RULES,
    yhat.T * h: B * growth * NUMBER,
    h.T * yhat: B * growth * NUMBER,
    h.T * h: B * spread * NUMBER + h.T * one * one.T * h / B,
    g.T * yhat: alignment * NUMBER,
    yhat.T * g: alignment * NUMBER,
}
#: The same where eps = 0: yhat has the squared length B.
EXACT = {**RULES, yhat.T * yhat: B * NUMBER}


def deviation(column: sp.MatrixExpr, added: sp.Expr = sp.S.Zero) -> sp.Expr:
    """Sigma of ``column``: the root of its variance plus ``added``."""
    return columns.deviation(column, added)


def standardised(column: sp.MatrixExpr, added: sp.Expr = sp.S.Zero) -> sp.MatrixExpr:
    """Yhat of ``column``."""
    return columns.standardised(column, added)


@lru_cache
def projected(
    vector: sp.MatrixExpr, column: sp.MatrixExpr, added: sp.Expr = sp.S.Zero
) -> sp.MatrixExpr:
    """Pi ``vector``, Pi = I - 11'/B - yhat yhat'/B with yhat of ``column``."""
    hat = standardised(column, added)
    return centred(vector) - inner(hat, vector) / B * hat


@lru_cache
def gradient_in(column: sp.MatrixExpr, added: sp.Expr = sp.S.Zero) -> sp.MatrixExpr:
    """(gamma/sigma) Pi g, the gradient of the loss before batch norm."""
    return gamma / deviation(column, added) * projected(g, column, added)


@lru_cache
def curvature_in(column: sp.MatrixExpr, added: sp.Expr = sp.S.Zero) -> sp.MatrixExpr:
    """K, the Hessian of the loss before batch norm."""
    hat, scale = standardised(column, added), deviation(column, added)
    projector = eye(B) - ones(B, B) / B - hat * hat.T / B
    part = projected(g, column, added)
    bend = part * hat.T + hat * part.T + inner(g, hat) * projector
    return (gamma / scale) ** 2 * projector * H * projector - gamma / (B * scale**2) * bend


def loss(column: sp.MatrixExpr, added: sp.Expr = sp.S.Zero) -> sp.Expr:
    """The loss of gamma yhat, at which it has the gradient g and the Hessian H."""
    return smooth(gamma * standardised(column, added), g, H)


def means(added: sp.Expr = sp.S.Zero) -> dict[Any, Any]:
    """What the letters of the derivations mean, with ``added`` in the variance of y."""
    hat, scale = standardised(y, added), deviation(y, added)
    return {
        one: ones(B, 1),
        yhat: hat,
        sigma: scale,
        share: deviation(y) ** 2 / scale**2,
        growth: inner(hat, h) / B,
        spread: inner(h, centred(h)) / B,
        alignment: inner(g, hat),
    }


def mean(added: sp.Expr, *letters: Any) -> dict[Any, Any]:
    """What these ``letters`` mean."""
    return {letter: means(added)[letter] for letter in letters}


def squared(column: sp.MatrixExpr) -> sp.Expr:
    """The squared length of a column."""
    return inner(column, column)


def quadratic_form(matrix: sp.MatrixExpr, column: sp.MatrixExpr) -> sp.Expr:
    """``column``' ``matrix`` ``column`` as a number."""
    return inner(column, matrix * column)


def at_zero(function: sp.Expr, order: int) -> sp.Expr:
    """The derivative of ``function`` of x at x = 0."""
    return sp.Subs(sp.Derivative(function, (x, order)), x, 0)
