"""The effect of a bias on the block of a layer whose inputs have a mean."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from companion.scale import Scale
from sim.evidence import Bounded, Evidence, Form, Rounded, at
from sim.kronecker.draws import Array, Generator, examples
from sim.table import simulates
from theory import kronecker


def with_ones(X: Array) -> Array:
    """Singular values of the examples with a constant input, over sqrt(p), which are roots of
    eigenvalues."""
    p = X.shape[1]
    return np.linalg.svd(np.vstack([X, np.ones(p)]) / np.sqrt(p), compute_uv=False)


@simulates(kronecker.bias, unit="data set")
def bias(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Extreme eigenvalues of examples with a constant input, by singular values."""
    for N in (1, 2, 3, 8):
        for length in (0.3, 1.0, 5.0):
            mu = rng.normal(size=N)
            mu *= length / np.linalg.norm(mu)
            roots = with_ones(examples(rng, mu))
            yield Rounded(at("largest", mu=mu), roots[0] ** 2, N * roots[0] ** 2)
            # the smallest root is known to rounding of the largest
            yield Rounded(at("smallest", mu=mu), roots[-1] ** 2, N * roots[0] * roots[-1])


@simulates(kronecker.bias_condition, unit="data set")
def bias_condition(rng: Generator, scale: Scale) -> Evidence:
    """Condition numbers with a constant input.

    No mean attains the lower bound. A mean of length 30 comes within 3e-6 of the upper bound.
    """
    means = [np.zeros(3)]
    for length in np.geomspace(0.1, 30, scale.pick(6, 20, 100)):
        mu = rng.normal(size=3)
        means.append(length * mu / np.linalg.norm(mu))
    conditions = []
    for mu in means:
        roots = with_ones(examples(rng, mu))
        conditions.append((roots[0] / roots[-1]) ** 2)

    def predict(form: Form) -> tuple[Any, Any]:
        bounds = [form(mu=mu) for mu in means]
        return [each["lower"] for each in bounds], [each["upper"] for each in bounds]

    # a singular value is known to rounding of the largest
    return Bounded(predict, conditions, max(conditions) ** 1.5, gap=1e-5, draws=len(means))
