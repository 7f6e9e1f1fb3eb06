"""The letters, small expressions and assumptions that the sections share."""

import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.functions.heads_of_chance import E, Prob, Var  # noqa: F401 (for the sections)
from theory.laws import gaussian_column, independent_entries

SOURCE = "page2019"
LUTHER = cite("lutherseung2019")
N, n, p, depth = s.N.symbol, s.n.symbol, s.p.symbol, s.depth.symbol
m, v, c, q = s.m.symbol, s.v.symbol, s.c.symbol, s.q.symbol
X, mu, Sigma = s.X.symbol, s.mu.symbol, s.Sigma.symbol
SPREAD = sp.sqrt(v)
NUMBER = sp.Identity(1)


# Letters of the derivations
x, y = sp.symbols("x y", real=True)
r = sp.Symbol("r", positive=True)
angle = sp.Symbol("theta", positive=True)  # between two inputs: c = cos theta
phi = sp.Symbol("phi", real=True)
half = sp.Rational(1, 2)

#: One row of a layer's weights, and what it is on average multiplied with itself.
ROW = sp.MatrixSymbol("w", N, 1)
HE_ROW = {ROW * ROW.T: 2 / N * sp.Identity(N)}
#: Its law, where the weights are Gaussian and where no more than mean and variance is known.
GAUSSIAN_ROW = {ROW: gaussian_column(2 / N * sp.Identity(N))}
ANY_ROW = {ROW: independent_entries(N, 1, 2 / N)}

HE = "independent weights of mean zero and variance 2/N, N the inputs of the layer; no biases"
GAUSSIAN_HE = f"Gaussian {HE}"
WIDE = "width to infinity"


def relu(value: sp.Expr) -> sp.Expr:
    """The rectified ``value``, max(0, value)."""
    return sp.Max(0, value)


def pdf(value: sp.Expr) -> sp.Expr:
    """The standard normal density."""
    return sp.exp(-(value**2) / 2) / sp.sqrt(2 * sp.pi)


def cdf(value: sp.Expr) -> sp.Expr:
    """The standard normal distribution function."""
    return (1 + sp.erf(value / sp.sqrt(2))) / 2


def mean_over(function: sp.Expr, mean: sp.Expr = m, variance: sp.Expr = v) -> sp.Integral:
    """The mean of ``function`` of a Gaussian x."""
    density = pdf((x - mean) / sp.sqrt(variance)) / sp.sqrt(variance)
    return sp.Integral(function * density, (x, -sp.oo, sp.oo))


def map_of(correlation: sp.Expr) -> sp.Expr:
    """The correlation (uncentred) of the rectified values of a pair of that correlation."""
    root = sp.sqrt(1 - correlation**2)
    return (root + correlation * (sp.pi - sp.acos(correlation))) / sp.pi
