"""The panels show numbers of the filter-normalised surfaces of LeNet (round) and VGG-16 (square) at
their joint rates. The nets have no batch norm, or batch norm in the two modes of its statistics. A
point is one direction seed, and bars are the range. With the batch's own statistics the surfaces of
batch norm are lower and less steep at a distance, and more of their points have negative curvature.
With constants, and near the centre, the comparison depends on the net and on how far it has been
trained. A net that did not train is left out."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.oxford2021.observed.loss_surfaces import number, scaled
from deepnet.experiments.runner import Result
from figures import marks
from figures.oxford2021.words import MODES, NAMES, log_ticks, note
from theory import smoothness

SOURCE = cite("oxford2021", "section 3", "figure 2")
EXPERIMENT = "loss_surfaces"
SHOWS = (smoothness.lipschitz, smoothness.beta_smoothness)
PANELS = {
    "highest": "highest loss",
    "steepest": "largest slope",
    "scaled": "height over the\ncentre's gain",
    "rise": "rise within half",
    "curvature": "largest curvature\nat the centre",
    "negative": "share with negative\ncurvature",
}
MARKERS = {"lenet": "o", "vgg16": "s"}


def data(results: Sequence[Result]) -> dict[str, Any]:
    """{net: {mode: {number: (seeds,)}}} of all training seeds together."""
    numbers: dict[str, Any] = {"note": note(results[0])}
    for name in NAMES:
        numbers[name] = {}
        for mode in MODES:
            numbers[name][mode] = {}
            for what in PANELS:
                take, which = (scaled, "highest") if what == "scaled" else (number, what)
                values = [take(r.arrays, f"{name}:{mode}:joint", which) for r in results]
                numbers[name][mode][what] = np.concatenate(values)
    return numbers


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw six panels. The share has a linear axis."""
    fig.set_size_inches(6.8, 4.2)
    axes = fig.subplots(2, 3)
    for ax, (what, words) in zip(axes.ravel(), PANELS.items(), strict=True):
        _panel(ax, data, what)
        ax.set_ylabel(words)
        ax.set(xlim=(-0.6, 1.6), xticks=(0, 1), xticklabels=NAMES.values(), xlabel=" ")
        if what == "negative":
            ax.set_ylim(-0.03, 1.03)
        else:
            ax.set_yscale("log")
            log_ticks(ax.yaxis)
    marks.legend(fig, MODES.values())


def _panel(ax: Axes, data: dict[str, Any], what: str) -> None:
    for place, name in enumerate(NAMES):
        for index, (mode, (_, colour)) in enumerate(MODES.items()):
            values = data[name][mode][what]
            if np.isnan(values).any():
                continue
            x = place + 0.25 * (index - 1)
            ax.plot([x, x], [values.min(), values.max()], color=colour, lw=0.8)
            marks.measured(ax, np.full(len(values), x), values, colour=colour, fmt=MARKERS[name])
