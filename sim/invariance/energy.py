"""Each step lengthens the weights. Squared lengths are summed entry by entry."""

import numpy as np

from companion.scale import Scale
from sim.derivatives import complex_gradient
from sim.evidence import Evidence, Rounded, at
from sim.invariance.descents import gradient_of, path
from sim.invariance.draws import SIZES, random_loss
from sim.table import simulates
from theory import invariance


@simulates(invariance.norm_after_step, unit="step")
def norm_after_step(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The squared length after a step on a random loss."""
    checks: list[Evidence] = []
    for n in SIZES:
        loss, norm, rate = random_loss(rng, n), rng.uniform(0.4, 2), rng.uniform(0.1, 1)
        W = norm * loss.u
        after = W - rate * complex_gradient(loss, W)
        values = at(u=loss.u, slope=loss.slope, eta=rate, norm=norm)
        size = (norm + rate * loss.size / norm) ** 2
        checks.append(Rounded(values, after @ after, size))
    return checks


@simulates(invariance.energy_identity, unit="descent")
def energy_identity(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The growth of |W|^2 in descents on random losses, and the lengths of the gradients on the
    way."""
    return account(rng, momenta=(0.0,))


@simulates(invariance.energy_identity_with_momentum, unit="descent")
def energy_identity_with_momentum(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The growth of |W|^2 with momentum, small and large, and the lengths of the buffers."""
    return account(rng, momenta=(0.3, 0.9))


def account(rng: np.random.Generator, momenta: tuple[float, ...]) -> list[Evidence]:
    """Growth of |W|^2 over descents of three lengths."""
    checks: list[Evidence] = []
    for n in SIZES:
        for beta in momenta:
            loss, rate = random_loss(rng, n), rng.uniform(0.1, 0.3)
            for count in (2, 5, 20):
                W, buffers = path(
                    gradient_of(loss), rng.uniform(1, 2) * loss.u, [rate] * count, beta
                )
                lengths = np.linalg.norm(buffers, axis=1)
                values = {"eta": rate, "lengths": lengths} | ({"beta": beta} if beta else {})
                # the gradient has the rounding of the loss's terms, and every step passes it on
                size = (
                    count * (np.linalg.norm(W, axis=1).max() + rate * loss.size / (1 - beta)) ** 2
                )
                checks.append(Rounded(at(**values), W[-1] @ W[-1] - W[0] @ W[0], size))
    return checks
