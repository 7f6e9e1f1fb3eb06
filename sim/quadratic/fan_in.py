"""Learning rates over the number of inputs: eigenvalues of two neurons' Hessians."""

import numpy as np

from companion.scale import Scale
from sim.evidence import Bounded, Evidence, Form
from sim.table import simulates
from theory import quadratic


@simulates(quadratic.rate_over_inputs, unit="pair of neurons")
def rate_over_inputs(rng: np.random.Generator, scale: Scale) -> Evidence:
    """Condition numbers of the two neurons' Hessians, each over the number of its inputs."""
    pairs = [(1, 2), (3, 3), (2, 5), (10, 10), (4, 60), (20, 200)]
    m, v = rng.uniform(0.3, 1.2), rng.uniform(0.5, 1.5)
    conditions = []
    for pair in pairs:
        spectra = [np.linalg.eigvalsh((v * np.eye(n) + m**2 * np.ones((n, n))) / n) for n in pair]
        conditions.append(np.max(np.concatenate(spectra)) / np.min(np.concatenate(spectra)))

    def predict(form: Form) -> tuple[list[float], None]:
        return [form(N_small=a, N_large=b, m=m, v=v)["lower"] for a, b in pairs], None

    # the smallest eigenvalue is known to eps times the largest
    return Bounded(predict, conditions, magnitude=max(conditions) ** 2, draws=len(pairs))
