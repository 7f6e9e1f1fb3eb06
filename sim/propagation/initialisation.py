"""One layer: rows of weights at fixed inputs."""

from collections.abc import Iterator

import numpy as np
from scipy import stats

from companion.scale import Scale
from sim.evidence import Distributed, Evidence, Form, Rounded, Student, at
from sim.propagation.draws import Generator, relu
from sim.table import simulates
from theory import propagation


def rows(rng: Generator, count: int, inputs: int) -> np.ndarray:
    """He's weights, ``count`` outputs of ``inputs`` inputs."""
    return rng.normal(scale=np.sqrt(2 / inputs), size=(count, inputs))


@simulates(propagation.he_initialisation, unit="row of weights")
def he_initialisation(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Outputs at one fixed input for random weights. Before ReLU their mean square is chi^2."""
    x = np.array([2.0, -0.3, 0.0, 1.1, 0.4])
    q = float(np.mean(x**2))
    z = rows(rng, scale.pick(64, 2**18, 2**21), len(x)) @ x
    count = len(z)

    def law(form: Form) -> stats.rv_continuous:
        return stats.chi2(count, scale=form(q=q)["mean square before"] / count)

    yield Student(at("mean square after", q=q), relu(z) ** 2)
    yield Student(at("mean after", q=q), relu(z))
    yield Distributed(law, float(np.mean(z**2)), count, "chi^2")


@simulates(propagation.channel_means, unit="row of weights")
def channel_means(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Means w'mu, whose mean square is chi^2, and variances w'Sigma w for random weights w."""
    mu = np.array([0.9, 0.2, 0.5, 0.0])
    Sigma = np.diag([0.5, 1.0, 1.5, 2.0]) + 0.25
    w = rows(rng, scale.pick(64, 2**17, 2**20), len(mu))
    count = len(w)

    def law(form: Form) -> stats.rv_continuous:
        variance = form(mu=mu, Sigma=Sigma)["variance of the means"]
        return stats.chi2(count, scale=max(variance, 0.0) / count + np.finfo(float).tiny)

    yield Distributed(law, float(np.mean((w @ mu) ** 2)), count, "chi^2")
    variances = np.sum((w @ Sigma) * w, axis=1)
    yield Student(at("mean of the variances", mu=mu, Sigma=Sigma), variances)


@simulates(propagation.total_variance, unit="table")
def total_variance(rng: Generator, scale: Scale) -> Evidence:
    """Squares of tables added entry by entry.

    Some tables have a single channel or a single example.
    """
    tables = [rng.normal(size=shape) + 0.7 for shape in ((3, 5), (7, 2), (1, 4), (4, 1))]
    observed = [np.mean(table**2) for table in tables]

    def predict(form: Form) -> list[float]:
        return [form(X=table) for table in tables]

    return Rounded(predict, observed, magnitude=float(max(observed)), draws=len(tables))
