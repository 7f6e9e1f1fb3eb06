"""The figure shows the edge of stability in full batch, with tanh units and the square loss,
without batch norm and with batch norm. The largest curvature rises to the curvature that the rate
allows, 2/eta (lines). It stays near this level, and with batch norm it stays somewhat higher. Open
points are the largest curvature along a step, drawn from the first record on at which the run has
reached its level. The runs with the heavy ball are allowed 2 (1 + beta)/eta. They pass the levels
of runs without momentum and do not stop there. Below, the loss is drawn."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.grosse2021.observed.full_batch_edge import at_the_edge
from deepnet.experiments.grosse2021.shared.edge_settings import SETTINGS
from deepnet.experiments.runner import Result
from deepnet.experiments.store import Arrays
from figures import marks
from figures.grosse2021.words import note
from theory import stability

SOURCE = cite("grosse2021", "Gradient descent in neural networks typically occurs at the edge")
EXPERIMENT = "full_batch_edge"
SHOWS = (stability.edge_of_stability, stability.edge_with_momentum)
COLOURS = (marks.THEORY, marks.SECOND, marks.THIRD)
PANELS = {"none": "no batch norm", "active": "batch norm"}


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The arrays of the first seed."""
    return {"arrays": results[0].arrays, "note": note(results[0])}


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw one column per net, with the curvature above and the loss below."""
    fig.set_size_inches(6.8, 5.0)
    panels = fig.subplots(2, 2, height_ratios=(1.7, 1), sharex="col")
    for column, (norm, words) in zip(panels.T, PANELS.items(), strict=True):
        _column(column[0], column[1], data["arrays"], norm)
        column[0].set_title(words, weight="normal")
    panels[0, 0].set_ylabel("largest curvature")
    panels[1, 0].set_ylabel("square loss")


def _column(above: Axes, below: Axes, arrays: Arrays, norm: str) -> None:
    ends = []
    runs = {name: each for name, each in SETTINGS.items() if each.norm == norm}
    last = max(float(arrays[f"{name}:step"][-1]) for name in runs)
    for (name, setting), colour in zip(runs.items(), COLOURS, strict=True):
        steps, sharpness = arrays[f"{name}:step"], arrays[f"{name}:sharpness"]
        marks.measured(above, steps, sharpness, colour=colour, markersize=2.4)
        words = rf"$\eta$ = {setting.rate:g}"
        if setting.beta:
            words += rf", $\beta$ = {setting.beta:g}"
        above.plot([0, last], [setting.threshold] * 2, color=colour, lw=1)
        ends.append((setting.threshold, words, colour))
        there = at_the_edge(arrays, name, setting.threshold)
        along = arrays[f"{name}:along"]
        above.plot(steps[there], along[there], "o", ms=2.8, color=colour, mfc="white", mew=0.6)
        loss = arrays[f"{name}:loss"]
        below.plot(np.arange(len(loss)), loss, color=colour, lw=0.8)
    lowest = min(float(arrays[f"{name}:sharpness"].min()) for name in runs)
    above.set(yscale="log", xlim=(0, last * 1.55), ylim=(0.85 * lowest, None))
    above.set_yticks([tick for tick in (10, 20, 50, 100, 200) if tick > lowest])
    below.set(yscale="log", xlabel="step")
    below.set_xticks([tick for tick in below.get_xticks() if 0 <= tick <= last * 1.05])
    marks.plain_ticks(above.yaxis)
    marks.end_labels(above, last, ends)
