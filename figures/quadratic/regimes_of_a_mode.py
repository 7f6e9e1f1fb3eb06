"""One mode of a quadratic loss is drawn under gradient descent, at four learning rates. Points are
the component along the eigenvector with the largest eigenvalue lambda, in a descent in eight
dimensions. The line is (1 - eta lambda)^k, and its envelope is shaded. Below 1/lambda the mode
shrinks without changing sign. At 1/lambda it is gone after one step. Above 1/lambda it changes sign
at every step and shrinks. At 2/lambda it no longer shrinks, and above 2/lambda it grows."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from theory import quadratic

SOURCE = cite("whybatchnorm", "eta in range (1/lambda_j, 2/lambda_j)")
SHOWS = (quadratic.regimes, quadratic.decay)

N, P, STEPS = 8, 24, 10
PANELS = (0.35, 1.0, 1.7, 2.1)  # eta lambda
SIGNS = {1: "keeps its sign", 0: "gone in one step", -1: "swings"}
GROWTHS = {-1: "shrinks", 0: "keeps its size", 1: "grows"}


def data(scale: Scale) -> dict:
    """The top mode's component, step by step, in descents on one random data set."""
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(N, P)), rng.normal(size=P)
    R, Q = X @ X.T / P, X @ Y / P
    eigenvalues, U = np.linalg.eigh(R)
    solution = np.linalg.solve(R, Q)
    paths = []
    for x in PANELS:
        W, path = solution + U @ np.ones(N), []
        for _ in range(STEPS + 1):
            path.append(U[:, -1] @ (W - solution))
            W -= x / eigenvalues[-1] * (R @ W - Q)
        paths.append(path)
    return {
        "lam": eigenvalues[-1],
        "paths": np.array(paths),
        "note": f"descent on {P} Gaussian examples of {N} inputs",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw theory as a line through the whole steps, its envelope shaded, and the descent as
    points."""
    steps, lam = np.arange(STEPS + 1), data["lam"]
    axes = fig.subplots(2, 2, sharex=True, sharey=True)
    for ax, x, path in zip(axes.flat, PANELS, data["paths"], strict=True):
        component = quadratic.decay(lam=lam, eta=x / lam, k=steps)
        marks.band(ax, steps, -np.abs(component), np.abs(component))
        marks.theory(ax, steps, component, lw=1)
        marks.measured(ax, steps, path)
        ax.axhline(0, color=marks.QUIET, lw=0.6, zorder=0)
        ax.set_title(rf"$\eta\lambda = {x:g}$: {_words(x)}", weight="normal")
    axes[0, 0].set(ylim=(-2.9, 2.9), xticks=range(0, STEPS + 1, 2))
    for ax in axes[1]:
        ax.set_xlabel("step $k$")
    for ax in axes[:, 0]:
        ax.set_ylabel("component $v_k/v_0$")


def _words(x: float) -> str:
    regime = quadratic.regimes(lam=1, eta=x)
    if regime["sign"] == 0:
        return SIGNS[0]
    return f"{SIGNS[int(regime['sign'])]}, {GROWTHS[int(regime['growth'])]}"
