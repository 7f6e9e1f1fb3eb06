"""Smoothness along the trainings of VGG with batch norm and without, over steps of half the rate to
four times it. Above, along the gradient: the losses and the change of the gradient, from the
smallest to the largest over the steps, and beta, that change over the distance. Filled points: the
largest beta; open: that over a hundredth of a step; crosses on top: steps at which the largest is
saturated, within a fifth of one over the smallest step, which it is wherever the gradient vanishes
at the end of that step, whatever the net. Of steps from half the rate on that ceiling is also 2
over the rate, the edge of stability (line). Below, along a random direction as long as the
gradient: the range of the losses, the change of the gradient, and beta. Shaded: steps on which the
net without batch norm is still on its plateau; no median counts them. Without batch norm there are
spikes along the gradient; over small steps, and along random directions, batch norm's beta is the
larger."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.runner import Result
from deepnet.experiments.santurkar2018.loss_smoothness import OVER_BAND
from deepnet.experiments.santurkar2018.shared.records import PAIR
from figures import marks
from figures.santurkar2018.words import NETS, legend, note
from theory import smoothness, stability

SOURCE = cite("santurkar2018", "section 3.1", "figure 4")
EXPERIMENT = "loss_smoothness"
SHOWS = (
    smoothness.fall_of_the_loss,
    smoothness.gradient_predictiveness,
    smoothness.effective_beta,
    stability.edge_of_stability,
)


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The arrays of the first seed."""
    config = results[0].facts["configuration"]
    words = f"{note(results[0])}, rate {config['rate']:g}"
    return {"arrays": results[0].arrays, "note": words}


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Along the gradient above, along a random direction below."""
    arrays = data["arrays"]
    fig.set_size_inches(6.8, 4.8)
    panels = fig.subplots(2, 3)
    flat = arrays["none:rate:step"][arrays["none:rate:plateau"]]
    for row, along in zip(panels, ("", "random0:"), strict=True):
        for name in PAIR:
            _net(row, arrays, f"{name}:rate", along, NETS[name][1])
        first = "loss variation" if along else "loss over the steps"
        for ax, what in zip(row, (first, "change of the gradient", "beta"), strict=True):
            ax.axvspan(0, flat.max(initial=0), color=marks.QUIET, alpha=0.15, lw=0, zorder=0)
            ax.set(yscale="log", xlabel="step", ylabel=what)
            ax.set_xlim(0, len(arrays["none:rate:loss"]))
            if what != "loss variation":
                marks.plain_ticks(ax.yaxis)
    panels[0, 0].set_title("along the gradient", weight="normal")
    panels[1, 0].set_title("along a random direction", weight="normal")
    edge = float(stability.edge_of_stability(eta=float(arrays["rate"])))
    panels[0, 2].set_ylim(top=3 * panels[0, 2].get_ylim()[1])  # room for the crosses
    panels[0, 2].axhline(edge, color=marks.MEASURED, lw=0.9, zorder=1)
    legend(fig, PAIR)


def _net(row: Sequence[Axes], arrays: Any, label: str, along: str, colour: str) -> None:
    """Losses, changes of the gradient, and beta."""
    losses, change, beta = row
    step = arrays[f"{label}:step"]
    if along:
        variation = arrays[f"{label}:{along}variation"]
        losses.plot(step, variation, "o-", color=colour, ms=2.5, lw=0.6)
    for ax, what in ((losses, "losses"), (change, "predictiveness"))[bool(along) :]:
        values = arrays[f"{label}:{along}{what}"][:, OVER_BAND]
        marks.band(ax, step, values.min(1), values.max(1), colour, alpha=0.3)
        ax.plot(step, values.max(1), color=colour, lw=0.8)
    largest, small = arrays[f"{label}:{along}largest_beta"], arrays[f"{label}:{along}beta"][:, 0]
    beta.plot(step, largest, "o-", color=colour, ms=3, lw=0.6)
    beta.plot(step, small, "o", color=colour, ms=2.5, mfc="white", mew=0.7)
    held = step[arrays[f"{label}:{along}saturated"] > 0]
    height = 0.98 if label.startswith("none") else 0.94
    place = beta.get_xaxis_transform()
    beta.plot(held, np.full(len(held), height), "x", color=colour, ms=3, transform=place)
