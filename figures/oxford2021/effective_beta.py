"""The effective beta is the largest change of the gradient over the length of the step. It is drawn
along training by Adam, over steps of a half to four times the rate. Above, the steps go along the
batch's gradient, and below along Adam's update. Open points are saturated: at the smallest step the
new gradient is already unlike the old one. The ratio is then near 2/rate (dotted) for any net. Pale
points are records before the loss has left the loss of guessing, where the surface is flat. Lines
are steps of a hundredth of the rate, where beta tends to |Hg|/|g|."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.oxford2021.along_training import ALONG
from deepnet.experiments.oxford2021.shared.records import MULTIPLES
from deepnet.experiments.runner import Result
from figures import marks
from figures.oxford2021.loss_variation import TITLES, panels, title
from figures.oxford2021.words import NETS, NOT_TRAINED, log_ticks, note
from theory import smoothness

SOURCE = cite("oxford2021", "figure 1, right")
EXPERIMENT = "along_training"
SHOWS = (smoothness.effective_beta, smoothness.effective_beta_of_small_steps)


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The arrays of the first seed."""
    return {"arrays": results[0].arrays, "note": note(results[0])}


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw one column per net and rate, one row per direction."""
    arrays = data["arrays"]
    shown = panels(arrays)
    fig.set_size_inches(2.4 * max(len(shown), 2), 4.2)
    axes = fig.subplots(2, len(shown), sharex="col", sharey=True, squeeze=False)
    for column, (name, which) in enumerate(shown):
        for row, along in enumerate(ALONG):
            _panel(axes[row, column], arrays, name, which, along)
        ceiling = 1 / (min(MULTIPLES) * float(arrays[f"{name}:rate:{which}"]))
        axes[0, column].axhline(ceiling, color=marks.QUIET, lw=0.8, ls=":")
        across = axes[0, column].get_yaxis_transform()
        words = "2/rate"
        marks.label(axes[0, column], (0.99, ceiling), words, marks.QUIET, xycoords=across,
                    ha="right", va="bottom", fontsize=7)  # fmt: skip
        axes[0, column].set_title(title(arrays, name, which))
        axes[1, column].set_xlabel("step")
    for row, along in enumerate(ALONG):
        axes[row, 0].set(yscale="log", ylabel=f"effective beta,\n{TITLES[along]}")
        log_ticks(axes[row, 0].yaxis)
    marks.legend(fig, NETS.values())


def _panel(ax: Axes, arrays: dict[str, np.ndarray], name: str, which: str, along: str) -> None:
    for norm, (_, colour) in NETS.items():
        net = f"{name}:{norm}:{which}"
        if not arrays[f"{net}:trained"]:
            marks.label(ax, (0.98, 0.04), NOT_TRAINED, colour, ha="right", va="bottom",
                        xycoords="axes fraction", fontsize=7)  # fmt: skip
            continue
        off = ~arrays[f"{net}:plateau"]
        steps, beta = arrays[f"{net}:steps"], arrays[f"{net}:{along}:beta"]
        ax.plot(steps[~off], beta[~off], "o", color=colour, alpha=0.25, ms=2.5)
        full = arrays[f"{net}:{along}:saturated"]
        for chosen, face in ((full & off, "white"), (~full & off, colour)):
            if chosen.any():
                marks.measured(ax, steps[chosen], beta[chosen], colour=colour, mfc=face)
        if along == "gradient":
            ax.plot(steps, arrays[f"{net}:small"], color=colour, lw=0.8)
