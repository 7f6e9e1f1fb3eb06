"""The curvature of a layer, by second differences of its loss with step 1, exact for a
quadratic."""

from collections.abc import Iterator

import numpy as np

from companion.scale import Scale
from sim.evidence import Bounded, Evidence, Form, Rounded, at
from sim.kronecker.draws import SIZES, Array, Generator, blocks, columns, mean_block
from sim.quadratic.draws import second_differences
from sim.table import simulates
from theory import kronecker

EXAMPLES = 6


@simulates(kronecker.block, unit="data set")
def block(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Second differences of the mean of (s'Wx)^2/2, weight by weight in stacked columns."""
    for N, n in SIZES:
        X, D = rng.normal(size=(N, EXAMPLES)) + 1, rng.normal(size=(n, EXAMPLES))

        def loss(W: Array, X: Array = X, D: Array = D) -> float:
            return float(np.mean([(s @ W @ x) ** 2 / 2 for x, s in zip(X.T, D.T, strict=True)]))

        W = rng.normal(size=(n, N))
        hessian = second_differences(loss, W, columns(n, N))
        terms = abs(D).T @ (abs(W) + 2) @ abs(X)
        yield Rounded(at(X=X, D=D), hessian, 4 * terms.max() ** 2)


def dependent(rng: Generator, N: int, n: int, p: int) -> tuple[Array, Array]:
    """Inputs with a mean, and derivatives that depend on them."""
    X = rng.normal(size=(N, p)) + 1
    return X, rng.normal(size=(n, p)) * (1 + abs(X[0]))


@simulates(kronecker.error, unit="data set")
def error(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The sum of the squared entries of the block minus the product."""
    for N, n in SIZES:
        X, D = dependent(rng, N, n, EXAMPLES)
        A, S = X @ X.T / EXAMPLES, D @ D.T / EXAMPLES
        mean = mean_block(X, D)
        distance = np.sum((mean - blocks(A, S)) ** 2)
        yield Rounded(at(X=X, D=D), distance, EXAMPLES * N * n * np.sum(mean**2))


@simulates(kronecker.error_bound, unit="data set")
def error_bound(rng: Generator, scale: Scale) -> Evidence:
    """Random data sets. The data sets with two examples attain the bound."""
    cases = [
        dependent(rng, N, n, p)
        for N, n in SIZES
        for p in (2, 3, 10)
        for _ in range(scale.pick(1, 8, 64))
    ]
    distances = []
    for X, D in cases:
        p = X.shape[1]
        distances.append(np.linalg.norm(mean_block(X, D) - blocks(X @ X.T / p, D @ D.T / p)))

    def predict(form: Form) -> tuple[None, list[float]]:
        return None, [form(X=X, D=D)["upper"] for X, D in cases]

    size = max(float(np.linalg.norm(X) ** 2 * np.linalg.norm(D) ** 2) for X, D in cases)
    return Bounded(predict, distances, size, draws=len(cases))


@simulates(kronecker.deep_linear, unit="net")
def deep_linear(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Second differences of the squared loss of a net with two linear layers above."""
    for N, n in SIZES:
        X = rng.normal(size=(N, EXAMPLES)) + 1
        first, second = rng.normal(size=(3, n)), rng.normal(size=(2, 3))
        Y, W = rng.normal(size=(2, EXAMPLES)), rng.normal(size=(n, N))

        def loss(
            W: Array, X: Array = X, one: Array = first, two: Array = second, Y: Array = Y
        ) -> float:
            return float(np.sum((two @ (one @ (W @ X)) - Y) ** 2) / (2 * EXAMPLES))

        hessian = second_differences(loss, W, columns(n, N))
        terms = abs(second) @ abs(first) @ (abs(W) + 2) @ abs(X) + abs(Y)
        yield Rounded(at(X=X, J=second @ first), hessian, np.sum(terms**2))
