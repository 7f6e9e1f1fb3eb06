"""Stochastic Lanczos quadrature: traces of functions of a matrix (ubaru2017).

Two errors are kept apart. The error of the probes is an interval that contains the truth with a
chance of 95 per cent, and a standard error over independent vectors. The error of the quadrature is
the change of the mean from m/2 steps to m steps of one Lanczos.

Eigenvalues that every probe has found to rounding are known exactly, with their multiplicities
(``deepnet.curvature.resolved``). They are counted. Only the rest is estimated.

Without re-orthogonalisation, rounding lets Lanczos find a converged eigenvalue again. Its copies in
T are *ghosts* (cullumwilloughby1985). The copies share the weight of the eigenvalue, so that
integrals stay right. But nodes can no longer be counted as eigenvalues. With full
re-orthogonalisation there are no ghosts. Lanczos may then find a repeated eigenvalue once more, by
rounding, or from a random vector after an invariant subspace. Such a node has the weight 0.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from scipy.sparse.linalg import LinearOperator

from companion.estimate import Estimate
from deepnet.curvature.gauss_rule import GaussRule
from deepnet.curvature.interval import interval
from deepnet.curvature.resolved import multiplicities
from deepnet.curvature.tridiagonal import orthogonal, three_terms

Array = np.ndarray


@dataclass(frozen=True)
class Integral(Estimate):
    """An estimate of the mean of f over the eigenvalues lambda_i of A, with two errors.

        tr f(A)/n = mean_i f(lambda_i)

    ``Quadrature.integral`` returns it. The error of the probes is the interval from ``low`` to
    ``high``. The interval contains tr f(A)/n in 95 per cent of all draws of the probes, apart from
    the error of the quadrature. ``stderr`` has no such rate: ten probes and one dominant eigenvalue
    give an interval of two standard errors that contains it in 83 per cent of all draws.

    Attributes:
        mean: The mean over the probes, in the unit of f.
        stderr: The standard error of ``mean``, from the spread between the probes.
        draws: The number of probes.
        quadrature: The change of ``mean`` from half the Lanczos steps to all steps.
        low: The lower end of the probes' 95 % interval. See ``Quadrature.integral``.
        high: The upper end.

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
    low: float
    high: float

    @property
    def bounds(self) -> tuple[float, float]:
        """The ends of the larger of both errors, below and above the mean."""
        return min(self.low, self.mean - self.quadrature), max(
            self.high, self.mean + self.quadrature
        )


@dataclass(frozen=True)
class Quadrature:
    """Gauss's rules of a matrix A (n, n), one rule per probe z.

        z'f(A)z ~ sum_j w[j] f(t[j])

    ``quadrature`` returns it. A node at which ``multiplicity`` is not 0 is an eigenvalue of A to
    rounding. Its weight is replaced by multiplicity/n.

    Attributes:
        rule: The nodes t and weights w of all steps, each (probes, steps).
        half: The nodes and weights of half of the steps.
        size: The number of rows n of A.
        multiplicity: The multiplicity of the eigenvalue at each node of ``rule`` where it is known
            exactly, and 0 elsewhere, (probes, steps). Each probe has the same multiplicities in the
            same order. Eigenvalues nearer than half of the digits count as copies of one.

    Reference:
        ubaru2017

    Example:
        >>> from scipy.sparse.linalg import aslinearoperator
        >>> A = aslinearoperator(np.diag([1.0, 2.0, 4.0]))
        >>> rules = quadrature(A, np.random.default_rng(0), probes=2, steps=3)
        >>> rules.rule.nodes.round(9).tolist(), rules.size, rules.ghosts()
        ([[1.0, 2.0, 4.0], [1.0, 2.0, 4.0]], 3, 0)
        >>> rules.eigenvalues.round(9).tolist()
        [1.0, 2.0, 4.0]
    """

    rule: GaussRule
    half: GaussRule
    size: int
    multiplicity: Array

    @property
    def eigenvalues(self) -> Array:
        """The eigenvalues that are known exactly, with their copies, ascending (K,).

        Each is the mean over the probes.
        """
        rows = zip(self.rule.nodes, self.multiplicity, strict=True)
        return np.mean([np.repeat(nodes, copies) for nodes, copies in rows], axis=0)

    def integral(self, f: Callable[[Array], Array]) -> Integral:
        """The mean of ``f`` over the eigenvalues, tr f(A)/n, with both errors.

            mean = sum of f over the K known eigenvalues/n + (1 - K/n) mean of f over the rest

        For example ``integral(abs).mean * size`` estimates the sum of the eigenvalues' absolute
        values. What a probe has of the directions of the rest, scaled to length 1, is uniform on
        the sphere there. The mean over the rest is therefore unbiased, for a given set of known
        eigenvalues. Where K = n both errors are 0.

        The interval of P probes inverts the law of a share s (``deepnet.curvature.interval``):

            mean of f over the rest = near + (far - near) s
            seen share ~ Beta(s v, (1 - s) v),    v = P (n - K + 2)/2 - 1

        near, far and the seen share have the mean, variance and third moment of f over the rest.
        The law is exact for one probe and an f of two values, such as a bin of a histogram.

        Args:
            f: A function of nodes (steps,) with values (steps,).

        Returns:
            An ``Integral``.
        """
        parts = {name: float(value) for name, value in self.estimates(f).items()}
        return Integral(draws=len(self.rule.nodes), **parts)

    def estimates(self, f: Callable[[Array], Array]) -> dict[str, Array]:
        """The ``mean``, ``stderr``, ``quadrature``, ``low`` and ``high`` of an ``f`` of any shape.

        ``f`` maps nodes (steps,) to (steps, ...). Each result is (...).
        """
        known = self.eigenvalues
        counted = f(known).sum(0) / self.size if len(known) else np.zeros(())
        rest = self.size - len(known)
        if not rest:
            none = np.zeros_like(counted)
            parts = {"stderr": none, "quadrature": none, "low": counted, "high": counted}
            return {"mean": counted, **parts}
        rules, share = self.rule.only(self.multiplicity == 0), rest / self.size
        draws = np.stack([np.tensordot(weights, f(nodes), 1) for nodes, weights in rules])
        mean = draws.mean(0)
        low, high = interval(rules, f, mean, rest)
        raw = self.rule.integrals(f).mean(0) if len(known) else mean
        return {
            "mean": counted + share * mean,
            "stderr": share * draws.std(0, ddof=1) / np.sqrt(len(draws)),
            "quadrature": np.abs(raw - self.half.integrals(f).mean(0)),
            "low": counted + share * low,
            "high": counted + share * high,
        }

    def ghosts(self) -> int:
        """The number of nodes that are copies of another node of the same probe.

        Nodes without weight do not count.
        """
        return self.rule.ghosts()


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

    Nodes that have converged in all probes are eigenvalues, and their multiplicity is the rank of
    their Ritz vectors. With at least n steps all eigenvalues are known. Without
    re-orthogonalisation none is.

    Args:
        operator: A, a symmetric SciPy ``LinearOperator`` (n, n).
        rng: The source of the probes. They do not depend on the number of steps.
        probes: The number of vectors z, two or more.
        steps: The number m of Lanczos steps per probe, two or more. A step costs one product.
        reorthogonalise: Whether each basis vector is made orthogonal to all vectors before it.
            There are then at most n steps. Each step keeps 16 n bytes. Otherwise Lanczos keeps
            three vectors, and copies of eigenvalues, called ghosts, may appear among the nodes.
            Each probe keeps 8 n bytes in both cases.
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
    lanczos = orthogonal if reorthogonalise else three_terms
    streams = rng.spawn(probes)
    starts = np.stack([stream.standard_normal(n) for stream in streams])
    ticks = iter(watch(range(probes * steps)))
    each = [lanczos(operator, starts, p, streams[p], steps, ticks) for p in range(probes)]
    next(ticks, None)  # lets a progress bar end
    rule = GaussRule.of(one.eigen for one in each)
    half = GaussRule.of(one.leading(max(1, steps // 2)).eigen for one in each)
    return Quadrature(rule, half, n, multiplicities(each, n))
