"""Ranks of drawn Jacobians, and the Hessian of softmax regression by complex steps."""

from collections.abc import Iterator

import numpy as np

from companion.scale import Scale
from sim.evidence import Evidence, Exact, Rounded, at
from sim.kronecker.draws import Array, Generator, columns, examples
from sim.table import simulates
from theory import kronecker


def softmax_root(rng: Generator, M: int) -> Array:
    """A factor F of the curvature of softmax at random outputs, diag(q) - qq' = F'F."""
    q = np.exp(rng.normal(size=M))
    q /= q.sum()
    return np.sqrt(q)[:, None] * (np.eye(M) - q)


def ranks(rng: Generator, n: int, p: int, M: int) -> dict[str, int]:
    """The rank of S for a net y = V sin(z), for a linear net, and for a net with softmax."""
    V = rng.normal(size=(M, n))
    own = np.vstack([V * np.cos(rng.uniform(-np.pi, np.pi, n)) for _ in range(p)])
    shared = np.vstack([V] * p)
    softmax = np.vstack([softmax_root(rng, M) @ V for _ in range(p)])
    factors = {"own Jacobians": own, "shared Jacobian": shared, "shared, softmax": softmax}
    return {name: int(np.linalg.matrix_rank(factor)) for name, factor in factors.items()}


@simulates(kronecker.outlier_count, unit="net")
def outlier_count(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The rank of the stacked Jacobians, which is the rank of S."""
    repeats = scale.pick(1, 4, 32)
    for n, p, M in ((25, 4, 3), (5, 4, 3), (25, 40, 1), (3, 1, 10), (6, 1, 3), (1, 2, 2)):
        counts = [ranks(rng, n, p, M) for _ in range(repeats)]
        for name in counts[0]:
            observed = [each[name] for each in counts]
            yield Exact(at(name, n=n, p=p, M=M), observed, draws=repeats)


def gradient(W: Array, X: Array, labels: Array) -> Array:
    """The gradient of the mean cross-entropy in W, for complex W too."""
    powers = np.exp(W @ X)
    miss = powers / powers.sum(axis=0) - np.eye(len(W))[labels].T
    return miss @ X.T / X.shape[1]


@simulates(kronecker.softmax_regression, unit="data set")
def softmax_regression(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Eigenvalues of the Hessian at zero weights. Its rows are complex steps of the gradient."""
    step = 1e-30
    for N, M in ((4, 3), (1, 5), (3, 2), (6, 10)):
        mu = 2 * rng.normal(size=N)
        X = examples(rng, mu)
        labels = rng.integers(0, M, size=(X.shape[1],))
        rows = [gradient(1j * step * unit, X, labels).imag / step for unit in columns(M, N)]
        hessian = np.array([row.T.ravel() for row in rows])
        eigenvalues = np.linalg.eigvalsh((hessian + hessian.T) / 2)
        yield Rounded(at(mu=mu, M=M), eigenvalues, np.trace(hessian))
