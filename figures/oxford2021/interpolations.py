"""The loss is drawn on straight lines between two states of a net, from share 0 to share 1 and
beyond. One kind of line goes from the initial weights to the trained weights. Another goes between
two nets that were trained from different initial weights. The last goes from a net trained on small
batches to a net trained on large batches. With batch norm there are two curves: the running
statistics are interpolated too, or they are estimated again at every point. A curve ends where an
interpolated variance would be negative. The grey line is straight between the ends. A convex loss
stays below it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.oxford2021.interpolations import PAIRS
from deepnet.experiments.runner import Result
from figures import marks
from figures.oxford2021.words import NAMES, NOT_TRAINED, log_ticks, note
from theory import smoothness

SOURCE = cite("oxford2021", "section 1.2, 1D linear interpolation")
EXPERIMENT = "interpolations"
SHOWS = (smoothness.interpolated_loss,)
CURVES = {
    "none": ("no batch norm", marks.THIRD),
    "interpolated": ("statistics interpolated", marks.SECOND),
    "reestimated": ("estimated at each point", marks.THEORY),
}
TITLES = {"training": "start to end", "draws": "two seeds", "batches": "batch {} to {}"}


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The curves of each line, and whether both ends trained. A loss that does not exist is nan."""
    arrays, config = results[0].arrays, results[0].facts["configuration"]
    curves: dict[str, Any] = {"share": arrays["share"], "lines": {}, "note": note(results[0])}
    for name, pairs in PAIRS.items():
        for pair in pairs:
            batches = (config["batch"], config["large_batch"])
            title = f"{NAMES[name]}, {TITLES[pair].format(*batches)}"
            curves["lines"][title] = {
                mode: (
                    np.where(arrays[f"{line}:no_loss"], np.nan, arrays[line]),
                    bool(arrays[f"{line}:trained"]),
                )
                for mode, line in ((mode, f"{name}:{pair}:{mode}") for mode in CURVES)
            }
    return curves


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw one panel per line."""
    fig.set_size_inches(7.4, 2.7)
    axes = fig.subplots(1, len(data["lines"]), sharey=True)
    for ax, (title, curves) in zip(axes, data["lines"].items(), strict=True):
        _panel(ax, data["share"], curves)
        ax.set_title(title, fontsize=7.5)
        ax.set(xlabel="share of the second", yscale="log")
        log_ticks(ax.yaxis)
    axes[0].set_ylabel("loss")
    marks.legend(fig, CURVES.values())


def _panel(ax: Axes, share: np.ndarray, curves: dict[str, tuple[np.ndarray, bool]]) -> None:
    for height, (mode, (_, colour)) in enumerate(CURVES.items()):
        losses, trained = curves[mode]
        if not trained:
            place = (0.97, 0.96 - 0.09 * height)
            marks.label(ax, place, NOT_TRAINED, colour, ha="right", va="top",
                        xycoords="axes fraction", fontsize=7)  # fmt: skip
            continue
        inside = (share > -1e-9) & (share < 1 + 1e-9)
        ends = losses[inside][[0, -1]]
        across = share[inside]
        ax.plot(across, ends[0] + across * (ends[1] - ends[0]), color=marks.QUIET, lw=0.6)
        ax.plot(share, losses, color=colour)
    for end in (0, 1):
        ax.axvline(end, color=marks.QUIET, lw=0.5, ls=":")
