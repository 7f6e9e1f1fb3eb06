"""The panels show filter-normalised surfaces of LeNet after one epoch, after more epochs, and after
all epochs (large points). The highest loss, the largest slope, and the largest curvature at the
centre are drawn against the loss at the centre. All three grow as the loss falls. Two surfaces
therefore differ where only one net has been trained further, and the source's comparison names no
loss. At equal loss batch norm's surface is lower and less steep, in both modes of its statistics.
Nets that have not trained are left out."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.oxford2021.shared.landscapes import NUMBERS
from deepnet.experiments.runner import Result
from figures import marks
from figures.oxford2021.words import MODES, log_ticks, note
from theory import smoothness

SOURCE = cite("oxford2021", "figure 2, at equal training loss")
EXPERIMENT = "surfaces_by_loss"
SHOWS = (smoothness.lipschitz, smoothness.beta_smoothness)
PANELS = {
    "highest": "highest loss",
    "steepest": "largest slope",
    "curvature": "largest curvature at the centre",
}


def data(results: Sequence[Result]) -> dict[str, Any]:
    """{mode: numbers of its surfaces (stages that trained, 6)}."""
    arrays = results[0].arrays
    numbers: dict[str, Any] = {"note": note(results[0])}
    for mode in MODES:
        numbers[mode] = arrays[f"{mode}:numbers"][arrays[f"{mode}:trained"]]
    return numbers


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw one panel per number."""
    fig.set_size_inches(7.2, 2.7)
    axes = fig.subplots(1, len(PANELS))
    for ax, (what, words) in zip(axes, PANELS.items(), strict=True):
        for mode, (_, colour) in MODES.items():
            numbers: np.ndarray = data[mode]
            x, y = numbers[:, 0], numbers[:, NUMBERS.index(what)]
            marks.measured(ax, x, y, colour=colour, fmt="o-", lw=0.8)
            if len(x):
                ax.plot(x[-1], y[-1], "o", color=colour, ms=6, zorder=4)
        ax.set(xscale="log", yscale="log", xlabel="loss at the centre", ylabel=words)
        log_ticks(ax.xaxis, ax.yaxis)
    marks.legend(fig, MODES.values())
