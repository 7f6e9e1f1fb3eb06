"""Stochastic Lanczos quadrature: traces of functions of a matrix (ubaru2017).

Two errors are kept apart. The error of the probes is the standard error over independent vectors.
The error of the quadrature is the change of the mean from m/2 steps to m steps of one Lanczos.

Without re-orthogonalisation, rounding lets Lanczos find a converged eigenvalue again. Its copies in
T are *ghosts* (cullumwilloughby1985). The copies share the weight of the eigenvalue, so that
integrals stay right. But nodes can no longer be counted as eigenvalues. With full
re-orthogonalisation there are no ghosts.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse.linalg import LinearOperator

from companion.estimate import Estimate
from deepnet.curvature.krylov import Basis

#: Nodes nearer than this share of the largest one are copies of one eigenvalue. Lanczos in exact
#: arithmetic has none: a tridiagonal matrix has no double eigenvalue.
COPY = 1e-10


@dataclass(frozen=True)
class Integral(Estimate):
    """An estimate of the mean of f over the eigenvalues lambda_i of A, with two errors.

        tr f(A)/n = mean_i f(lambda_i)

    ``Quadrature.integral`` returns it.

    Attributes:
        mean: The mean over the probes, in the unit of f.
        stderr: The standard error of ``mean``, from the spread between the probes.
        draws: The number of probes.
        quadrature: The change of ``mean`` from half the Lanczos steps to all steps.

    Reference:
        ubaru2017

    Example:
        >>> from scipy.sparse.linalg import aslinearoperator
        >>> A = aslinearoperator(np.diag([2.0, 2.0, 2.0]))
        >>> rules = quadrature(A, np.random.default_rng(0), probes=2, steps=2)
        >>> estimate = rules.integral(np.square)
        >>> round(estimate.mean, 9), estimate.draws
        (4.0, 2)
    """

    quadrature: float


@dataclass(frozen=True)
class GaussRule:
    """Nodes and weights, each (probes, steps).

    A probe's nodes ascend and its weights have the sum 1.
    """

    nodes: np.ndarray
    weights: np.ndarray

    def integrals(self, f: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
        """The sum_j w[j] f(t[j]) of each probe, (probes, ...). f maps (steps,) to (steps, ...)."""
        rows = zip(self.nodes, self.weights, strict=True)
        return np.stack([np.tensordot(weights, f(nodes), 1) for nodes, weights in rows])

    @classmethod
    def from_tridiagonals(cls, tridiagonals: Iterable[np.ndarray]) -> "GaussRule":
        """The rule of each probe's tridiagonal matrix."""
        pairs = [np.linalg.eigh(T) for T in tridiagonals]
        return cls(np.stack([t for t, _ in pairs]), np.stack([u[0] ** 2 for _, u in pairs]))


@dataclass(frozen=True)
class Quadrature:
    """Gauss's rules of a matrix A (n, n), one rule per probe z.

        z'f(A)z ~ sum_j w[j] f(t[j])

    ``quadrature`` returns it.

    Attributes:
        rule: The nodes t and weights w of all steps, each (probes, steps).
        half: The nodes and weights of half of the steps.
        size: The number of rows n of A.

    Reference:
        ubaru2017

    Example:
        >>> from scipy.sparse.linalg import aslinearoperator
        >>> A = aslinearoperator(np.diag([1.0, 2.0, 4.0]))
        >>> rules = quadrature(A, np.random.default_rng(0), probes=2, steps=3)
        >>> rules.rule.nodes.round(9).tolist(), rules.size, rules.ghosts()
        ([[1.0, 2.0, 4.0], [1.0, 2.0, 4.0]], 3, 0)
    """

    rule: GaussRule
    half: GaussRule
    size: int

    def integral(self, f: Callable[[np.ndarray], np.ndarray]) -> Integral:
        """The mean of ``f`` over the eigenvalues, tr f(A)/n, with both errors.

        For example ``integral(abs).mean * size`` estimates the sum of the eigenvalues' absolute
        values.

        Args:
            f: A function of nodes (steps,) with values (steps,).

        Returns:
            An ``Integral``.
        """
        estimate = Estimate.of(self.rule.integrals(f))
        change = abs(estimate.mean - float(self.half.integrals(f).mean()))
        return Integral(estimate.mean, estimate.stderr, estimate.draws, change)

    def ghosts(self) -> int:
        """The number of nodes that are copies of another node of the same probe."""
        nodes = self.rule.nodes
        near = np.diff(nodes, axis=1) <= COPY * np.abs(nodes).max(axis=1, keepdims=True)
        return int(near.sum())


def quadrature(
    operator: LinearOperator,
    rng: np.random.Generator,
    probes: int = 10,
    steps: int = 90,
    *,
    reorthogonalise: bool = True,
    watch: Callable[[Iterable[int]], Iterable[int]] = iter,
) -> Quadrature:
    """Gauss's rules of a symmetric matrix A by Lanczos, from random vectors z of length one.

        z'f(A)z = sum_j w[j] f(t[j]),    E z'f(A)z = tr f(A)/n

    t[j] are the eigenvalues of Lanczos's tridiagonal matrix. w[j] are the squared first components
    of its eigenvectors. The first equation is exact where f is a polynomial of degree 2m - 1 or
    less for m ``steps``. It is exact for every f where m = n and the basis is re-orthogonalised.

    z is uniform on the sphere |z| = 1. E zz' = I/n makes z'f(A)z unbiased for tr f(A)/n. One probe
    has the variance 2 Var_i f(lambda_i)/(n + 2), where Var_i is the variance over the eigenvalues.

    Args:
        operator: A, a symmetric SciPy ``LinearOperator`` (n, n).
        rng: The source of the probes. They do not depend on the number of steps.
        probes: The number of vectors z, two or more.
        steps: The number m of Lanczos steps per probe, two or more. A step costs one product.
        reorthogonalise: Whether each basis vector is made orthogonal to all vectors before it.
            There are then at most n steps, and each step keeps 16 n bytes. Otherwise Lanczos keeps
            three vectors, and copies of eigenvalues, called ghosts, may appear among the nodes.
        watch: A wrapper of the range of products that shows progress.

    Returns:
        A ``Quadrature``.

    Raises:
        ValueError: There are fewer than two probes or steps.
        FloatingPointError: A product is not finite.

    Reference:
        ubaru2017
        cullumwilloughby1985
        ghorbani2019

    Example:
        >>> from scipy.sparse.linalg import aslinearoperator
        >>> A = aslinearoperator(np.diag([1.0, 2.0, 3.0, 4.0]))
        >>> rules = quadrature(A, np.random.default_rng(0), probes=100, steps=4)
        >>> squares = rules.integral(np.square)
        >>> abs(squares.mean - 7.5) <= 4 * squares.stderr and squares.quadrature < 1e-9
        True
    """
    if min(probes, steps) < 2:
        raise ValueError(f"{probes} probes of {steps} steps: give two or more of each")
    n = operator.shape[0]
    steps = min(steps, n) if reorthogonalise else steps
    lanczos = _orthogonal if reorthogonalise else _three_terms
    ticks = iter(watch(range(probes * steps)))
    tridiagonals = [lanczos(operator, stream, steps, ticks) for stream in rng.spawn(probes)]
    next(ticks, None)  # lets a progress bar end
    half = max(1, steps // 2)
    coarse = GaussRule.from_tridiagonals(T[:half, :half] for T in tridiagonals)
    return Quadrature(GaussRule.from_tridiagonals(tridiagonals), coarse, n)


def _orthogonal(
    operator: LinearOperator, rng: np.random.Generator, steps: int, ticks: Iterator[int]
) -> np.ndarray:
    """T of ``steps`` steps. Every row is orthogonalised against all rows before it."""
    basis = Basis(operator, rng, steps)
    for _ in range(steps):
        next(ticks)
        basis.grow()
    return basis.T


def _three_terms(
    operator: LinearOperator, rng: np.random.Generator, steps: int, ticks: Iterator[int]
) -> np.ndarray:
    """T of ``steps`` steps. Every row is orthogonalised against the last two rows only."""
    T = np.zeros((steps, steps))
    before, v = np.zeros(operator.shape[0]), _unit(rng.standard_normal(operator.shape[0]))
    for j in range(steps):
        next(ticks)
        w = operator @ v - (T[j, j - 1] * before if j else 0)
        T[j, j] = v @ w
        w = w - T[j, j] * v
        rest = float(np.linalg.norm(w))
        if not np.isfinite(rest):
            raise FloatingPointError("a product with the operator is not finite")
        if rest <= np.finfo(operator.dtype).eps * np.abs(T).max():  # an invariant subspace
            rest, w = 0.0, rng.standard_normal(len(w))
        if j + 1 < steps:
            T[j, j + 1] = T[j + 1, j] = rest
        before, v = v, _unit(w)
    return T


def _unit(v: np.ndarray) -> np.ndarray:
    return v / np.linalg.norm(v)
