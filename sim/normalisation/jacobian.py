"""The Jacobian: derivatives of batch norm by Cauchy's formula, one input at a time."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from companion.scale import Scale
from sim.evidence import Evidence, Exact, Rounded, at
from sim.normalisation import draws
from sim.normalisation.draws import SIZES, Generator, batch, batch_norm, rounding, spread
from sim.table import simulates
from theory import normalisation


@simulates(normalisation.jacobian, unit="batch")
def jacobian(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """All derivatives of all outputs."""
    for eps in (0.3, 0.0):
        for B in SIZES:
            y = batch(rng, B)
            yield Rounded(at(y=y, eps=eps), draws.jacobian(y, eps), rounding(y, eps))


@simulates(normalisation.jacobian_rank, unit="batch")
def jacobian_rank(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The number of singular values of the Jacobian that are nearer to 1/sigma than to zero."""
    for B in (5, 2, 3, 16):
        y = batch(rng, B)
        singular = np.linalg.svd(draws.jacobian(y), compute_uv=False)
        yield Exact(at(y=y), int(np.sum(singular * spread(y) > 0.5)))


@simulates(normalisation.jacobian_eigenvalues, unit="batch")
def jacobian_eigenvalues(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The largest eigenvalue, and the curvatures along the outputs and along 1."""
    for eps in (0.3, 0.01, 0.0):
        for B in SIZES[1:]:
            y = batch(rng, B)
            J, out, ones = draws.jacobian(y, eps), batch_norm(y), np.ones(B)
            observed = {
                "across": np.linalg.eigvalsh((J + J.T) / 2)[-1],
                "along": out @ J @ out / B,
                "mean": ones @ J @ ones / B,
            }
            for name, value in observed.items():
                yield Rounded(at(name, y=y, eps=eps), value, B * rounding(y, eps))


@simulates(normalisation.gradient_orthogonality, unit="batch")
def gradient_orthogonality(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The sum of a loss's gradient, and its product with y.

    The gradient is taken derivative by derivative.
    """
    for eps in (0.3, 0.0):
        for B in SIZES:
            y, g, gamma = batch(rng, B), rng.normal(size=B), rng.normal()
            gradient = gamma * draws.jacobian(y, eps).T @ g
            values: dict[str, Any] = {"y": y, "g": g, "gamma": gamma, "eps": eps}
            size = abs(gamma) * np.abs(g).sum() * rounding(y, eps)
            inputs = gradient @ y
            yield Rounded(at("inputs", **values), inputs, size * np.abs(y).sum())
            yield Rounded(at("ones", **values), gradient.sum(), size * B)
