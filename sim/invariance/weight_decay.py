"""Weight decay: descents with random gradients orthogonal to the weights run until they settle."""

from typing import Any

import numpy as np

from companion.scale import Scale
from sim.evidence import Evidence, Form, Rounded, Student, at
from sim.invariance.descents import constant, path, tangent
from sim.invariance.draws import Array
from sim.invariance.sphere import turn
from sim.table import simulates
from theory import invariance

#: Values of eta decay.
PRODUCTS = (0.02, 0.1, 0.4)


def settled(rng: np.random.Generator, product: float) -> tuple[dict[str, Any], Array]:
    """The last two weights of a descent that is run 15 time constants long.

    The descent starts from weights of any length.
    """
    rate, G = rng.uniform(0.1, 2), rng.uniform(0.3, 3)
    decay = product / rate
    W = rng.normal(size=4) * 10 ** rng.uniform(-0.5, 0.5)
    count = int(15 / product) + 60
    weights, _ = path(constant(rng, G), W, [rate] * count, decay=decay)
    return {"eta": rate, "decay": decay, "G": G}, weights[-2:]


@simulates(invariance.equilibrium, unit="descent")
def equilibrium(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The squared length at the end, and the learning rate divided by it."""
    checks: list[Evidence] = []
    for product in PRODUCTS:
        values, weights = settled(rng, product)
        square = float(weights[-1] @ weights[-1])
        rate = values["eta"] / square
        # the rounding of each step, over the time in which it is forgotten
        checks.append(Rounded(at("squared norm", **values), square, square / product))
        checks.append(Rounded(at("rate", **values), rate, rate / product))
    return checks


@simulates(invariance.equilibrium_angle, unit="descent")
def equilibrium_angle(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The angle of the last step."""
    checks: list[Evidence] = []
    for product in PRODUCTS:
        values, (before, after) = settled(rng, product)
        rates: dict[str, Any] = {name: values[name] for name in ("eta", "decay")}
        checks.append(Rounded(at(**rates), turn(before, after), 1 / product))
    return checks


@simulates(invariance.relaxation, unit="descent")
def relaxation(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """The derivative of |W|^2 after a step in |W|^2 before it, at the end, by a complex step."""
    checks: list[Evidence] = []
    for product in PRODUCTS:
        values, (_, W) = settled(rng, product)
        tiny, across = 1e-30, tangent(rng, W)
        moved = W * (1 + 1j * tiny / (2 * (W @ W)))  # |W|^2 moves by i tiny
        slope = values["G"] * across / np.sqrt(sum(moved**2))
        after = moved - values["eta"] * (slope + values["decay"] * moved)
        observed = sum(after**2).imag / tiny
        rates: dict[str, Any] = {name: values[name] for name in ("eta", "decay")}
        checks.append(Rounded(at(**rates), observed, 1 / product))
    return checks


@simulates(invariance.equilibrium_with_momentum, unit="descent")
def equilibrium_with_momentum(rng: np.random.Generator, scale: Scale) -> list[Evidence]:
    """Means over time in independent descents with momentum and random gradients.

    Where the gradients are also orthogonal to the buffer, the steady state itself is observed.
    """
    checks: list[Evidence] = []
    for beta, product in ((0.5, 0.1), (0.9, 0.03)):
        rate, G = rng.uniform(0.5, 2), rng.uniform(0.5, 2)
        values = {"eta": rate, "beta": beta, "decay": product / rate, "G": G}
        checks += list(_means(rng, values, scale.pick(64, 128, 512)))
    for beta, product in ((0.5, 0.1), (0.8, 0.05)):
        rate, G = rng.uniform(0.5, 2), rng.uniform(0.5, 2)
        values = {"eta": rate, "beta": beta, "decay": product / rate, "G": G}
        checks += list(_steady(rng, values))
    return checks


def _means(rng: np.random.Generator, values: dict[str, Any], chains: int) -> list[Evidence]:
    eta, beta, decay, G = (values[name] for name in ("eta", "beta", "decay", "G"))
    W = rng.normal(size=(chains, 16))
    # start near the steady state, so that the start dies out in the first half
    W *= np.sqrt(G * np.sqrt(eta / (2 * decay * (1 - beta)))) / 4
    v, slope = 0 * W, constant(rng, G)
    length = int(40 * (1 - beta) / (eta * decay)) + int(20 / (1 - beta))
    square, inverse, product = np.zeros((3, chains))
    for step in range(3 * length):
        before = W
        v = beta * v + slope(W) + decay * W
        W = W - eta * v
        if step >= length:
            size = (before**2).sum(axis=1)
            square += size
            inverse += 1 / size
            product += (before * W).sum(axis=1)

    ratio = shares(square, inverse)
    root = np.sqrt(ratio.mean())
    return [
        Student(at("squared norm", **values), (root + ratio / root) / 2),
        Student(at("cosine", **values), shares(product, square)),
    ]


def shares(over: Array, under: Array) -> Array:
    """Each descent's share in the ratio of two means. The shares average to the ratio.

    A share is linear in the descent. The mean of the descents' own ratios would be off by the
    inverse of a descent's length.
    """
    ratio = over.mean() / under.mean()
    return np.asarray(ratio + (over - ratio * under) / under.mean())


def _steady(rng: np.random.Generator, values: dict[str, Any]) -> list[Evidence]:
    eta, beta, decay, G = (values[name] for name in ("eta", "beta", "decay", "G"))
    W = rng.normal(size=5)
    v = 0 * W
    for _ in range(int(30 / (eta * decay))):
        before = W
        v = beta * v + G * tangent(rng, W, v) / np.linalg.norm(W) + decay * W
        W = W - eta * v
    square = float(W @ W)
    lost = 1 / (eta * decay * (1 - beta))

    def cosine(form: Form) -> float:
        return float(form(**values)["cosine"])

    return [
        Rounded(at("squared norm", **values), square, square * lost),
        Rounded(cosine, float(before @ W) / square, lost),
    ]
