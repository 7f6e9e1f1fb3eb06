"""The square root leaves out a logarithm. |W|^4 exceeds |W_0|^4 (1 + k/k_0), and the excess is
drawn against k/k_0 in units of eta^2 G^2/2. The line is ln(1 + k/k_0). Points are descents whose
first step adds a thousandth, a tenth or all of |W_0|^2. The correction is a limit of small steps.
Large steps exceed it by a constant."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.invariance.descents import constant, path
from theory import invariance

SOURCE = cite("grosse2021", "the weight norm grows roughly as")
SHOWS = (invariance.norm_growth_correction, invariance.norm_growth)

FIRST = (0.001, 0.1, 1.0)  # eta^2 G^2/|W_0|^4
WORDS = ("a thousandth", "a tenth", "all")


def data(scale: Scale) -> dict:
    """The excess along descents from length 1 with G = 1."""
    rng = np.random.default_rng(0)
    count = scale.pick(200, 5000, 50000)
    runs = []
    for first in FIRST:
        shown = np.unique(np.geomspace(1, count, 16).astype(int))
        W = path(constant(rng, 1.0), np.array([1.0, 0, 0]), [np.sqrt(first)] * count)[0][shown]
        excess = (W**2).sum(axis=1) ** 2 - 1 - 2 * first * shown
        runs.append((2 * first * shown, excess / (first / 2)))
    return {"runs": runs, "note": "three weights, G = 1, $|W_0|$ = 1"}


def draw(fig: Figure, data: dict) -> None:
    """Draw one line for all descents, and three sets of points."""
    ax = fig.subplots()
    first = FIRST[0] / 2
    k = np.unique(np.geomspace(1, 2e7, 200).astype(int))
    line = invariance.norm_growth_correction(norm=1, eta=np.sqrt(first), G=1, k=k) / (first / 2)
    marks.theory(ax, 2 * first * k, line)
    for (time, excess), words, colour in zip(
        data["runs"], WORDS, (marks.RAMP[1], marks.RAMP[2], marks.RAMP[4]), strict=True
    ):
        marks.measured(ax, time, excess, colour=colour)
        right = time[len(time) // 3]
        marks.label(ax, (0.8 * right, excess[len(time) // 3] + 0.7), words, colour, ha="right")
    marks.label(ax, (300, 4.3), r"$\ln(1 + k/k_0)$", marks.THEORY)
    ax.set(xscale="log", xlabel="$k/k_0$", ylabel=r"excess of $|W|^4$, over $\eta^2G^2/2$")
