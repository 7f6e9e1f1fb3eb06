"""The letters, sizes and small expressions that the sections share."""

from typing import Any

import sympy as sp
from sympy.matrices.expressions.special import OneMatrix

from theory import symbols as s
from theory.functions.heads_of_chance import means
from theory.functions.large import gaussian, independent, tends_to
from theory.laws import Entries, independent_entries

SOURCE = "whybatchnorm"
N, p = s.N.symbol, s.p.symbol
alpha, m, v, lam = s.alpha.symbol, s.m.symbol, s.v.symbol, s.lam.symbol
eta, k, t, start = s.eta.symbol, s.k.symbol, s.t.symbol, s.start.symbol
R, X, u = s.R.symbol, s.X.symbol, s.u.symbol
# the radius of the bulk's semicircle, and N m^2/v
r, tau = sp.symbols("r tau", positive=True)
ABOVE_ONE = s.alpha.within(low=1, typical=(1.25, 10))
ORDER = s.order.within(low=1, high=10**7, typical=(1, 8))
TWO_OR_MORE = s.N.within(low=2)

#: The bulk: its ends, the centre and the radius of its semicircle, its density, the atom at zero.
LOWER = v * (1 - sp.sqrt(alpha)) ** 2 / alpha
UPPER = v * (1 + sp.sqrt(alpha)) ** 2 / alpha
CENTRE = v * (1 + 1 / alpha)
RADIUS = 2 * v / sp.sqrt(alpha)
UNDER_ROOT = (UPPER - lam) * (lam - LOWER)
INSIDE = alpha * sp.sqrt(UNDER_ROOT) / (2 * sp.pi * v * lam)
IN_BULK = sp.And(lam > LOWER, lam < UPPER)
DENSITY = sp.Piecewise((INSIDE, IN_BULK), (0, True))
ATOM = sp.Max(0, 1 - alpha)

#: N m^2 and where it pushes the largest eigenvalue.
PUSH = N * m**2
OUT = (v + PUSH) * (v / alpha + PUSH) / PUSH

#: R with infinitely many examples, R of data, and their covariance.
POPULATION = v * sp.Identity(N) + m**2 * OneMatrix(N, N)
DATA_R = X * X.T / p
MEAN_R = means(DATA_R)
DATA_LAW = {X: independent_entries(N, p, v, m)}
COVARIANCE = (X - X * OneMatrix(p, p) / p) * (X - X * OneMatrix(p, p) / p).T / p

# Random data of n inputs and alpha n examples, n to infinity; the entries of Z are independent, of
# mean 0 and variance 1. Those of GAUSSIAN are normal too, and FEWER has one example less.
n = sp.Symbol("n", integer=True, positive=True)
Z = independent("Z", n, alpha * n)
GAUSSIAN = gaussian("Z", n, alpha * n)
FEWER = gaussian("Y", n, alpha * n - 1)


MEAN = m * sp.sqrt(N / n) * OneMatrix(n, 1)  # of an example, with N m^2 kept as n grows


def second_moments(data: sp.MatrixExpr) -> sp.MatrixExpr:
    """Of examples, one per column."""
    return data * data.T / data.shape[1]


def pushed(data: sp.MatrixExpr = Z) -> sp.MatrixExpr:
    """These data times sqrt v, and a mean."""
    return MEAN * OneMatrix(1, data.shape[1]) + sp.sqrt(v) * data


def spike(data: sp.MatrixExpr = Z) -> dict[str, sp.Expr]:
    """The mean of these data as a spike, in units of the noise."""
    across, along = (OneMatrix(size, 1) / sp.sqrt(size) for size in data.shape)
    return {"strength": m * sp.sqrt(N / v), "u": across, "w": along, "Z": data}


def spiked(data: sp.MatrixExpr = Z) -> sp.MatrixExpr:
    """YY' where Y is Z/sqrt p and this spike."""
    mean = spike(data)["strength"] * spike(data)["u"] * spike(data)["w"].T
    Y = mean + data / sp.sqrt(data.shape[1])
    return Y * Y.T


def centred(data: sp.MatrixExpr) -> sp.MatrixExpr:
    """Data less the mean of the examples."""
    return data - data * OneMatrix(data.shape[1], data.shape[1]) / data.shape[1]


# The way from W* to a start in a random direction, of squared length start^2 on average.
WAY = sp.MatrixSymbol("d", n, 1)
RANDOM_START = {WAY: Entries(sp.ZeroMatrix(n, 1), start**2 / n * sp.Identity(n), sp.Identity(1),
                             gaussian=False)}  # fmt: skip

A = sp.MatrixSymbol("A", n, n)  # stands for their second-moment matrix
LARGE_R, UNIT_R = second_moments(sp.sqrt(v) * Z), second_moments(Z)

# Letters of the derivations
x = sp.Symbol("x", positive=True)  # row over N, or an argument
y, z = sp.symbols("y z", positive=True)
normal = sp.Symbol("z", real=True)  # a standard normal number
phi = sp.Symbol("phi", real=True)  # lam = centre + radius cos phi
j = sp.Symbol("j", integer=True, nonnegative=True)
one = sp.MatrixSymbol("1", N, 1)  # the vector of ones
ones = sp.MatrixSymbol("1_p", p, 1)  # the same for the examples
COUNT = {one.T * one: N * sp.Identity(1), ones.T * ones: p * sp.Identity(1)}
INDEPENDENT = "independent inputs of variance v and finite fourth moment"
CENTRED = "inputs of mean zero"
BIASED = "independent inputs of mean m, variance v and finite fourth moment"
NORMAL = "independent Gaussian inputs of mean m and variance v"
UNCORRELATED = "uncorrelated inputs, each of mean m and variance v"
MANY = "p to infinity at fixed N"
LARGE = "N, p to infinity at fixed alpha = p/N"
LARGE_PUSHED = "N, p to infinity at fixed alpha = p/N and N m^2"
ANYWHERE = "a start in a random direction, E|W - W*|^2 = start^2"

#: Mean of the Tracy-Widom law of real data (bornemann2010).
TRACY_WIDOM_MEAN = sp.Float("-1.20653357458209", 15)


def with_examples(expression: sp.Basic) -> sp.Basic:
    """The same in the letters N and p: alpha is p/N."""
    return expression.subs(alpha, p / N)


def on_random_data(value: Any) -> Any:
    """The same with the second-moment matrix of random data for the letter A."""
    return value.xreplace({A: LARGE_R})


def limit(value: sp.Expr) -> sp.Expr:
    """What a random ``value`` tends to for n to infinity at fixed alpha."""
    return tends_to(value, n)


def over_bulk(function: sp.Expr) -> sp.Integral:
    """The integral of ``function`` of lam against the bulk's density."""
    return sp.Integral(function * INSIDE, (lam, LOWER, UPPER))


def first_order(function: sp.Expr) -> sp.Expr:
    """The 1/N term of E sum_i function(lam_i)/N for Gaussian data (baisilverstein2004):
    [(f(lambda-) + f(lambda+))/4 - (1/2 pi) integral of f(centre + radius cos phi), 0..pi]/N."""
    ends = (function.subs(lam, LOWER) + function.subs(lam, UPPER)) / 4
    along = function.subs(lam, CENTRE + RADIUS * sp.cos(phi))
    return (ends - sp.Integral(along, (phi, 0, sp.pi)) / (2 * sp.pi)) / N


def finite_edge(sign: int, examples: sp.Expr = alpha * N) -> sp.Expr:
    """The mean of the largest (+1) or smallest (-1) eigenvalue of ``examples`` Gaussian examples
    at finite N, up to a share N^(-2/3) of its fluctuation (ma2012)."""
    half = sp.Rational(1, 2)
    long, short = sp.sqrt(sp.Max(examples, N) - half), sp.sqrt(sp.Min(examples, N) - half)
    middle = (long + sign * short) ** 2
    width = (long + sign * short) * (1 / short + sign / long) ** sp.Rational(1, 3)
    return v * (middle + sign * TRACY_WIDOM_MEAN * width) / (alpha * N)
