"""The panels show smoothness along the trainings of VGG, with batch norm and without, over steps of
half the rate to four times the rate. Above: steps go along the gradient. The first two panels are
the range, over the steps, of the losses and of the gradient's change. The third is beta, which is
the change of the gradient over the length of the step. Filled points are the largest beta, and open
points are beta over a hundredth of a step. Crosses on top mark records whose largest beta is
saturated: it is within a fifth of one over the smallest step. Beta takes this value for any net if
the gradient vanishes at the end of that step. For steps from half the rate on, this ceiling is 2
over the rate, the edge of stability (line). Below: steps go along a random direction as long as the
gradient. The panels are the range of the losses, the change of the gradient, and beta. Shaded steps
are the plateau of the net without batch norm, which no median counts. Without batch norm there are
spikes along the gradient. Over small steps, and along random directions, the beta of batch norm is
the larger."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.runner import Result
from deepnet.experiments.santurkar2018.shared.readings import OVER_BAND
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
    """Draw steps along the gradient above, and along a random direction below."""
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
    """Draw the losses, the changes of the gradient, and beta."""
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
