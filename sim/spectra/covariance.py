"""Centring leaves the bulk and takes the outlier away."""

from typing import Any

import numpy as np

from companion.scale import Scale
from sim.ensembles import inputs, spectrum
from sim.evidence import Bounded, Evidence, Form, Student
from sim.spectra.draws import OTHER_LAWS, Generator, limit
from sim.table import simulates
from theory import spectra


@simulates(spectra.one_outlier, unit="data matrix")
def one_outlier(rng: Generator, scale: Scale) -> Evidence:
    """The second largest eigenvalue of any data: of all laws, correlated, with few examples.

    Without a mean the lower bound is attained. A large mean that is orthogonal to the covariance's
    top eigenvector attains the upper bound.
    """
    data = [
        inputs(rng, N, p, m, 1.0, law)
        for N, p in ((2, 9), (6, 4), (5, 40))
        for m in (0.0, 0.3, 3.0)
        for law in (*OTHER_LAWS, "gaussian")
        for _ in range(scale.pick(1, 2, 20))
    ]
    data += [rng.standard_normal((4, 4)) @ X for X in data if len(X) == 4]
    plain = np.array([[1.0, -1.0, 0.0, 0.0], [0.0, 0.0, 0.5, -0.5]])
    data += [plain, plain + np.array([[0.0], [9.0]])]
    observed = [spectrum(X)[-2] for X in data]

    def predict(form: Form) -> tuple[Any, Any]:
        bounds = [form(X=X) for X in data]
        return [each["lower"] for each in bounds], [each["upper"] for each in bounds]

    magnitude = max(spectrum(X)[-1] for X in data) * 40
    return Bounded(predict, observed, magnitude, draws=len(data))


@simulates(spectra.centring, unit="data matrix")
def centring(rng: Generator, scale: Scale) -> Evidence:
    """Condition numbers of Gaussian data with a large mean, after the sample means are
    subtracted."""
    N, alpha, m, v = scale.pick(16, 64, 256), 4.0, 3.0, 0.9
    ratios = []
    for _ in range(scale.pick(64, 400, 1024)):
        X = inputs(rng, N, round(alpha * N), m, v)
        eigenvalues = spectrum(X - X.mean(axis=1, keepdims=True))
        ratios.append(eigenvalues[-1] / eigenvalues[0])
    return Student(limit(spectra.centring, N=N, alpha=alpha), ratios)
