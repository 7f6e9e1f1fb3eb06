"""The bulk's letters, quadrature and comparisons that its tests share.

Oracles: quadrature of the definitions, eigenvalues of arrays, exact enumeration of small laws;
never the closed form under test.
"""

import numpy as np
from hypothesis import strategies as st
from scipy.integrate import quad

from tests.strategies import scalars
from theory import spectra
from theory import symbols as s
from theory.spectra.letters import ABOVE_ONE

EPS = np.finfo(float).eps

alphas, means, variances = scalars(s.alpha), scalars(s.m), scalars(s.v)
above_one = scalars(ABOVE_ONE)
rates, times, starts = scalars(s.eta), scalars(s.t), scalars(s.start)
factors = st.floats(0.1, 10)
inside = st.floats(-0.99, 0.99)  # where in the bulk, in radii of the semicircle
sizes = st.integers(2, 60)


def point(alpha, v, where):
    """An eigenvalue of the bulk, ``where`` radii from the centre."""
    return v * (1 + 1 / alpha) + where * 2 * v / np.sqrt(alpha)


def over_bulk(function, alpha, v):
    """Quadrature of a function against the density, and the error it admits.

    By lam = lambda- + 2 r sin^2(phi/2), r the radius of the semicircle: the density's root becomes
    r sin phi, and small eigenvalues keep their digits.
    """
    lower, radius = spectra.edges(alpha=alpha, v=v)["lower"], 2 * v / np.sqrt(alpha)

    def integrand(phi):
        lam = lower + 2 * radius * np.sin(phi / 2) ** 2
        return function(lam) * spectra.density(lam=lam, alpha=alpha, v=v) * radius * np.sin(phi)

    # near alpha = 1 the integrand bends within |1 - sqrt alpha| of zero: the rule must be told
    cuts = (abs(1 - np.sqrt(alpha)) + 1e-12) * 10.0 ** np.arange(13)
    return quad(integrand, 0, np.pi, limit=400, points=cuts[cuts < 3])
