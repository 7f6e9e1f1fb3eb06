"""Weight decay holds the weights at one length and their steps at one angle. Left: the squared
length of the weights is drawn from three starts, with decay. Points are descents with random
gradients that are orthogonal to the weights and have a constant length at unit weights. The thick
line is the equilibrium. Thin lines are the theory near it, where the deviation shrinks by the
factor 2(1 - eta decay)^2 - 1 per step. Right: the angle of each step is drawn for gradients of
length G = 0.3, 1 and 3, all from one start. For each gradient it tends to arccos(1 - eta decay)."""

from itertools import pairwise

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.invariance.descents import constant, path
from sim.invariance.sphere import turn
from theory import invariance

SOURCE = cite("grosse2021", "Use weight decay")
SHOWS = (invariance.equilibrium, invariance.equilibrium_angle, invariance.relaxation)

ETA, DECAY = 0.2, 0.05
STARTS = (0.3, 1.0, 2.5)
GRADIENTS = (0.3, 1.0, 3.0)


def data(scale: Scale) -> dict:
    """Descents from three lengths of the weights, and descents with three lengths of the
    gradient."""
    rng = np.random.default_rng(0)
    count = 200
    axis = np.array([1.0, 0, 0, 0])
    squares, angles = {}, {}
    for start in STARTS:
        weights, _ = path(constant(rng, 1.0), start * axis, [ETA] * count, decay=DECAY)
        squares[start] = (weights**2).sum(axis=1)
    for G in GRADIENTS:
        weights, _ = path(constant(rng, G), axis, [ETA] * count, decay=DECAY)
        angles[G] = [turn(a, b) for a, b in pairwise(weights)]
    return {
        "squares": squares,
        "angles": angles,
        "note": rf"four weights, $\eta$ = {ETA}, decay = {DECAY}; left: G = 1",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw lengths and angles against steps."""
    fig.set_size_inches(6.0, 3.3)
    left, right = fig.subplots(1, 2)
    rates = {"eta": ETA, "decay": DECAY}
    balance = invariance.equilibrium(**rates, G=1)["squared norm"]
    factor = invariance.relaxation(**rates)
    shown = slice(0, None, 10)
    for (start, squares), colour in zip(
        data["squares"].items(), (marks.RAMP[1], marks.RAMP[2], marks.RAMP[4]), strict=True
    ):
        steps = np.arange(len(squares))
        near = int(np.argmax(abs(squares / balance - 1) < 0.25))
        tail = balance + (squares[near] - balance) * factor ** (steps[near:] - near)
        marks.theory(left, steps[near:], tail, colour, lw=0.8)
        marks.measured(left, steps[shown], squares[shown], colour=colour)
        place = (6, squares[0]) if start != 1 else (12, 0.75)
        marks.label(left, place, f"$|W_0| = {start:g}$", colour)
    left.axhline(balance, color=marks.THEORY, lw=1.4, zorder=1)
    left.set(xlabel="step $k$", ylabel="$|W|^2$", yscale="log", ylim=(0.06, 9))
    marks.plain_ticks(left.yaxis)
    left.set_title("length", weight="normal")

    settled = invariance.equilibrium_angle(**rates)
    right.axhline(settled, color=marks.THEORY, lw=1.4, zorder=1)
    for (G, angles), colour in zip(
        data["angles"].items(), (marks.SECOND, marks.MEASURED, marks.THIRD), strict=True
    ):
        steps = np.arange(1, len(angles) + 1)
        marks.measured(right, steps[::8], angles[::8], colour=colour)
        place = {0.3: (30, 0.06), 1.0: (10, 0.113), 3.0: (12, 0.5)}[G]
        marks.label(right, place, f"$G = {G:g}$", colour)
    marks.label(right, (200, 0.185), r"$\arccos(1 - \eta\,\mathrm{decay})$", marks.THEORY,
                ha="right")  # fmt: skip
    right.set(xlabel="step $k$", ylabel="angle of a step", ylim=(0, 0.6))
    right.set_title("pace", weight="normal")
