"""Closed forms of the quadratic with biased inputs, which figures draw beside the nets.

The quadratic is a linear neuron of N = 400 inputs with mean m and variance v = m^2, and two
examples per input. This module is no figure.
"""

from deepnet.experiments.ghorbani2019.shared.newton import isotropic
from theory import spectra

N, ALPHA, MEAN, VARIANCE = 400, 2, 1, 1


def ratio() -> float:
    """lambda_1/lambda_2: the outlier divided by the upper edge of the bulk."""
    edges = spectra.edges(alpha=ALPHA, v=VARIANCE)
    return float(spectra.outlier(N=N, alpha=ALPHA, m=MEAN, v=VARIANCE)) / float(edges["upper"])


def gradient_share() -> float:
    """The outlier's share of the gradient's squared length."""
    return float(spectra.energy_gradient(N=N, m=MEAN, v=VARIANCE))


def l1_share() -> float:
    """The outlier's share of the sum of all eigenvalues."""
    return float(spectra.energy_l1(N=N, m=MEAN, v=VARIANCE))


def cosine_centred() -> float:
    """The cosine of the gradient and the way to the optimum where the inputs are centred."""
    return float(spectra.energy_cosine(alpha=ALPHA))


def cosine_biased() -> float:
    """The cosine of the gradient and the way to the optimum where the inputs have the mean.

    It is computed from the traces of the population's spectrum.
    """
    eigenvalues = spectra.population(N=N, m=MEAN, v=VARIANCE)
    outlier, others = float(eigenvalues["outlier"]), float(eigenvalues["others"])
    mean = (outlier + (N - 1) * others) / N
    return isotropic(mean, (outlier**2 + (N - 1) * others**2) / N)
