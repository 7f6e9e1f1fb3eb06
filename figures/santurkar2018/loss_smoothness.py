"""Smoothness along the trainings of VGG with batch norm and without, over steps of half the rate to
four times it. Columns: the losses and the change of the gradient, from the smallest to the largest
over the steps; and the effective beta. Above: along the gradient; in the last panel filled points
are the largest beta, open ones that over a hundredth of a step, crosses steps at which the largest
is saturated: within a fifth of one over the smallest step (dashed line), which it is wherever the
gradient vanishes at the end of that step, whatever the net. Line: 2 over the rate, the edge of
stability. Below, the same along a random direction as long as the gradient. Shaded: steps on which
the net without batch norm is still on its plateau; no median counts them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.runner import Result
from deepnet.experiments.santurkar2018.loss_smoothness import OVER_BAND
from deepnet.experiments.santurkar2018.records import PAIR
from figures import marks
from figures.santurkar2018.words import NETS, key, note
from theory import smoothness, stability

SOURCE = cite("santurkar2018", "Fig. 4; section 3.1, random directions")
EXPERIMENT = "loss_smoothness"
SHOWS = (
    smoothness.fall_of_the_loss,
    smoothness.gradient_predictiveness,
    smoothness.effective_beta,
    stability.edge_of_stability,
)


def data(scale: Scale, results: Sequence[Result]) -> dict[str, Any]:
    """The arrays of the first seed."""
    config = results[0].facts["configuration"]
    words = f"{note(results[0])}, rate {config['rate']:g}"
    return {"arrays": results[0].arrays, "note": words}


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Along the gradient above, along a random direction below."""
    arrays = data["arrays"]
    fig.set_size_inches(6.8, 4.8)
    panels = fig.subplots(2, 3)
    for row, along in zip(panels, ("", "random0:"), strict=True):
        for name in PAIR:
            _net(row, arrays, f"{name}:rate", along, NETS[name][1])
        words = "gradient" if not along else "random direction"
        for ax, what in zip(
            row, ("loss over the steps", "change of gradient", "beta"), strict=True
        ):
            flat = arrays["none:rate:step"][arrays["none:rate:plateau"]]
            ax.axvspan(0, flat.max(initial=0), color=marks.QUIET, alpha=0.15, lw=0, zorder=0)
            ax.set(yscale="log", xlabel="step", ylabel=f"{what}, {words}")
            ax.set_xlim(0, len(arrays["none:rate:loss"]))
            marks.plain_ticks(ax.yaxis)
    last = panels[0, 2]
    edge = float(stability.edge_of_stability(eta=float(arrays["rate"])))
    last.axhline(edge, color=marks.MEASURED, lw=0.9, zorder=1)
    smallest = float(arrays["multiples"][OVER_BAND][0] * arrays["rate"])
    last.axhline(1 / smallest, color=marks.QUIET, lw=1, ls=(0, (4, 4)), zorder=1)
    key(fig, PAIR)


def _net(row: Sequence[Axes], arrays: Any, label: str, along: str, colour: str) -> None:
    """Bands of losses and changes, and beta."""
    step = arrays[f"{label}:step"]
    for ax, what in zip(row, ("losses", "predictiveness"), strict=False):
        values = arrays[f"{label}:{along}{what}"][:, OVER_BAND]
        marks.band(ax, step, values.min(1), values.max(1), colour, alpha=0.3)
        ax.plot(step, values.max(1), color=colour, lw=0.8)
    largest, small = arrays[f"{label}:{along}largest_beta"], arrays[f"{label}:{along}beta"][:, 0]
    row[2].plot(step, largest, "o-", color=colour, ms=3, lw=0.6)
    row[2].plot(step, small, "o", color=colour, ms=3, mfc="white", lw=0.6)
    held = arrays[f"{label}:{along}saturated"] > 0
    row[2].plot(step[held], np.full(held.sum(), largest.max() * 1.6), "x", color=colour, ms=3)
