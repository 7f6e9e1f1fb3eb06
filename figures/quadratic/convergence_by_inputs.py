"""Centring the inputs speeds descent up, and standardising them speeds it up more. A linear neuron
is fed 480 examples of 60 inputs, whose means are 1 and whose standard deviations spread over a
factor 5. The examples are raw, centred or standardised, and each neuron is trained at its own best
rate. Points are the distance to the minimum in a descent from a random start. Thick lines are the
prediction of the spectrum, in which every mode shrinks by its own factor. Thin lines are the worst
start, which is displaced along an extreme eigenvector. The number is a bound that depends on the
condition number kappa alone: after at most this number of steps any start has come within a
thousandth of its distance."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from theory import quadratic

SOURCE = cite("whybatchnorm", "Biased inputs slow down convergence")
SHOWS = (quadratic.iterations, quadratic.decay, quadratic.optimal_rate)

N, P, MEAN, LEFT = 60, 480, 1.0, 1e-3


def data(scale: Scale) -> dict:
    """One data set fed in three ways, with a descent at the best rate of each."""
    rng = np.random.default_rng(0)
    deviations = np.geomspace(0.4, 2, N)
    X = MEAN + deviations[:, None] * rng.normal(size=(N, P))
    about = X - X.mean(axis=1, keepdims=True)
    fed = {"raw": X, "centred": about, "standardised": about / X.std(axis=1, keepdims=True)}
    displacement = rng.normal(size=N)
    runs = {}
    for name, Z in fed.items():
        R = Z @ Z.T / P
        best = quadratic.optimal_rate(R=R)
        longest = int(quadratic.iterations(R=R, left=LEFT)["upper"])
        W, distance = displacement.copy(), []
        for _ in range(longest + 1):
            distance.append(np.linalg.norm(W))
            W -= best["rate"] * (R @ W)
        runs[name] = {
            "R": R,
            "best": best,
            "longest": longest,
            "distance": np.array(distance) / distance[0],
        }
    return {
        "runs": runs,
        "displacement": displacement,
        "note": f"N = {N} Gaussian inputs of mean {MEAN:g}, p = {P}, random start",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw three descents on logarithmic axes, with the worst start of each."""
    ax = fig.subplots()
    styles = (
        ("raw", marks.THIRD, (190, 0.02)),
        ("centred", marks.THEORY, (11.5, 0.02)),
        ("standardised", marks.SECOND, (1.0, 0.006)),
    )
    ax.axhline(LEFT, color=marks.QUIET, lw=0.6, zorder=0)
    for name, colour, place in styles:
        run = data["runs"][name]
        best, longest = run["best"], run["longest"]
        lam, U = np.linalg.eigh(run["R"])
        start = U.T @ data["displacement"]
        steps = np.unique(np.geomspace(1, longest, 80).astype(int))
        modes = quadratic.decay(lam=lam[:, None], eta=best["rate"], k=steps) * start[:, None]
        marks.theory(ax, steps, np.linalg.norm(modes, axis=0) / np.linalg.norm(start), colour)
        marks.theory(ax, steps, best["contraction"] ** steps, colour, lw=0.6)
        shown = np.unique(np.geomspace(1, longest, 14).astype(int))
        marks.measured(ax, shown, run["distance"][shown], colour=colour)
        marks.label(ax, (longest, 0.8 * LEFT), f"{longest:,}", colour, ha="center", va="top")
        marks.label(ax, place, f"{name}\n" rf"$\kappa = {lam[-1] / lam[0]:.0f}$", colour)
    ax.set(xscale="log", yscale="log", xlabel="step $k$", ylim=(2e-4, 1.4))
    ax.set_ylabel("distance to the minimum, start = 1")
    ax.xaxis.set_major_formatter("{x:,.0f}")
