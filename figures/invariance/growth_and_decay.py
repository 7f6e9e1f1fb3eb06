"""A constant learning rate decays by itself. Left: the squared length of the weights grows along a
descent, at three learning rates. Right: the effective rate eta/|W|^2 falls. Points are descents
with random gradients that are orthogonal to the weights and have the length G = 1 at unit weights.
The left lines are the source's |W_0|^2 sqrt(1 + k/k_0), a lower bound. The right lines are its
schedule, an upper bound. Shading reaches to the bounds on the other side. These bounds add a
logarithm and the first step. In the end all effective rates follow the dotted line 1/(G sqrt(2k)):
the learning rate is forgotten. The dashed line is the fourth root, which the label 'effective LR' =
eta/|W| would give as transcribed."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.invariance.descents import constant, path
from theory import invariance

SOURCE = cite("grosse2021", "effective learning rate schedule")
SHOWS = (
    invariance.norm_growth,
    invariance.hidden_schedule,
    invariance.forgetting,
    invariance.norm_after_step,
)

RATES = (0.03, 0.3, 3.0)


def data(scale: Scale) -> dict:
    """Squared lengths in descents from length 1."""
    rng = np.random.default_rng(0)
    count = scale.pick(300, 10000, 100000)
    shown = np.unique(np.geomspace(1, count, 15).astype(int))
    squares = {}
    for rate in RATES:
        weights, _ = path(constant(rng, 1.0), np.array([1.0, 0, 0]), [rate] * count)
        squares[rate] = (weights[shown] ** 2).sum(axis=1)
    return {"steps": shown, "squares": squares, "note": "three weights, G = 1, $|W_0|$ = 1"}


def draw(fig: Figure, data: dict) -> None:
    """Draw length and effective rate against steps."""
    fig.set_size_inches(6.0, 3.3)
    left, right = fig.subplots(1, 2)
    steps = data["steps"]
    fine = np.unique(np.geomspace(1, steps[-1], 200).astype(int))
    for rate, colour in zip(RATES, (marks.RAMP[1], marks.RAMP[2], marks.RAMP[4]), strict=True):
        values = {"norm": 1, "eta": rate, "G": 1, "k": fine}
        growth, schedule = invariance.norm_growth(**values), invariance.hidden_schedule(**values)
        for ax, sides, side in ((left, growth, "lower"), (right, schedule, "upper")):
            marks.band(ax, fine, sides["lower"], sides["upper"], colour)
            marks.theory(ax, fine, sides[side], colour)
        marks.measured(left, steps, data["squares"][rate], colour=colour)
        marks.measured(right, steps, rate / data["squares"][rate], colour=colour)
        ends = fine[-1] * 1.25
        marks.label(left, (ends, growth["lower"][-1]), rf"$\eta = {rate:g}$", colour)
    twin = invariance.hidden_schedule.twins["label as transcribed, eta/|W|: the fourth root"]
    marks.printed(right, fine, twin(norm=1, eta=0.3, G=1, k=fine)["upper"])
    common = invariance.forgetting(norm=1, eta=1, G=1) / np.sqrt(fine)
    right.plot(fine, common, color=marks.MEASURED, lw=0.8, ls=":", zorder=1)
    marks.label(right, (fine[-1], 0.16), "label as transcribed", marks.PRINTED, ha="right")
    marks.label(right, (2.2, 1.0), r"$1/(G\sqrt{2k})$", marks.MEASURED)
    for ax, words in ((left, "$|W|^2$"), (right, r"effective rate $\eta/|W|^2$")):
        ax.set(xscale="log", yscale="log", xlabel="step $k$", ylabel=words)
        ax.set_xlim(0.8, steps[-1] * 1.3)
    right.set_ylim(None, 2)
    left.set_xlim(0.8, steps[-1] * 14)
    left.set_title("the weights grow", weight="normal")
    right.set_title("the effective rate falls", weight="normal")
