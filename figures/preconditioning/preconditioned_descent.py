"""Descent is drawn on the squared loss of a layer of 3 units, whose 6 inputs have means and unequal
scales. Points are the share of the excess loss that is left. Blue is plain descent at its best
rate. It cannot exceed the line ((kappa - 1)/(kappa + 1))^(2k), where kappa is above 100. Green is
descent that is preconditioned by the sample's own mean and covariance, at rate 1/2. The line is (1
- eta)^(2k), and at rate 1 a single step would do. Pink is descent preconditioned with the mean of
earlier data, delta = 1 standard deviation away, at its best rate. The line is its worst case."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.derivatives import complex_gradient
from sim.preconditioning.draws import (
    Statistics,
    inputs_with,
    sample_statistics,
    squared_loss,
    stacked,
)
from theory import preconditioning, quadratic

SOURCE = cite("grosse2021", "Updates in this coordinate system are immune to ICS")
SHOWS = (
    preconditioning.excess_loss,
    preconditioning.outdated_mean,
    preconditioning.standardised_hessian,
    preconditioning.step,
)

N, UNITS, P, STEPS = 6, 3, 40, 40
HALF = 0.5
DELTA = 1.0


def data(scale: Scale) -> dict:
    """The excess losses along three descents from one start, over the excess loss at the start."""
    rng = np.random.default_rng(0)
    root = np.diag(np.geomspace(0.5, 2, N)) @ np.linalg.qr(rng.normal(size=(N, N)))[0]
    drawn = Statistics(rng.uniform(0.5, 1.5, N), root @ root.T, root)
    X = inputs_with(rng, P, drawn)
    known = sample_statistics(X)
    away = known.L @ rng.normal(size=N)
    away *= DELTA / np.linalg.norm(np.linalg.solve(known.L, away))
    old = Statistics(known.mu + away, known.Sigma, known.L)
    best = quadratic.optimal_rate(R=preconditioning.layer_hessian(X=X, n=1))
    stale = preconditioning.outdated_mean(mu0=old.mu, mu=known.mu, Sigma=known.Sigma)
    targets = rng.normal(size=(UNITS, P))
    start = stacked(rng.normal(size=(UNITS, N)), rng.normal(size=UNITS))
    none = Statistics(np.zeros(N), np.eye(N), np.eye(N))
    runs = {
        "plain": _shares(X, targets, start, none, best["rate"]),
        "old": _shares(X, targets, start, old, stale["rate"]),
        "own": _shares(X, targets, start, known, HALF),
    }
    return {
        "runs": runs,
        "contractions": {"plain": best["contraction"], "old": stale["contraction"]},
        "note": f"{P} Gaussian examples of {N} inputs, {UNITS} units",
    }


def _shares(
    X: np.ndarray, targets: np.ndarray, start: np.ndarray, known: Statistics, rate: float
) -> np.ndarray:
    """The excess loss after each step, divided by the excess loss at the start.

    The steps are made in the coordinates of ``known``.
    """
    Z = known.standardised(X)
    design = np.vstack([Z, np.ones(X.shape[1])])
    best = np.linalg.lstsq(design.T, targets.T, rcond=None)[0].ravel()
    theta, excess = known.to_standard(start, UNITS), []
    for _ in range(STEPS + 1):
        excess.append(np.sum(((theta - best).reshape(-1, UNITS).T @ design) ** 2))
        theta = theta - rate * complex_gradient(lambda t: squared_loss(t, Z, targets), theta)
    return np.array(excess) / excess[0]


def draw(fig: Figure, data: dict) -> None:
    """Draw three descents and their lines on a logarithmic axis."""
    ax = fig.subplots()
    k = np.arange(STEPS + 1)
    colours = {"plain": marks.THEORY, "old": marks.THIRD, "own": marks.SECOND}
    for name, factor in data["contractions"].items():
        marks.theory(ax, k, factor ** (2 * k), colours[name])
    marks.theory(ax, k, preconditioning.excess_loss(eta=HALF, k=k), colours["own"])
    for (name, shares), fmt in zip(data["runs"].items(), "o^s", strict=True):
        seen = shares > 1e-13
        marks.measured(ax, k[seen], shares[seen], colour=colours[name], fmt=fmt, markersize=2.8)
    marks.label(ax, (22, 3), "plain descent", marks.THEORY)
    marks.label(ax, (23, 3e-5), r"old mean, $\delta = 1$", marks.THIRD)
    marks.label(ax, (18.5, 3e-10), r"own mean, $\eta = 1/2$", marks.SECOND)
    ax.set(yscale="log", ylim=(1e-13, 20), xlabel="step $k$", ylabel="excess loss left")
