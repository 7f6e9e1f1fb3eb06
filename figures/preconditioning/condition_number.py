"""The condition number of the Hessian of a layer's squared loss is drawn. Left: it is drawn against
the length of the mean, for 6 correlated inputs of unequal scales. Blue inputs are as they are.
Green inputs are standardised unit by unit, as batch norm does, which leaves the condition number of
the correlation matrix. Pink inputs are standardised by the whole covariance, which gives exactly 1.
Right: the inputs are standardised by an old mean, delta standard deviations from the present mean.
The condition number is ((sqrt(delta^2 + 4) + delta)/2)^4. The dotted line is the present mean.
Points are singular values of the outputs as functions of the parameters."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.preconditioning.draws import Statistics, inputs_with, principal_curvatures
from theory import preconditioning

SOURCE = cite("grosse2021", "Updates in this coordinate system are immune to ICS")
SHOWS = (
    preconditioning.standardised_hessian,
    preconditioning.variances_only,
    preconditioning.blocks_of_inverse,
    preconditioning.outdated_mean,
)

N, P = 6, 40
DEVIATIONS = np.geomspace(0.5, 2, N)
SIGMA = 0.5 ** abs(np.subtract.outer(range(N), range(N))) * np.outer(DEVIATIONS, DEVIATIONS)
ROOT = np.linalg.cholesky(SIGMA)
ALONG = np.ones(N) / np.sqrt(N)
LENGTHS = np.array([0.25, 0.5, 1, 2, 4, 8, 16])
DELTAS = np.array([0, 0.5, 1, 2, 3, 4])


def _condition(X: np.ndarray, mu: np.ndarray, Sigma: np.ndarray, L: np.ndarray) -> float:
    curvatures = principal_curvatures(Statistics(mu, Sigma, L).standardised(X))
    return float(curvatures[0] / curvatures[-1])


def data(scale: Scale) -> dict:
    """Condition numbers of data with exactly these statistics."""
    rng = np.random.default_rng(0)
    known = [Statistics(length * ALONG, SIGMA, ROOT) for length in LENGTHS]
    inputs = [inputs_with(rng, P, each) for each in known]
    variances = np.diag(DEVIATIONS**2), np.diag(DEVIATIONS)
    nothing = np.zeros(N), np.eye(N), np.eye(N)
    shifts = [ROOT @ (delta * np.eye(N)[0]) for delta in DELTAS]
    pairs = list(zip(inputs, known, strict=True))
    return {
        "raw": [_condition(X, *nothing) for X in inputs],
        "units": [_condition(X, each.mu, *variances) for X, each in pairs],
        "whole": [_condition(X, each.mu, SIGMA, ROOT) for X, each in pairs],
        "old": [_condition(inputs[1], known[1].mu + shift, SIGMA, ROOT) for shift in shifts],
        "note": f"{P} examples with exactly the stated mean and covariance",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw three ways to treat the inputs, and one way with an old mean."""
    fig.set_size_inches(6.2, 2.9)
    means, olds = fig.subplots(1, 2)
    fine = np.geomspace(0.2, 20, 80)
    raw = [preconditioning.blocks_of_inverse(mu=x * ALONG, Sigma=SIGMA, n=1) for x in fine]
    units = preconditioning.variances_only(Sigma=SIGMA)
    whole = np.linalg.cond(preconditioning.standardised_hessian(X=np.eye(N, N + 1), n=1))
    levels = (np.linalg.cond(raw), np.full(80, units), np.full(80, whole))
    colours = (marks.THEORY, marks.SECOND, marks.THIRD)
    kinds = zip(levels, colours, ("raw", "units", "whole"), "os^", strict=True)
    for level, colour, name, fmt in kinds:
        marks.theory(means, fine, level, colour)
        marks.measured(means, LENGTHS, data[name], colour=colour, fmt=fmt)
    means.set(xscale="log", xticks=(0.25, 1, 4, 16), xlabel=r"length of the mean, $|\mu|$")
    means.set(yscale="log", ylim=(0.6, 3e5), ylabel=r"condition number $\kappa$")
    means.set_yticks((1, 10, 100, 1e3, 1e4, 1e5))
    marks.plain_ticks(means.xaxis)
    marks.label(means, (1.6, 1e3), "as they are", marks.THEORY, ha="right")
    marks.label(means, (0.25, 14), "variances", marks.SECOND)
    marks.label(means, (0.25, 1.9), "covariance", marks.THIRD)
    delta = np.linspace(0, 4, 100)
    lengths = [{"mu0": [x], "mu": [0], "Sigma": [[1]]} for x in delta]
    closed = [preconditioning.outdated_mean(**each)["condition"] for each in lengths]
    marks.theory(olds, delta, closed)
    olds.axhline(closed[0], color=marks.THIRD, ls=":", lw=1)
    marks.measured(olds, DELTAS, data["old"])
    marks.label(olds, (2.3, 25), "mean off by\n" + r"$\delta$ deviations", marks.THEORY)
    marks.label(olds, (1.9, 1.35), "present mean", marks.THIRD)
    olds.set(yscale="log", xlabel=r"distance of the means, $\delta$", ylim=(0.6, 500))
    olds.set(yticks=(1, 10, 100))
    marks.plain_ticks(olds.yaxis)
