"""Checks of the chapter ``spectra``: random data matrices drawn many times.

Gaussian data by the bidiagonal model, other laws by dense matrices. A limit is met at finite N in
one of three ways. Where the exact mean is known, nothing remains. Where the finite-size term is
known it is added to the prediction: what remains is of order N^-2 for a mean over eigenvalues and
N^(-2/3) of its fluctuation for an extreme one. Where only the order 1/N is known, ``extrapolate``
removes it: 2 x(2N) - x(N). What remains is about a tenth of a standard error at quick scale, or
less; the many more draws of full scale do not see it either.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy import stats
from scipy.integrate import quad

from companion.scale import Scale
from sim.ensembles import Bidiagonal, corner, dense, gaussian, inputs, overlap, spectrum
from sim.evidence import (
    Bounded,
    Distributed,
    Evidence,
    Exact,
    Fitted,
    Form,
    Predict,
    Rounded,
    Student,
    at,
)
from sim.table import simulates
from theory import spectra
from theory.claim import Claim

Generator = np.random.Generator

#: Large enough that the extremes, drawn from the leading rows alone, follow their limit law.
EDGE_N = 20_000
#: Input laws other than Gaussian.
OTHER_LAWS = ("bernoulli", "uniform", "exponential", "rectified")


def finite(claim: Claim, component: str | None = None, **values: Any) -> Any:
    """The claim's finite-size term at ``values``, N among them."""
    assert claim.finite_size is not None
    term = claim.finite_size(**values)
    return term if component is None else term[component]


def limit(claim: Claim, component: str | None = None, *, N: int, **values: Any) -> Predict:
    """What a form predicts at ``values`` and finite N, by the claim's finite-size term."""
    term = finite(claim, component, N=N, **values)
    if "N" in claim.domain:
        values["N"] = N
    return at(component, term, **values)


def extrapolate(draw: Callable[[int], float], N: int, draws: int) -> list[float]:
    """Draws of 2 x(2N) - x(N): their mean has no term of order 1/N."""
    return [2 * draw(2 * N) - draw(N) for _ in range(draws)]


def spectra_of(rng: Generator, N: int, alpha: float, v: float, draws: int) -> np.ndarray:
    """Eigenvalues of ``draws`` Gaussian matrices, one a row."""
    p = round(alpha * N)
    return np.array([gaussian(rng, N, p, 0.0, v).eigenvalues() for _ in range(draws)])


def extremes_of(rng: Generator, N: int, p: int, v: float, draws: int) -> np.ndarray:
    """Smallest and largest eigenvalue of ``draws`` Gaussian matrices, one a row."""
    matrices = (corner(rng, N, p, 0.0, v) for _ in range(draws))
    return np.array([(matrix.smallest(), matrix.largest()) for matrix in matrices])


# The bulk


@simulates(spectra.edges, unit="data matrix")
def edges(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Both extremes, with more examples than inputs and with fewer."""
    draws, v = scale.pick(64, 256, 4096), 0.9
    for alpha in (2.0, 0.5):
        found = extremes_of(rng, EDGE_N, round(alpha * EDGE_N), v, draws)
        for name, values in (("upper", found[:, 1]), ("lower", found[:, 0])):
            yield Student(limit(spectra.edges, name, N=EDGE_N, alpha=alpha, v=v), values)


def integral(claim: Claim, low: float, high: float, N: int, **values: Any) -> Predict:
    """The integral over a bin of a form of lam, with the finite-size term of the density."""
    nodes, weights = np.polynomial.legendre.leggauss(64)
    lam = low + (high - low) * (nodes + 1) / 2
    weights = weights * (high - low) / 2
    term = finite(spectra.density, lam=lam, N=N, **values)
    if claim is spectra.semicircle:
        term = lam * term

    def predict(form: Form) -> float:
        return float(np.sum(weights * (form(lam=lam, **values) + term)))

    return predict


def bins(alpha: float, v: float) -> list[tuple[float, float]]:
    """Three bins well inside the bulk, in units of the semicircle's radius from its centre."""
    centre, radius = v * (1 + 1 / alpha), 2 * v / np.sqrt(alpha)
    cuts = centre + radius * np.array([-0.8, -0.3, 0.3, 0.8])
    return list(pairwise(cuts))


@simulates(spectra.density, unit="data matrix")
def density(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The share of the eigenvalues in a bin."""
    v, draws = 0.9, scale.pick(64, 256, 2048)
    for N, alpha in ((200, 2.0), (400, 0.5)):
        found = spectra_of(rng, N, alpha, v, draws)
        for low, high in bins(alpha, v):
            share = np.mean((found > low) & (found < high), axis=1)
            yield Student(integral(spectra.density, low, high, N, alpha=alpha, v=v), share)


@simulates(spectra.semicircle, unit="data matrix")
def semicircle(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The same share, every eigenvalue counted by its size; and the identity point by point."""
    v, draws = 0.9, scale.pick(64, 256, 2048)
    for N, alpha in ((200, 2.0), (400, 0.5)):
        found = spectra_of(rng, N, alpha, v, draws)
        for low, high in bins(alpha, v):
            share = np.mean(found * ((found > low) & (found < high)), axis=1)
            yield Student(integral(spectra.semicircle, low, high, N, alpha=alpha, v=v), share)
    lam = np.linspace(0.3, 2.5, 12)
    values: dict[str, Any] = {"lam": lam, "alpha": 2.0, "v": 0.9}
    yield Rounded(at(**values), lam * spectra.density(**values), 1.0)


@simulates(spectra.distribution, unit="data matrix")
def distribution(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The share of the eigenvalues at or below a point; with fewer examples there is an atom."""
    v, draws = 0.9, scale.pick(64, 256, 2048)
    for N, alpha in ((400, 0.5), (200, 2.0)):
        found = spectra_of(rng, N, alpha, v, draws)
        for low, _ in bins(alpha, v):
            share = np.mean(found <= low, axis=1)
            yield Student(limit(spectra.distribution, N=N, lam=low, alpha=alpha, v=v), share)


@simulates(spectra.moments, unit="data matrix")
def moments(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Mean powers of the eigenvalues; the finite-size terms of the first three are exact."""
    N, alpha, v = 64, 1.25, 0.9
    found = spectra_of(rng, N, alpha, v, scale.pick(64, 1024, 8192))
    for k in (2, 3, 1):
        yield Student(limit(spectra.moments, N=N, k=k, alpha=alpha, v=v), np.mean(found**k, axis=1))


@simulates(spectra.inverse_moment, unit="data matrix")
def inverse_moment(rng: Generator, scale: Scale) -> Evidence:
    """Mean inverse eigenvalue; the finite-size term is exact."""
    N, alpha, v = 64, 3.0, 0.9
    found = spectra_of(rng, N, alpha, v, scale.pick(64, 512, 8192))
    return Student(limit(spectra.inverse_moment, N=N, alpha=alpha, v=v), np.mean(1 / found, axis=1))


@simulates(spectra.collapse, unit="data matrix")
def collapse(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Largest minus smallest eigenvalue, with more and more examples."""
    v = 0.9
    for alpha in (4.0, 100.0):
        p = round(alpha * EDGE_N)
        found = extremes_of(rng, EDGE_N, p, v, scale.pick(64, 256, 4096))
        width = found[:, 1] - found[:, 0]
        yield Student(limit(spectra.collapse, N=EDGE_N, alpha=alpha, v=v), width)


SHAPES = ((1, 1), (3, 5), (5, 3), (4, 4), (20, 19), (20, 20), (20, 21), (20, 30), (30, 20), (9, 1))


def null_counts(X: np.ndarray) -> dict[str, int]:
    """Zero eigenvalues of the second moment and of the covariance of data X."""
    N = len(X)
    centred = X - X.mean(axis=1, keepdims=True)
    # one example minus itself is zero but for rounding; the floor knows the data's size
    floor = max(X.shape) * np.finfo(float).eps * np.linalg.norm(X, 2)
    return {
        "raw": int(N - np.linalg.matrix_rank(X, tol=floor)),
        "centred": int(N - np.linalg.matrix_rank(centred, tol=floor)),
    }


@simulates(spectra.null_count, unit="data matrix")
def null_count(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Ranks of data of several shapes, from laws with a density."""
    repeats = scale.pick(1, 4, 32)
    for law in ("gaussian", "uniform", "exponential"):
        for N, p in SHAPES:
            counts = [null_counts(inputs(rng, N, p, 0.5, 1.0, law)) for _ in range(repeats)]
            for name in ("centred", "raw"):
                observed = [count[name] for count in counts]
                yield Exact(at(name, N=N, p=p), observed, draws=repeats)


@simulates(spectra.atom, unit="data matrix")
def atom(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The share of zero eigenvalues; 64 inputs make it a binary fraction, free of rounding."""
    N, repeats = 64, scale.pick(1, 4, 32)
    for alpha in (0.25, 0.5, 0.75, 1.0, 2.0):
        p = round(alpha * N)
        share = [null_counts(inputs(rng, N, p))["raw"] / N for _ in range(repeats)]
        yield Exact(at(alpha=alpha), share, draws=repeats)


# The population and its outlier


def population_matrix(N: int, m: float, v: float) -> np.ndarray:
    """The matrix v I + m^2 11'."""
    return v * np.eye(N) + m**2


@simulates(spectra.population, unit="data matrix")
def population(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Curvature along (1, ..., 1) and along a direction orthogonal to it: their means are the
    population's at any number of examples. Then the eigenvalues of the population's matrix."""
    N, p, m, v, draws = 12, 20, 0.6, 0.9, scale.pick(64, 512, 8192)
    across = np.array([1.0, -1.0] * (N // 2)) / np.sqrt(N)
    for law in ("exponential", "gaussian", "bernoulli", "uniform", "rectified"):
        data = [inputs(rng, N, p, m, v, law) for _ in range(draws)]
        for name, direction in (("outlier", np.full(N, N**-0.5)), ("others", across)):
            values = [np.mean((direction @ X) ** 2) for X in data]
            yield Student(at(name, N=N, m=m, v=v), values)
    for size in (2, 5, 40):
        found = np.linalg.eigvalsh(population_matrix(size, m, v))
        magnitude = size * (size * m**2 + v)
        yield Rounded(at("outlier", N=size, m=m, v=v), found[-1], magnitude)
        yield Rounded(at("others", N=size, m=m, v=v), found[:-1], magnitude)


@simulates(spectra.trace, unit="data matrix")
def trace(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The sum of the eigenvalues: independent inputs of several laws, and inputs all equal."""
    N, p, m, v, draws = 12, 5, 0.6, 0.9, scale.pick(64, 512, 8192)
    for law in ("exponential", "gaussian", "bernoulli", "uniform", "rectified"):
        values = [spectrum(inputs(rng, N, p, m, v, law)).sum() for _ in range(draws)]
        yield Student(at(N=N, m=m, v=v), values)
    equal = [np.tile(inputs(rng, 1, p, m, v), (N, 1)) for _ in range(draws)]
    yield Student(at(N=N, m=m, v=v), [spectrum(X).sum() for X in equal])


@simulates(spectra.variance_scaling, unit="data matrix")
def variance_scaling(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The largest eigenvalue of data and of the same data scaled."""
    for v in (0.25, 3.0):
        for N, p in ((1, 1), (4, 7), (7, 4)):
            X = inputs(rng, N, p)
            found = spectrum(np.sqrt(v) * X)[-1]
            yield Rounded(at(X=X, v=v), found, max(N, p) * found)


@simulates(spectra.biased_condition, unit="matrix")
def biased_condition(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Eigenvalues of the population's matrix; rounding grows with the condition number squared."""
    del rng
    for N, m, v in ((2, 0.5, 1.0), (30, 1.0, 0.9), (scale.pick(50, 200, 500), 1.0, 2.0)):
        found = np.linalg.eigvalsh(population_matrix(N, m, v))
        condition = found[-1] / found[0]
        yield Rounded(at(N=N, m=m, v=v), condition, condition**2)


@simulates(spectra.outlier, unit="pair of data matrices")
def outlier(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Largest eigenvalues at N and 2N, N m^2 kept: 2 x(2N) - x(N) is free of the 1/N term. Then
    other laws; then, with so many inputs that nothing needs to be removed, closer to the threshold
    and below it, where the largest eigenvalue moves like that of data without a mean."""
    N, alpha, m, v = 320, 1.25, 0.22, 0.9

    def largest(n: int) -> float:
        return gaussian(rng, n, round(alpha * n), m * np.sqrt(N / n), v).largest()

    values = extrapolate(largest, N, scale.pick(64, 512, 8192))
    yield Student(at(N=N, alpha=alpha, m=m, v=v), values)
    n, push, draws = 1_000_000, v / np.sqrt(4.0), scale.pick(64, 128, 1024)
    for ratio, shift in ((1.5, 0.0), (0.25, finite(spectra.edges, "upper", N=n, alpha=4.0, v=v))):
        m = np.sqrt(ratio * push / n)
        values = [corner(rng, n, 4 * n, m, v).largest() for _ in range(draws)]
        yield Student(at(None, shift, N=n, alpha=4.0, m=m, v=v), values)
    for law in OTHER_LAWS:
        N, m = 48, 0.6

        def largest_of(n: int, law: str = law, N: int = N, m: float = m) -> float:
            return float(dense(rng, n, round(alpha * n), m * np.sqrt(N / n), v, law)[-1])

        values = extrapolate(largest_of, N, scale.pick(64, 64, 1024))
        yield Student(at(N=N, alpha=alpha, m=m, v=v), values)


@simulates(spectra.threshold, unit="data matrix")
def threshold(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """An outlier at t = N m^2 lies t_c^2/t above t + v(1 + 1/alpha), where t_c is N m^2 at the
    threshold: so an outlier measures t_c. Then a yes or no: ten per cent above the threshold the
    largest eigenvalue stands clear of the edge, ten per cent below it does not."""
    alpha, v, n = 1.25, 0.9, 20_000
    t, examples = 2 * v / np.sqrt(alpha), round(alpha * n)
    matrices = (
        corner(rng, n, examples, np.sqrt(t / n), v) for _ in range(scale.pick(64, 256, 4096))
    )
    largest = np.array([matrix.largest() for matrix in matrices])

    def squared(form: Form) -> float:
        return float((n * form(N=n, p=examples, v=v) ** 2) ** 2)

    yield Student(squared, t * (largest - t - v * (1 + 1 / alpha)))
    # A million inputs blur the threshold by N^(-1/3) = 1 per cent of N m^2. "Clear" is by eight
    # widths of the Tracy-Widom law, beyond which lies less than 1e-9 of it.
    N, p = 1_000_000, 4_000_000
    edge, width = spectra.edges(alpha=4.0, v=v)["upper"], 8 * v * N ** (-2 / 3)
    m = spectra.threshold(N=N, p=p, v=v) * np.array([0.5, 0.9, 1.1, 1.5, 2.0])
    repeats = scale.pick(1, 4, 32)
    clear = [[corner(rng, N, p, each, v).largest() > edge + width for each in m]] * repeats

    def beyond(form: Form) -> np.ndarray:
        return m > form(N=N, p=p, v=v)

    yield Exact(beyond, clear, draws=repeats)


def rayleigh_law(mean: float, variance: float, p: int, draws: int) -> Any:
    """The law of the mean of ``draws`` curvatures of the given mean and variance, each w times a
    non-central chi^2 of p degrees: mean = w(p + c), variance = 2 w^2 (p + 2c), solved for w, c."""
    w = (mean - np.sqrt(mean**2 - p * variance / 2)) / p
    return stats.ncx2(p * draws, draws * (mean / w - p), scale=w / draws)


@simulates(spectra.outlier_rayleigh, unit="data matrix")
def outlier_rayleigh(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The curvature along (1, ..., 1)/sqrt N: its mean by the exact law; its variance, known mean,
    in blocks; its mean for other laws of the inputs."""
    N, p, m, v, draws = 12, 20, 0.6, 0.9, scale.pick(64, 512, 8192)

    def curvatures(law: str, count: int) -> np.ndarray:
        along = np.sum(inputs(rng, N, p * count, m, v, law), axis=0) / np.sqrt(N)
        return np.mean(along.reshape(count, p) ** 2, axis=1)

    def law(form: Form) -> Any:
        value = form(N=N, p=p, m=m, v=v)
        return rayleigh_law(value["mean"], value["variance"], p, draws)

    mean = float(np.mean(curvatures("gaussian", draws)))
    yield Distributed(law, mean, draws, "non-central chi^2")
    blocks = (curvatures("gaussian", 64 * 64) - (N * m**2 + v)).reshape(64, 64) ** 2
    yield Student(at("variance", N=N, p=p, m=m, v=v), np.mean(blocks, axis=1))
    for other in OTHER_LAWS:
        yield Student(at("mean", N=N, p=p, m=m, v=v), curvatures(other, draws))


@simulates(spectra.outlier_overlap, unit="pair of data matrices")
def outlier_overlap(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Overlaps at N and 2N, above the threshold (more examples than inputs, and fewer), below."""
    N, v, draws = 400, 0.9, scale.pick(64, 256, 4096)
    for alpha, ratio in ((1.25, 2.0), (0.5, 3.0), (1.25, 0.25)):
        m = np.sqrt(ratio * v / np.sqrt(alpha) / N)

        def drawn(n: int, alpha: float = alpha, m: float = m) -> float:
            return overlap(rng, n, round(alpha * n), m * np.sqrt(N / n), v)[1]

        yield Student(at(N=N, alpha=alpha, m=m, v=v), extrapolate(drawn, N, draws))


@simulates(spectra.one_outlier, unit="data matrix")
def one_outlier(rng: Generator, scale: Scale) -> Evidence:
    """Any data: of all laws, correlated, with few examples. Without a mean the lower bound is
    attained; with a large mean orthogonal to the covariance's top eigenvector, the upper."""
    data = [
        inputs(rng, N, p, m, 1.0, law)
        for N, p in ((2, 9), (6, 4), (5, 40))
        for m in (0.0, 0.3, 3.0)
        for law in (*OTHER_LAWS, "gaussian")
        for _ in range(scale.pick(1, 2, 20))
    ]
    data += [rng.standard_normal((4, 4)) @ X for X in data if len(X) == 4]
    plain = np.array([[1.0, -1.0, 0.0, 0.0], [0.0, 0.0, 0.5, -0.5]])
    data += [plain, plain + np.array([[0.0], [9.0]])]
    observed = [spectrum(X)[-2] for X in data]

    def predict(form: Form) -> tuple[Any, Any]:
        bounds = [form(X=X) for X in data]
        return [each["lower"] for each in bounds], [each["upper"] for each in bounds]

    magnitude = max(spectrum(X)[-1] for X in data) * 40
    return Bounded(predict, observed, magnitude, draws=len(data))


@simulates(spectra.centring, unit="data matrix")
def centring(rng: Generator, scale: Scale) -> Evidence:
    """Condition numbers of centred Gaussian data: those of p - 1 examples without a mean."""
    alpha, N = 2.0, EDGE_N
    found = extremes_of(rng, N, round(alpha * N) - 1, 1.0, scale.pick(64, 256, 4096))
    return Student(limit(spectra.centring, N=N, alpha=alpha), found[:, 1] / found[:, 0])


# Descent on the bulk


def multiply(matrix: Bidiagonal, d: np.ndarray) -> np.ndarray:
    """BB'd for a vector d."""
    diagonal, off = matrix.tridiagonal()
    product = diagonal * d
    product[1:] += off * d[:-1]
    product[:-1] += off * d[1:]
    return product


def displacement(rng: Generator, matrix: Bidiagonal, start: float) -> np.ndarray:
    """A random start in the space of a matrix's rows: in all N directions of variance
    start^2/N, of which those without curvature do not move and are left out."""
    rows = len(matrix.diagonal)
    return start / np.sqrt(rows + matrix.nulls) * rng.standard_normal(rows)


@simulates(spectra.average_loss, unit="data matrix and start")
def average_loss(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Descent run step by step."""
    N, v, start, draws = 200, 0.9, 1.5, scale.pick(64, 512, 8192)
    for alpha, rate, k in ((2.0, 1.0, 5), (0.5, 0.8, 3)):
        eta = rate * alpha / (v * (1 + alpha))

        def loss(alpha: float = alpha, eta: float = eta, k: int = k) -> float:
            matrix = gaussian(rng, N, round(alpha * N), 0.0, v)
            d = displacement(rng, matrix, start)
            for _ in range(k):
                d = d - eta * multiply(matrix, d)
            return float(d @ multiply(matrix, d) / 2)

        values: dict[str, Any] = {"alpha": alpha, "v": v, "eta": eta, "k": k, "start": start}
        yield Student(limit(spectra.average_loss, N=N, **values), [loss() for _ in range(draws)])


def flow_losses(
    rng: Generator, N: int, alpha: float, v: float, t: float, start: float, draws: int
) -> np.ndarray:
    """Losses after time t of gradient flow; a random start is random in the eigenbasis too."""
    found = spectra_of(rng, N, alpha, v, draws)
    d = start / np.sqrt(N) * rng.standard_normal(found.shape) * np.exp(-found * t)
    return np.sum(found * d**2, axis=1) / 2


@simulates(spectra.average_loss_flow, unit="data matrix and start")
def average_loss_flow(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Gradient flow, solved in the eigenbasis."""
    N, v, start, draws = 200, 0.9, 1.5, scale.pick(64, 512, 8192)
    for alpha, t in ((2.0, 1.2), (0.5, 0.6)):
        losses = flow_losses(rng, N, alpha, v, t, start, draws)
        predict = limit(spectra.average_loss_flow, N=N, alpha=alpha, v=v, t=t, start=start)
        yield Student(predict, losses)


@simulates(spectra.average_loss_power_law, unit="data matrix and start")
def average_loss_power_law(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Gradient flow with as many examples as inputs; then the integral over the bulk, times
    t^(3/2), at ever later times: what it lacks falls as 1/t."""
    N, v, start, t = 200, 0.9, 1.5, 10.0
    losses = flow_losses(rng, N, 1.0, v, t, start, scale.pick(64, 512, 8192))
    yield Student(limit(spectra.average_loss_power_law, N=N, v=v, t=t, start=start), losses)
    times = np.geomspace(10.0, 300.0, 8)

    def scaled(form: Form) -> Any:
        return times**1.5 * form(v=v, t=times, start=start)

    def bulk(s: float, time: float) -> float:
        """The integrand in s, lam = 4v s^2, which takes the root out of the density."""
        return float(16 * v / np.pi * np.sqrt(1 - s**2) * s**2 * np.exp(-8 * v * s**2 * time))

    exact = [
        time**1.5 * start**2 / 2 * quad(bulk, 0, 1, args=(time,), epsabs=0, epsrel=1e-12)[0]
        for time in times
    ]
    yield Fitted(scaled, exact, times, order=1.0)


@simulates(spectra.bulk_rate, unit="data matrix")
def bulk_rate(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The best fixed rate for each spectrum drawn, and its contraction."""
    alpha, v, N = 2.0, 0.9, EDGE_N
    low, high = extremes_of(rng, N, round(alpha * N), v, scale.pick(64, 256, 4096)).T
    measured = {"rate": (high - low) / (high + low), "eta": 2 / (high + low)}
    for name, values in measured.items():
        yield Student(limit(spectra.bulk_rate, name, N=N, alpha=alpha, v=v), values)


@simulates(spectra.bulk_heavy_ball, unit="data matrix")
def bulk_heavy_ball(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The best heavy ball for each spectrum drawn; then what a step with the stated rate and
    momentum does to single eigenvalues of the bulk."""
    alpha, v, N = 2.0, 0.9, EDGE_N
    low, high = np.sqrt(extremes_of(rng, N, round(alpha * N), v, scale.pick(64, 256, 4096))).T
    ratio = (high - low) / (high + low)
    measured = {"rate": ratio, "beta": ratio**2, "eta": 4 / (high + low) ** 2}
    for name, values in measured.items():
        yield Student(limit(spectra.bulk_heavy_ball, name, N=N, alpha=alpha, v=v), values)
    best = spectra.bulk_heavy_ball(alpha=alpha, v=v)
    edge = spectra.edges(alpha=alpha, v=v)
    for lam in np.linspace(edge["lower"], edge["upper"], 9)[1:-1]:
        step = np.array([[1 + best["beta"] - best["eta"] * lam, -best["beta"]], [1.0, 0.0]])
        radius = np.abs(np.linalg.eigvals(step)).max()
        yield Rounded(at("rate", alpha=alpha, v=v), radius, 1.0)


# Energies


@simulates(spectra.energy_cosine, unit="pair of data matrices and starts")
def energy_cosine(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """Cosines between gradient and displacement at N and 2N, 1/N removed."""
    N, draws = 200, scale.pick(64, 512, 8192)
    for alpha in (2.0, 0.5):

        def cosine(n: int, alpha: float = alpha) -> float:
            matrix = gaussian(rng, n, round(alpha * n), 0.0, 0.9)
            d = displacement(rng, matrix, 1.0)
            flat = rng.chisquare(matrix.nulls) / n if matrix.nulls else 0.0
            gradient = multiply(matrix, d)
            return float(d @ gradient / np.sqrt((d @ d + flat) * (gradient @ gradient)))

        yield Student(at(alpha=alpha), extrapolate(cosine, N, draws))


@simulates(spectra.energy_cosine_bound, unit="matrix and direction")
def energy_cosine_bound(rng: Generator, scale: Scale) -> Evidence:
    """Random matrices and directions; eigenvectors attain the upper bound, and the two outer
    eigenvectors mixed with squares lambda_max : lambda_min the lower."""
    cases = []
    for N in (2, 3, 8):
        for _ in range(scale.pick(2, 16, 256)):
            X = inputs(rng, N, 2 * N)
            values, vectors = np.linalg.eigh(X @ X.T / (2 * N))
            R = (vectors * values) @ vectors.T
            mixed = np.sqrt(values[-1]) * vectors[:, 0] + np.sqrt(values[0]) * vectors[:, -1]
            for direction in (rng.standard_normal(N), vectors[:, 0], mixed):
                cases += [((R + R.T) / 2, direction / np.linalg.norm(direction))]
    observed = [u @ R @ u / np.linalg.norm(R @ u) for R, u in cases]

    def predict(form: Form) -> tuple[Any, Any]:
        bounds = [form(R=R, u=u) for R, u in cases]
        return [each["lower"] for each in bounds], [each["upper"] for each in bounds]

    worst = max(np.linalg.cond(R) for R, _ in cases)
    return Bounded(predict, observed, worst, draws=len(cases))


@dataclass(frozen=True)
class ShareLaw:
    """The law of a/(a + b) for independent a = s chi^2_n, b = chi^2_(n k), where the share of the
    means is ``share``: a/b is a multiple of Fisher's F."""

    share: float
    first: int
    second: int

    @property
    def odds(self) -> Any:
        return stats.f(self.first, self.second, scale=self.share / (1 - self.share))

    def cdf(self, x: float) -> float:
        return float(self.odds.cdf(x / (1 - x)))

    def sf(self, x: float) -> float:
        return float(self.odds.sf(x / (1 - x)))

    def ppf(self, q: float) -> float:
        odds = self.odds.ppf(q)
        return float(odds / (1 + odds))

    def isf(self, q: float) -> float:
        odds = self.odds.isf(q)
        return float(odds / (1 + odds))

    def mean(self) -> float:
        return float(self.odds.expect(lambda odds: odds / (1 + odds)))

    def std(self) -> float:
        square = self.odds.expect(lambda odds: (odds / (1 + odds)) ** 2)
        return float(np.sqrt(square - self.mean() ** 2))


def energy_shares(
    rng: Generator, power: int, settings: list[tuple[int, float, float]], draws: int
) -> Iterator[Evidence]:
    """The outlier's share of d'R^power d summed over random starts d; settings are (N, m, v)."""
    for N, m, v in settings:
        d = rng.standard_normal((draws, N))
        R = population_matrix(N, m, v)
        other = d if power == 1 else d @ R
        gradient = d @ R
        total = np.sum(other * gradient)
        along = np.sum(other.sum(axis=1) * gradient.sum(axis=1)) / N

        def law(form: Form, N: int = N, m: float = m, v: float = v) -> ShareLaw:
            return ShareLaw(form(N=N, m=m, v=v), draws, draws * (N - 1))

        yield Distributed(law, along / total, draws, "share of F")


@simulates(spectra.energy_l1, unit="start")
def energy_l1(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """A random start weighs all eigenvalues alike: the outlier's share of d'Rd is its share of
    their sum."""
    settings = [(10, 0.9, 0.9), (4, 0.5, 1.0)]
    yield from energy_shares(rng, 1, settings, scale.pick(64, 2048, 16384))


@simulates(spectra.energy_gradient, unit="start")
def energy_gradient(rng: Generator, scale: Scale) -> Iterator[Evidence]:
    """The outlier's share of the gradient's squared length, d'RRd."""
    settings = [(10, 0.7, 0.9), (100, 0.4, 0.9)]
    yield from energy_shares(rng, 2, settings, scale.pick(64, 2048, 16384))
