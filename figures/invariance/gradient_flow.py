"""The weights grow because steps have a size. Left: the squared length is drawn against the time t
= eta k. Points are descents with random gradients that are orthogonal to the weights and have the
length G = 1 at unit weights. Thin lines are the lower bound. The weights grow less at a smaller
learning rate, and in gradient flow they would not grow. Right: the growth over eta is drawn. For
small rates it tends to t G^2/|W_0|^2, which is the line."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.invariance.descents import constant, path
from theory import invariance

SOURCE = cite("grosse2021", "w_j increases monotonically")
SHOWS = (invariance.gradient_flow, invariance.norm_growth)

RATES = (0.4, 0.2, 0.1, 0.025)
TIME = 4.0


def data(scale: Scale) -> dict:
    """Squared lengths at nine times, for each rate."""
    rng = np.random.default_rng(0)
    runs = {}
    for rate in RATES:
        count = round(TIME / rate)
        weights, _ = path(constant(rng, 1.0), np.array([1.0, 0, 0]), [rate] * count)
        shown = np.unique(np.linspace(1, count, 9).astype(int))
        runs[rate] = (rate * shown, (weights[shown] ** 2).sum(axis=1))
    return {"runs": runs, "note": "three weights, G = 1, $|W_0|$ = 1"}


def draw(fig: Figure, data: dict) -> None:
    """Draw the length, and the growth over the rate, against time."""
    fig.set_size_inches(6.0, 3.2)
    left, right = fig.subplots(1, 2)
    fine = np.linspace(0.01, TIME, 50)
    left.axhline(1, color=marks.THEORY, lw=1.4, zorder=1)
    marks.theory(right, fine, invariance.gradient_flow(norm=1, G=1, t=fine))
    for (rate, (time, squares)), colour in zip(data["runs"].items(), marks.RAMP[:4], strict=True):
        steps = np.arange(1, round(TIME / rate) + 1)
        bound = invariance.norm_growth(norm=1, eta=rate, G=1, k=steps)["lower"]
        marks.theory(left, rate * steps, bound, colour, lw=0.8)
        marks.measured(left, time, squares, colour=colour)
        marks.measured(right, time, (squares - 1) / rate, colour=colour)
        marks.label(left, (TIME + 0.15, squares[-1]), rf"$\eta = {rate:g}$", colour)
    marks.label(left, (TIME + 0.15, 0.95), "flow", marks.THEORY)
    marks.label(right, (1.9, 2.9), r"$\eta \to 0$", marks.THEORY, ha="right")
    left.set(xlabel=r"time $t = \eta k$", ylabel="$|W|^2$", xlim=(0, 1.45 * TIME), ylim=(0.9, None))
    left.set_title("length", weight="normal")
    right.set(xlabel=r"time $t = \eta k$", ylabel=r"growth of $|W|^2$, over $\eta$")
    right.set_title("growth over the rate", weight="normal")
