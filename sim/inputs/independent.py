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
"""

import numpy as np
from scipy.optimize import brentq


def bulk(variances: np.ndarray, examples: int) -> tuple[float, float]:
    """The edges of the limit spectrum of C, without the atom at zero, for independent inputs.

    ``variances`` are the s_i. A variance of zero plays no part.
    """
    s, n = variances[variances > 0], examples - 1
    if len(s) == 0:
        return 0.0, 0.0
    return max(_psi(_critical(s, n, -1), s, n), 0.0), _psi(_critical(s, n, +1), s, n)


def largest(mean: np.ndarray, variances: np.ndarray, examples: int) -> float:
    """The limit of R's largest eigenvalue for independent inputs with sample mean ``mean``."""
    varies = variances > 0
    s, n, squares = variances[varies], examples - 1, mean[varies] ** 2
    constant = float(np.sum(mean[~varies] ** 2))
    if len(s) == 0:
        return constant

    def excess(x: float) -> float:
        seen = constant / x + np.sum(squares / (x - s))
        return float(seen - 1 - np.sum(s / (x - s)) / n)

    edge = _critical(s, n, +1)
    if excess(edge) <= 0:
        return _psi(edge, s, n)
    beyond = edge + constant + np.sum(squares)  # there every term has fallen below its share of 1
    return _psi(brentq(excess, edge, beyond, xtol=1e-300, rtol=1e-14), s, n)


def _psi(x: float, s: np.ndarray, n: int) -> float:
    return float(x + x * np.sum(s / (x - s)) / n)


def _critical(s: np.ndarray, n: int, side: int) -> float:
    """The x above all (side +1) or below all (side -1) of ``s`` where psi'(x) = 0.

    There sum_i (s_i / (x - s_i))^2 = n. The distance of x from the nearest s_i is bracketed. One
    end has the term of this s_i alone, and the other end has all terms at that distance.
    """
    nearest = float(s.max() if side > 0 else s.min())
    near, far = nearest / np.sqrt(n), np.sqrt(np.sum(s**2) / n)

    def slope(distance: float) -> float:
        return float(np.sum((s / (nearest + side * distance - s)) ** 2) - n)

    if slope(far) >= 0 or slope(near) <= 0:  # one value of s, up to rounding, where far = near
        return nearest + side * (far if slope(far) >= 0 else near)
    return nearest + side * float(brentq(slope, near, far, xtol=1e-300, rtol=1e-14))
