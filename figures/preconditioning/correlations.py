"""Standardising unit by unit leaves the correlations. The points are condition numbers of random
correlation matrices. Left: they are drawn against the largest correlation c, and never lie below
the line (1 + c)/(1 - c). Right: they are drawn against sqrt(1 - D), where D is the determinant, and
never lie above the line (1 + sqrt(1 - D))/(1 - sqrt(1 - D)). Triangles have two inputs, or a single
correlated pair among six inputs, and lie on both lines. Dots have three inputs, and squares have
six. The data are standardised by means and variances before they are measured."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.preconditioning.draws import Statistics
from sim.preconditioning.whitening import condition_of
from theory import preconditioning

SOURCE = cite("grosse2021", "normalizes every unit")
SHOWS = (preconditioning.correlation_bounds, preconditioning.variances_only)


def _random(rng: np.random.Generator, N: int) -> np.ndarray:
    """A covariance whose correlations have a random strength."""
    mixed = np.eye(N) + rng.uniform(0, 0.8) * rng.normal(size=(N, N))
    return mixed @ mixed.T


def _pair(rng: np.random.Generator, N: int) -> np.ndarray:
    Sigma = np.eye(N)
    Sigma[0, 1] = Sigma[1, 0] = rng.uniform(-0.95, 0.95)
    return Sigma


def data(scale: Scale) -> dict:
    """Covariances, and condition numbers of data that have them."""
    rng = np.random.default_rng(0)
    draws = scale.pick(10, 60, 200)
    kinds = {
        "three": [_random(rng, 3) for _ in range(draws)],
        "six": [_random(rng, 6) for _ in range(draws)],
        "pair": [_pair(rng, N) for N in (2, 6) for _ in range(8)],
    }
    known = {
        name: [Statistics(np.ones(len(S)), S, np.linalg.cholesky(S)) for S in matrices]
        for name, matrices in kinds.items()
    }
    return {
        "conditions": {
            name: [condition_of(rng, each) for each in drawn] for name, drawn in known.items()
        },
        "bounds": {
            name: [preconditioning.correlation_bounds(Sigma=S) for S in matrices]
            for name, matrices in kinds.items()
        },
        "note": f"{draws} random covariances of 3 and of 6 inputs",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw the condition number above one curve and below another.

    The two curves are one function.
    """
    fig.set_size_inches(6.0, 2.9)
    axes = fig.subplots(1, 2, sharey=True)
    c = np.linspace(0, 0.985, 200)
    curve = [preconditioning.correlation_bounds(Sigma=[[1, x], [x, 1]])["lower"] for x in c]
    styles = {
        "six": (marks.SECOND, "s"),
        "three": (marks.MEASURED, "o"),
        "pair": (marks.THIRD, "^"),
    }
    for ax, side in zip(axes, ("lower", "upper"), strict=True):
        marks.theory(ax, c, curve)
        for name, (colour, fmt) in styles.items():
            bounds = np.array([each[side] for each in data["bounds"][name]])
            place = (bounds - 1) / (bounds + 1)
            seen = {"markersize": 2.6, "fmt": fmt}
            marks.measured(ax, place, data["conditions"][name], colour=colour, **seen)
    axes[0].set(yscale="log", ylim=(0.8, 400), xlabel="largest correlation $c$")
    axes[0].set(ylabel=r"condition number $\kappa$", yticks=(1, 10, 100))
    axes[1].set(xlabel=r"$\sqrt{1 - D}$")
    marks.plain_ticks(axes[0].yaxis)
    marks.label(axes[0], (0.5, 1.7), "at least", marks.THEORY)
    marks.label(axes[1], (0.42, 12), "at most", marks.THEORY, ha="right")
