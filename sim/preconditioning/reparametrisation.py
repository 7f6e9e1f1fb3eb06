"""The change of parameters: outputs before and after it, and its Jacobian."""

from functools import partial

import numpy as np

from companion.scale import Scale
from sim.evidence import Evidence, Rounded, at
from sim.preconditioning.draws import jacobian, layers, outputs, split
from sim.table import simulates
from theory import preconditioning


@simulates(preconditioning.standardising, unit="layer")
def standardising(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Outputs of the changed layer on standardised inputs, for data of any statistics."""
    checks: list[Evidence] = []
    for n, N, p, theta, known in layers(rng, scale):
        X = rng.normal(size=(N, p))
        weights, biases = split(theta, n)
        transformed = outputs(known.to_standard(theta, n), known.standardised(X), n)
        values = at(Wl=weights, bl=biases, X=X, mu=known.mu, L=known.L)
        # the condition number of L is at most 4
        terms = abs(weights) @ (abs(X) + 2 * abs(known.mu[:, None])) + abs(biases[:, None])
        checks.append(Rounded(values, transformed, 4 * N * terms.max()))
    return checks


@simulates(preconditioning.coordinates, unit="layer")
def coordinates(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The change of parameters of one unit vector after the other."""
    checks: list[Evidence] = []
    for n, _, _, theta, known in layers(rng, scale):
        matrix = jacobian(partial(known.to_standard, n=n), theta.size)
        values = at(mu=known.mu, L=known.L, n=n)
        checks.append(Rounded(values, matrix, abs(matrix).max()))
    return checks
