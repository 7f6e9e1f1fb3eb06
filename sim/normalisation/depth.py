"""Gradients of networks with drawn weights are propagated back, layer by layer."""

from collections.abc import Iterator

import numpy as np

from companion.scale import Scale
from sim.evidence import Evidence, Student, at
from sim.normalisation.draws import Array, Generator
from sim.table import simulates
from theory import normalisation


def normalise(y: Array) -> tuple[Array, Array]:
    """Batch norm of units, one unit per row, and the deviation by which each unit was divided."""
    deviations = y - y.mean(axis=1, keepdims=True)
    sigma = np.sqrt(np.mean(deviations**2, axis=1, keepdims=True))
    return deviations / sigma, sigma


def back(g: Array, out: Array, sigma: Array) -> Array:
    """The gradient of units before batch norm, by the three paths."""
    return (
        g - g.mean(axis=1, keepdims=True) - out * np.mean(g * out, axis=1, keepdims=True)
    ) / sigma


def coming_back(rng: Generator, x: Array, y: Array, before: Array) -> Array:
    """W'``before`` for Gaussian weights W of variance 1/n, given that y = Wx.

    One part is what y = Wx tells of W. The other part is a new draw in the dimensions that x
    leaves. The law is equal to the law of weights that are drawn entry by entry. The cost is n B^2,
    and not n^2 B.
    """
    told = np.linalg.pinv(x, rcond=1e-10)  # the rows of linear x add up to zero
    spread, axes = np.linalg.eigh(before.T @ before / len(x))
    new = rng.normal(size=x.shape) @ (np.sqrt(np.maximum(spread, 0)) * axes).T
    return new + told.T @ (y.T @ before - x.T @ new)


def squared_gradients(rng: Generator, n: int, B: int, relu: bool, layers: int) -> Array:
    """|gradient|^2 in the outputs y of the layers of a network of width n.

    The first layer is left out, since its inputs came from no layer. The gradient at the top is
    random.
    """
    x, passed = rng.normal(size=(n, B)), []
    for _ in range(layers):
        # y = Wx: given x, its rows are independent of covariance x'x/n
        root = np.linalg.qr(x, mode="r")
        y = rng.normal(size=(n, len(root))) @ root / np.sqrt(n)
        out, sigma = normalise(y)
        passed.append((x, y, out, sigma))
        x = np.maximum(out, 0) if relu else out
    g, squares = rng.normal(size=(n, B)), []
    for number, (x, y, out, sigma) in enumerate(reversed(passed)):
        opened = (out > 0) if relu and number > 0 else 1.0  # the top has no activation
        before = back(opened * g, out, sigma)
        squares.append(np.sum(before**2))
        g = coming_back(rng, x, y, before)
    return np.array(squares[:-1][::-1])


def factors(rng: Generator, B: int, relu: bool, n: int, draws: int) -> list[float]:
    """Growth over a layer in networks of widths n and 8n.

    The combination (8 x(8n) - x(n))/7 has no term of order 1/n.
    """

    def growth(width: int) -> float:
        squares = squared_gradients(rng, width, B, relu, layers=3)
        return float(squares[0] / squares[1])

    return [(8 * growth(8 * n) - growth(n)) / 7 for _ in range(draws)]


@simulates(normalisation.explosion_linear, unit="pair of networks")
def explosion_linear(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Linear networks, large and small batches."""
    for B in (16, 8):
        values = factors(rng, B, False, scale.pick(32, 128, 256), scale.pick(64, 128, 2048))
        yield Student(at(B=B), values)


@simulates(normalisation.explosion_relu, unit="pair of networks")
def explosion_relu(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Networks with ReLU, large and small batches."""
    for B in (16, 8):
        values = factors(rng, B, True, scale.pick(32, 128, 256), scale.pick(64, 128, 2048))
        yield Student(at(B=B), values)
