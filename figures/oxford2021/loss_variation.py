"""The loss is drawn along training by Adam, with its range over steps of a half to four times the
rate on one batch. Bands reach from the smallest loss to the largest. Above, the steps go along the
batch's raw gradient. Below, they go along Adam's own update, which is the only direction that the
rate belongs to. It depends on the draw whether VGG-16 without batch norm trains at the source's
rate."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.oxford2021.along_training import ALONG
from deepnet.experiments.runner import Result
from figures import marks
from figures.oxford2021.words import NAMES, NETS, NOT_TRAINED, log_ticks, note
from theory import smoothness

SOURCE = cite("oxford2021", "figure 1, left")
EXPERIMENT = "along_training"
SHOWS = (smoothness.fall_of_the_loss,)
TITLES = {"gradient": "along the gradient", "update": "along Adam's update"}


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The arrays of the first seed."""
    return {"arrays": results[0].arrays, "note": note(results[0])}


def panels(arrays: dict[str, np.ndarray]) -> list[tuple[str, str]]:
    """The pairs (net, which) for the source's rate and the joint rate.

    Equal rates have one pair.
    """
    return [
        (name, which)
        for name in NAMES
        for which in ("source", "joint")
        if which == "source" or arrays[f"{name}:rate:source"] != arrays[f"{name}:rate:joint"]
    ]


def title(arrays: dict[str, np.ndarray], name: str, which: str) -> str:
    """The net and its rate."""
    return f"{NAMES[name]}, rate {float(arrays[f'{name}:rate:{which}']):g}"


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw one column per net and rate, one row per direction."""
    arrays = data["arrays"]
    shown = panels(arrays)
    fig.set_size_inches(2.4 * max(len(shown), 2), 4.2)
    axes = fig.subplots(2, len(shown), sharex="col", sharey=True, squeeze=False)
    for column, (name, which) in enumerate(shown):
        for row, along in enumerate(ALONG):
            _panel(axes[row, column], arrays, name, which, along)
        axes[0, column].set_title(title(arrays, name, which))
        axes[1, column].set_xlabel("step")
    for row, along in enumerate(ALONG):
        axes[row, 0].set_ylabel(f"loss, {TITLES[along]}")
        axes[row, 0].set(yscale="log")
        log_ticks(axes[row, 0].yaxis)
    marks.legend(fig, NETS.values())


def _panel(ax: Axes, arrays: dict[str, np.ndarray], name: str, which: str, along: str) -> None:
    for norm, (_, colour) in NETS.items():
        net = f"{name}:{norm}:{which}"
        loss, steps = arrays[f"{net}:loss"], arrays[f"{net}:steps"]
        if not arrays[f"{net}:trained"]:
            marks.label(ax, (0.98, 0.96), NOT_TRAINED, colour, ha="right", va="top",
                        xycoords="axes fraction", fontsize=7)  # fmt: skip
            ax.plot(np.arange(len(loss)), loss, color=colour, lw=0.7, ls=":")
            continue
        there = arrays[f"{net}:{along}:losses"]
        marks.band(ax, steps, there.min(1), there.max(1), colour, alpha=0.3)
        ax.plot(np.arange(len(loss)), loss, color=colour, lw=0.7)
