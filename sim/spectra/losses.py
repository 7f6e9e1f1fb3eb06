"""Descent on the bulk from a random start is averaged."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.integrate import quad

from companion.scale import Scale
from sim.ensembles import gaussian
from sim.evidence import Evidence, Fitted, Form, Student
from sim.spectra.draws import Generator, displacements, limit, multiply, spectra_of
from sim.table import simulates
from theory import spectra


@simulates(spectra.average_loss, unit="data matrix and 64 starts")
def average_loss(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Losses of descent that is run step by step.

    After more steps the edges would need more inputs.
    """
    v, start = 0.9, 1.5
    for N, alpha, rate, k, draws in (
        (200, 2.0, 1.0, 2, scale.pick(64, 1536, 2048)),
        (800, 0.5, 0.8, 3, scale.pick(64, 384, 2048)),
    ):
        eta = rate * alpha / (v * (1 + alpha))
        losses = []
        for _ in range(draws):
            matrix = gaussian(rng, N, round(alpha * N), 0.0, v)
            d = displacements(rng, matrix, start, 64)
            for _ in range(k):
                d = d - eta * multiply(matrix, d)
            losses.append(np.sum(d * multiply(matrix, d)) / 2 / 64)
        values: dict[str, Any] = {"alpha": alpha, "v": v, "eta": eta, "k": k, "start": start}
        yield Student(limit(spectra.average_loss, N=N, **values), losses)


def flow_losses(
    rng: Generator, N: int, alpha: float, v: float, t: float, start: float, draws: int
) -> np.ndarray:
    """Losses after time t of gradient flow, as a mean over 1,024 starts for each matrix.

    A random start is random in the eigenbasis too. The sum of 1,024 squares is chi^2.
    """
    eigenvalues = spectra_of(rng, N, alpha, v, draws)
    squares = start**2 / N * rng.chisquare(1024, eigenvalues.shape) / 1024
    return np.sum(eigenvalues * squares * np.exp(-2 * eigenvalues * t), axis=1) / 2


@simulates(spectra.average_loss_flow, unit="data matrix and 1,024 starts")
def average_loss_flow(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Gradient flow, solved in the eigenbasis."""
    N, v, start, draws = 100, 0.9, 1.5, scale.pick(64, 1024, 2048)
    for alpha, t in ((2.0, 10.0), (0.5, 0.6)):
        losses = flow_losses(rng, N, alpha, v, t, start, draws)
        predict = limit(spectra.average_loss_flow, N=N, alpha=alpha, v=v, t=t, start=start)
        yield Student(predict, losses)


@simulates(spectra.average_loss_power_law, unit="data matrix and 1,024 starts")
def average_loss_power_law(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Losses of gradient flow with equal numbers of examples and inputs, and an integral.

    The integral over the bulk is the average loss at time t. Observed is t^(3/2) times the integral
    at increasing times. The distance of this product from its limit falls as 1/t.
    """
    N, v, start, t = 100, 0.9, 1.5, 10.0
    losses = flow_losses(rng, N, 1.0, v, t, start, scale.pick(64, 1024, 2048))
    yield Student(limit(spectra.average_loss_power_law, N=N, v=v, t=t, start=start), losses)
    times = np.geomspace(10.0, 300.0, 8)

    def scaled(form: Form) -> Any:
        return times**1.5 * form(v=v, t=times, start=start)

    def bulk(s: float, time: float) -> float:
        """The integrand in s, with lam = 4v s^2, which takes the root out of the density."""
        return float(16 * v / np.pi * np.sqrt(1 - s**2) * s**2 * np.exp(-8 * v * s**2 * time))

    exact = [
        time**1.5 * start**2 / 2 * quad(bulk, 0, 1, args=(time,), epsabs=0, epsrel=1e-12)[0]
        for time in times
    ]
    yield Fitted(scaled, exact, times, order=1.0)
