"""Above the largest stable rate each step overshoots the minimum and ends further away. Left:
gradient descent with rate 2.2 starts from x = 2 on f(x) = x^2/2, whose curvature is 1. Every step
crosses the valley and climbs higher. Right: the distance to the minimum after 60 steps is drawn
against the learning rate, in one quadratic loss of eight dimensions. Points are descents, and the
line is the closed form, mode by mode. The vertical line is the largest stable rate 2/lambda_max."""

from itertools import pairwise

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from theory import quadratic

SOURCE = cite("page2019", "parabola with learning rate 2.2")
SHOWS = (quadratic.max_rate, quadratic.decay)

RATE, START, CROSSINGS = 2.2, 2.0, 6
N, P, STEPS = 8, 24, 60


def data(scale: Scale) -> dict:
    """The path on the parabola, and descents at rates on both sides of the largest stable rate."""
    path = [START]
    for _ in range(CROSSINGS):
        path.append(path[-1] - RATE * path[-1])  # f'(x) = x
    rng = np.random.default_rng(0)
    X = rng.normal(size=(N, P))
    R = X @ X.T / P
    rates = np.linspace(1.5, 2.2, 15) / np.linalg.eigvalsh(R)[-1]
    W = np.ones((N, len(rates)))  # one descent per column, to the minimum at 0
    for _ in range(STEPS):
        W = W - rates * (R @ W)
    return {
        "path": np.array(path),
        "R": R,
        "rates": rates,
        "distance": np.linalg.norm(W, axis=0) / np.sqrt(N),
        "note": f"right: {P} Gaussian examples of {N} inputs, {STEPS} steps",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw the parabola with its path, and the distance left after the descents."""
    left, right = fig.subplots(1, 2, width_ratios=(1.15, 1))
    x, path = np.linspace(-6.4, 6.4, 300), data["path"]
    marks.theory(left, x, x**2 / 2)
    marks.measured(left, path, path**2 / 2)
    for a, b in pairwise(path):
        arrow = {"arrowstyle": "->", "lw": 0.8, "shrinkA": 2, "shrinkB": 2}
        left.annotate("", (b, b**2 / 2), (a, a**2 / 2), arrowprops=arrow)
    marks.label(left, (path[0] + 0.5, path[0] ** 2 / 2), "start")
    left.set(
        xlabel="$x$", ylabel="$f(x) = x^2/2$", xticks=(-6, -3, 0, 3, 6), yticks=range(0, 21, 5)
    )
    left.set_title(rf"rate $\eta = {RATE:g}$, curvature 1", weight="normal")

    eigenvalues, U = np.linalg.eigh(data["R"])
    start = U.T @ np.ones(N)
    fine = np.linspace(data["rates"][0], data["rates"][-1], 300)
    left_over = quadratic.decay(lam=eigenvalues[:, None], eta=fine, k=STEPS) * start[:, None]
    largest = quadratic.max_rate(R=data["R"])
    marks.theory(right, fine * eigenvalues[-1], np.linalg.norm(left_over, axis=0) / np.sqrt(N))
    marks.measured(right, data["rates"] * eigenvalues[-1], data["distance"])
    right.axvline(largest * eigenvalues[-1], color=marks.THEORY, lw=0.8)
    right.axhline(1, color=marks.QUIET, lw=0.6, zorder=0)
    marks.label(right, (1.98, 3e2), r"$\eta = 2/\lambda_{\max}$", marks.THEORY, ha="right")
    marks.label(right, (1.5, 1.6), "start", marks.QUIET, va="bottom")
    right.set(xlabel=r"rate times curvature, $\eta\lambda_{\max}$", yscale="log")
    right.set_ylabel("distance to the minimum")
    right.set_title(f"after {STEPS} steps", weight="normal")
