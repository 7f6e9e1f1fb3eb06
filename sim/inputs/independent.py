"""The limit spectrum of R for independent inputs with the data's means and variances.

C is the sample covariance, normalised by 1/p, with n = p - 1 degrees of freedom. s_i is its
diagonal. R = C + mu mu' with the sample mean mu. For independent inputs the limit spectrum of C is
the Marchenko-Pastur law of the population diag(s_i). Its edges (silversteinchoi1995) are the values
of

    psi(x) = x + (x/n) sum_i s_i / (x - s_i)

at its critical points outside [min s_i, max s_i]. In the limit (psi(x) - C)^-1 is the diagonal
matrix of x / (psi(x) (x - s_i)). R's eigenvalue beyond the bulk solves mu'(lam - C)^-1 mu = 1.
Therefore it is lam = psi(x) with

    sum_i mu_i^2 / (x - s_i) = 1 + (1/n) sum_i s_i / (x - s_i)

(the argument of benaychgeorges2012, theorem 2.8).

With all variances equal these are ``theory.spectra.edges`` and ``theory.spectra.outlier`` at alpha
= n/N and N m^2 = |mu|^2 - sum_i s_i / n. The subtracted term is the part of the sample mean's
square that is due to chance, so that the square of the population's mean is left.

At finite size C's largest eigenvalue lies about the upper edge psi(x), at the distance of
n^(-2/3) sigma times a number of the Tracy-Widom law, with (elkaroui2007, and for real data
leeschnelli2016)

    sigma^3 = x^4 psi''(x) / 2 = (x^4/n) sum_i s_i^2 / (x - s_i)^3.
"""

import math
from collections.abc import Callable

import numpy as np
from scipy.optimize import brentq

EPS = float(np.finfo(float).eps)
#: The most evaluations of a root search. Halving alone needs about 60.
SEARCH = 500
#: The Tracy-Widom law of real data is above this number once in a thousand draws.
ONCE_IN_A_THOUSAND = 3.2724


def bulk(variances: np.ndarray, examples: int) -> tuple[float, float]:
    """The edges of the limit spectrum of C, without the atom at zero, for independent inputs.

    ``variances`` are the s_i. A variance of zero plays no part.
    """
    s, n = variances[variances > 0], examples - 1
    if len(s) == 0:
        return 0.0, 0.0
    lower, upper = _Side(s, n, -1), _Side(s, n, +1)
    return max(lower.psi(lower.critical()), 0.0), upper.psi(upper.critical())


def largest(mean: np.ndarray, variances: np.ndarray, examples: int) -> float:
    """The limit of R's largest eigenvalue for independent inputs with sample mean ``mean``."""
    varies = variances > 0
    s, n, squares = variances[varies], examples - 1, mean[varies] ** 2
    constant = float(np.sum(mean[~varies] ** 2))
    if len(s) == 0:
        return constant
    side = _Side(s, n, +1)

    def excess(distance: float) -> float:
        seen = constant / side.x(distance) + float(np.sum(squares / side.minus_s(distance)))
        return _log1p(seen - 1) - math.log1p(float(np.sum(s / side.minus_s(distance))) / n)

    edge = side.critical()
    # there every term has fallen below its share of 1/2
    beyond = edge + 2 * (constant + float(np.sum(squares)))
    return side.psi(_root(excess, edge, beyond))


def reach(variances: np.ndarray, examples: int) -> float:
    """The number above which an eigenvalue of C lies in one of a thousand tables at most.

    The tables have independent Gaussian columns with the ``variances``. A number that is not
    Gaussian, with tails that fall quickly, does the same in a large table.
    """
    s, n = variances[variances > 0], examples - 1
    if len(s) == 0:
        return 0.0
    side = _Side(s, n, +1)
    edge = side.critical()
    return side.psi(edge) + ONCE_IN_A_THOUSAND * n ** (-2 / 3) * side.sigma(edge)


class _Side:
    """The x above all (``sign`` +1) or below all (-1) of ``s``, by distance from the nearest s_i.

    A distance has digits where x itself has none: the s_i may differ by 30 orders of magnitude.
    """

    def __init__(self, s: np.ndarray, n: int, sign: int) -> None:
        self.s, self.n, self.sign = s, n, sign
        self.nearest = float(s.max() if sign > 0 else s.min())

    def x(self, distance: float) -> float:
        return self.nearest + self.sign * distance

    def minus_s(self, distance: float) -> np.ndarray:
        """The differences x - s_i."""
        return (self.nearest - self.s) + self.sign * distance

    def psi(self, distance: float) -> float:
        small, large = self._shares(distance)
        x = self.x(distance)
        return float(x * ((self.n - len(large)) + large.sum() + small.sum()) / self.n)

    def _shares(self, distance: float) -> tuple[np.ndarray, np.ndarray]:
        """s/(x - s) for each s below |x|. For each other s, what is beyond its limit -1."""
        x, gaps = self.x(distance), self.minus_s(distance)
        above = self.s > abs(x)
        return self.s[~above] / gaps[~above], x / gaps[above]

    def sigma(self, distance: float) -> float:
        """The unit of the fluctuations of an eigenvalue at the edge, as in the module's text."""
        share, x = self.s / self.minus_s(distance), self.x(distance)
        return float(x * np.cbrt(np.sum(share**2 * (x / self.minus_s(distance))) / self.n))

    def critical(self) -> float:
        """The distance at which psi'(x) = 0.

        There sum_i (s_i / (x - s_i))^2 = n. One end of the bracket has the term of the nearest s_i
        alone, and the other end has all terms at that distance.
        """
        near = self.nearest / math.sqrt(self.n)
        far = float(np.linalg.norm(self.s)) / math.sqrt(self.n)

        def slope(distance: float) -> float:
            small, large = self._shares(distance)
            beyond = len(large) - self.n + float(np.sum(large * (large - 2)) + np.sum(small**2))
            return _log1p(beyond / self.n)

        return _root(slope, near, far)


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    """The root of a decreasing function between ``low`` and ``high``, both positive.

    It is the end towards which the function has the same sign everywhere. The search is over the
    logarithm, in which a range of any number of decades is short.
    """

    def at(shift: float) -> float:
        return function(low * math.exp(shift))

    width = math.log(high / low)
    if at(0.0) <= 0:
        return low
    if at(width) >= 0:
        return high
    return low * math.exp(brentq(at, 0.0, width, xtol=4 * EPS, rtol=4 * EPS, maxiter=SEARCH))


def _log1p(number: float) -> float:
    return math.log1p(number) if number > -1 else -math.inf
