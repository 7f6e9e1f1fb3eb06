"""Products alone find leading eigenvalues: power method, Lanczos, and a projection."""

import numpy as np

from companion.scale import Scale
from sim.evidence import Bounded, Evidence, Rounded, at
from sim.stability.draws import nets, sides, with_spectrum
from sim.table import simulates
from theory import stability

Generator = np.random.Generator
#: Eigenvalues of Hessians: the largest wins, the smallest wins, all are negative, all are positive.
SPECTRA = ((4, 2, 1, -1, -3), (2, 1, 0.5, -3), (-0.5, -1, -4), (5, 1, 0.5))


def power(matrix: np.ndarray, start: np.ndarray, steps: int) -> np.ndarray:
    """The vector, of length 1, that the power method makes of ``start``."""
    v = start / np.linalg.norm(start)
    for _ in range(steps):
        v = matrix @ v
        v /= np.linalg.norm(v)
    return v


def lanczos(matrix: np.ndarray, start: np.ndarray, steps: int) -> np.ndarray:
    """The Ritz values after ``steps`` steps. Each vector is made orthogonal to all before it."""
    basis = [start / np.linalg.norm(start)]
    for _ in range(steps - 1):
        v = matrix @ basis[-1]
        for _ in range(2):
            v -= np.array(basis).T @ (np.array(basis) @ v)
        basis.append(v / np.linalg.norm(v))
    Q = np.array(basis).T
    return np.linalg.eigvalsh(Q.T @ matrix @ Q)


@simulates(stability.power_method, unit="matrix")
def power_method(rng: Generator, scale: Scale) -> list[Evidence]:
    """Rayleigh quotients after 200 products from a random start. (3/4)^400 of the error is left."""
    checks: list[Evidence] = []
    for eigenvalues in SPECTRA:
        matrix, _ = with_spectrum(rng, eigenvalues)
        v = power(matrix, rng.normal(size=len(matrix)), 200)
        size = 2 * len(matrix) * np.abs(eigenvalues).max()
        checks.append(Rounded(at(Hess=matrix), float(v @ matrix @ v), size))
    return checks


@simulates(stability.power_method_rate, unit="matrix")
def power_method_rate(rng: Generator, scale: Scale) -> list[Evidence]:
    """Angles and Rayleigh quotients step by step, for matrices of two eigenvalues.

    One of the eigenvalues belongs to several eigenvectors.
    """
    checks: list[Evidence] = []
    for lam, ratio, tangent in ((2.0, 0.8, 1.5), (0.5, -0.9, 0.4), (1.0, 0.5, 3.0)):
        matrix, axes = with_spectrum(rng, (lam, ratio * lam, ratio * lam, ratio * lam))
        others = axes[:, 1:] @ rng.normal(size=3)
        start = axes[:, 0] + tangent * others / np.linalg.norm(others)
        for k in (0, 1, 2, 5, 8):
            v = power(matrix, start, k)
            along = abs(v @ axes[:, 0])
            tan = np.linalg.norm(v - (v @ axes[:, 0]) * axes[:, 0]) / along
            size = 4 * len(matrix) * (1 + tangent) * (k + 1) * (1 + lam)
            values = {"lam": lam, "ratio": ratio, "tangent": tangent, "k": k}
            checks.append(Rounded(at("tangent", **values), float(tan), size))
            checks.append(Rounded(at("error", **values), float(lam - v @ matrix @ v), size))
    return checks


@simulates(stability.ritz_values, unit="matrix and start")
def ritz_values(rng: Generator, scale: Scale) -> list[Evidence]:
    """Ritz values of Lanczos after one step and more, up to the number of distinct eigenvalues.

    Every second eigenvalue is double. The Hessian of a net is observed too.
    """
    checks: list[Evidence] = []
    for eigenvalues in SPECTRA * scale.pick(1, 3, 20):
        doubled = (*eigenvalues, *eigenvalues[::2])
        matrix, _ = with_spectrum(rng, doubled)
        start = rng.normal(size=len(matrix))
        ritz = [lanczos(matrix, start, steps) for steps in range(1, len(eigenvalues) + 1)]
        checks.append(between(matrix, ritz))
    (net,) = nets(rng, ((2, 2, 2, 6),))
    H = net.hessian(net.start(rng))
    H = (H + H.T) / 2
    checks.append(between(H, [lanczos(H, rng.normal(size=len(H)), len(H))]))
    return checks


def between(matrix: np.ndarray, by_step: list[np.ndarray]) -> Evidence:
    """Ritz values of one matrix."""
    ritz = np.concatenate(by_step)
    size = 16 * len(matrix) * np.abs(ritz).max()
    return Bounded(sides([{"Hess": matrix}] * len(ritz)), ritz, size, draws=len(by_step))


@simulates(stability.projected_curvature, unit="matrix and subspace")
def projected_curvature(rng: Generator, scale: Scale) -> Evidence:
    """Largest eigenvalues on the complement of some directions.

    The directions are random, or the leading eigenvectors, or the last eigenvectors. The projected
    Hessian has the eigenvalue 0 along them. Its largest eigenvalue is therefore at least 0.
    """
    values, largest = [], []
    for eigenvalues in SPECTRA * scale.pick(1, 3, 20):
        matrix, axes = with_spectrum(rng, eigenvalues)
        for dim in range(1, len(matrix) - 1):
            turn = rng.normal(size=(dim, dim))
            for taken in (
                rng.normal(size=(len(matrix), dim)),
                axes[:, :dim] @ turn,
                axes[:, -dim:] @ turn,
            ):
                kept = np.linalg.qr(taken, mode="complete")[0][:, dim:]
                left = np.linalg.eigvalsh(kept.T @ matrix @ kept)[-1]
                values.append({"Hess": matrix, "span": taken})
                largest.append(max(left, 0.0))
    return Bounded(sides(values), largest, 256.0, draws=len(values))
