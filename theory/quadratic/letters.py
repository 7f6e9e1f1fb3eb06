"""The letters, rules and small expressions that the sections share."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.domain import Condition
from theory.functions.eigenvalues import largest, smallest_positive
from theory.functions.matrices import pinv
from theory.functions.rates import largest_over, smallest_over

SOURCE = "whybatchnorm"
N, p, k = s.N.symbol, s.p.symbol, s.k.symbol
X, Y, W = s.X.symbol, s.Y.symbol, s.W.symbol
R, U, V, u, d = s.R.symbol, s.U.symbol, s.V.symbol, s.u.symbol, s.d.symbol
eta, beta, lam = s.eta.symbol, s.beta.symbol, s.lam.symbol
m, v = s.m.symbol, s.v.symbol

LOSS = (Y - X.T * W).T * (Y - X.T * W) / (2 * p)
DATA_R = X * X.T / p
DATA_Q = X * Y / p
DATA_C = Y.T * Y / p

# Letters of the derivations
IDENTITY = sp.Identity(N)
D = sp.MatrixSymbol("D", N, N)  # diagonal: the eigenvalues of R = U D U'
Q = sp.MatrixSymbol("Q", N, 1)
C = sp.MatrixSymbol("c", 1, 1)
OPTIMUM = sp.MatrixSymbol("W*", N, 1)
START = sp.MatrixSymbol("W_0", N, 1)
PLACE = sp.MatrixSymbol("W_k", N, 1)  # where descent is
t = sp.Symbol("x", real=True)  # a place along a line
z = sp.Symbol("z")
low, gap, rest = sp.symbols("lambda_min+ gap rest", positive=True)
high = low + gap  # the largest eigenvalue, where the smallest is ``low``
spread = sp.Symbol("spread", nonnegative=True)

ROTATION = {U.T * U: IDENTITY, U * U.T: IDENTITY}
SYMMETRIC = {R.T: R, D.T: D}
SPECTRAL = cite("hornjohnson2013", "theorem 2.5.6")

#: The projector onto the directions in which the loss is curved; in all others nothing moves.
CURVED = pinv(R) * R
LARGEST, SMALLEST = largest(R), smallest_positive(R)
NOT_ZERO = Condition("R is not zero", LARGEST > 0)


def energy(weights: sp.MatrixExpr, slope: sp.MatrixExpr) -> sp.MatrixExpr:
    """The loss in letters: (W'RW - 2Q'W + c)/2 at W = ``weights``, Q = ``slope``."""
    return (weights.T * R * weights - 2 * slope.T * weights + C) / 2


def inside(upper: int) -> sp.Expr:
    """Any number between 0 and ``upper``, written in a positive one, so that signs are seen."""
    return upper * rest / (1 + rest)


def over_modes(value: sp.Expr) -> sp.Expr:
    """The largest that ``value`` is at the positive eigenvalues lam of R."""
    return largest_over(value, lam, SMALLEST, LARGEST)


def least_over_modes(value: sp.Expr) -> sp.Expr:
    """The smallest that ``value`` is at the positive eigenvalues lam of R."""
    return smallest_over(value, lam, SMALLEST, LARGEST)
