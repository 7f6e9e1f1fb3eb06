"""Filter-normalised surfaces are compared with raw surfaces. Left and middle: in LeNet one filter
before a batch norm is made ten times as long. Its bias, and the running mean and deviation of its
outputs, are made ten times as large. The net's function does not change. Points are losses of the
grid before and after the filter is made longer. Along filter-normalised directions the losses do
not change, in both modes of the statistics. Along raw directions the losses change. Right: in the
unchanged LeNet, numbers of raw surfaces are divided by numbers of filter-normalised surfaces of
equal length. The numbers are the highest loss, the largest slope and the curvature at the centre. A
point is one direction seed."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.oxford2021.raw_surfaces import DRAWS
from deepnet.experiments.oxford2021.shared.landscapes import NUMBERS
from deepnet.experiments.runner import Result
from figures import marks
from figures.oxford2021.words import MODES, log_ticks, note
from theory import smoothness

SOURCE = cite("oxford2021", "section 1.2, surface plot with random directions")
EXPERIMENT = "raw_surfaces"
SHOWS = (smoothness.filter_normalised_slice, smoothness.raw_slice)
RATIOS = {
    "highest": "highest loss",
    "steepest": "largest slope",
    "curvature": "curvature\nat centre",
}


def data(results: Sequence[Result]) -> dict[str, Any]:
    """Losses before and after, and the quotients of raw over filter-normalised numbers."""
    arrays = results[0].arrays
    longer = {
        f"{draw}:{mode}": (arrays[f"{draw}:{mode}:before"], arrays[f"{draw}:{mode}:after"])
        for draw in DRAWS
        for mode in ("running", "batch")
    }
    quotients = {
        mode: {
            what: arrays[f"{mode}:numbers"][:, column] / arrays[f"{mode}:filter"][:, column]
            for column, what in enumerate(NUMBERS)
            if what in RATIOS
        }
        for mode in MODES
        if arrays[f"{mode}:trained"]
    }
    return {"longer": longer, "quotients": quotients, "note": note(results[0])}


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw two scatters of losses, and the quotients."""
    fig.set_size_inches(7.4, 2.8)
    axes = fig.subplots(1, 3, width_ratios=(1, 1, 1.2))
    for ax, kind, words in zip(axes, DRAWS, ("filter-normalised", "raw"), strict=False):
        every = []
        for mode in ("running", "batch"):
            before, after = (each.ravel() for each in data["longer"][f"{kind}:{mode}"])
            marks.measured(ax, before, after, colour=MODES[mode][1])
            every += [before, after]
        ends = [min(map(np.min, every)), max(map(np.max, every))]
        marks.theory(ax, ends, ends, marks.QUIET, lw=0.8, zorder=0)
        ax.set(xscale="log", yscale="log", xlabel="loss", ylabel="loss, a filter 10 times as long")
        ax.set_title(words)
        log_ticks(ax.xaxis, ax.yaxis)
    right = axes[2]
    right.axhline(1, color=marks.QUIET, lw=0.8)
    for place, what in enumerate(RATIOS):
        for index, (mode, (_, colour)) in enumerate(MODES.items()):
            if mode in data["quotients"]:
                values = data["quotients"][mode][what]
                x = np.full(len(values), place + 0.22 * (index - 1))
                marks.measured(right, x, values, colour=colour)
    right.set(yscale="log", ylabel="raw over filter-normalised", xlim=(-0.6, 2.6), xlabel=" ")
    right.set_xticks(range(3), RATIOS.values(), fontsize=7)
    log_ticks(right.yaxis)
    marks.legend(fig, MODES.values())
