"""The letters and small expressions that the sections share."""

from typing import Any

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.functions.columns import diagonal, inner, log_sum_exp, softmax
from theory.functions.constants import ones

SOURCE = "page2019"
SPECTRAL = cite("hornjohnson2013", "theorem 2.5.6")
COURANT_FISCHER = cite("hornjohnson2013", "theorem 4.2.6")

P, M, dim, overlap = s.P.symbol, s.M.symbol, s.dim.symbol, s.overlap.symbol
N, n, B, k, eta, beta, lam = (each.symbol for each in (s.N, s.n, s.B, s.k, s.eta, s.beta, s.lam))
Hess, span = s.Hess.symbol, s.span.symbol
TWO_CLASSES = s.M.within(low=2)  # or more
outputs, target = s.outputs.symbol, s.target.symbol
velocity, acceleration = s.velocity.symbol, s.acceleration.symbol
W_out, hidden = s.W_out.symbol, s.hidden.symbol

# Heads of definitions that are not evaluated by SymPy
E, Var, Prob, lim, sup, rank, grad, hess, eig, norm = (
    sp.Function(name)
    for name in ("E", "Var", "Prob", "lim", "sup", "rank", "grad", "Hess", "eigenvalues", "norm")
)

# Letters of the derivations
NUMBER, ZERO = sp.Identity(1), sp.ZeroMatrix(1, 1)
one = sp.MatrixSymbol("1", M, 1)
chances = sp.MatrixSymbol("p", M, 1)  # the probabilities softmax(outputs)
D = sp.MatrixSymbol("D", M, M)  # diagonal: the probabilities
v = sp.MatrixSymbol("v", M, 1)  # a motion of the outputs
x = sp.Symbol("x", real=True)  # place along a line
#: D = diag(p), the probabilities add up to 1.
RULES = {
    D * one: chances,
    one.T * D: chances.T,
    chances.T * one: NUMBER,
    one.T * chances: NUMBER,
    D.T: D,
}
#: diag(p) - pp' in those letters.
CURVED = D - chances * chances.T


def output_curvature(at: sp.MatrixExpr) -> sp.MatrixExpr:
    """Diag(p) - pp' with p = softmax(``at``)."""
    p = softmax(at)
    return diagonal(p) - p * p.T


def mean(at: sp.MatrixExpr) -> dict[Any, Any]:
    """What 1, p and D mean where the outputs are ``at``."""
    return {one: ones(M, 1), chances: softmax(at), D: diagonal(softmax(at))}


def cross_entropy(at: sp.MatrixExpr, aim: sp.MatrixExpr = target) -> sp.Expr:
    """The loss of the outputs ``at``, with the targets ``aim``."""
    return log_sum_exp(at) - inner(aim, at)


def at_zero(function: sp.Expr, order: int) -> sp.Expr:
    """The derivative of ``function`` of x at x = 0."""
    return sp.Subs(sp.Derivative(function, (x, order)), x, 0)
