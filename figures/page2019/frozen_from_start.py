"""Batch norm that was frozen before the first step is compared with active batch norm at its own
rates and with the net without batch norm. Left: the training accuracy is drawn. The cross is the
frozen net at the rates of batch norm. Middle: the channels' means have a share in the mean square
that each activation sees. The share is drawn before training (hollow) and after training. The
constants centre the channels at the start, and training moves them. Right: points are the Hessian's
top eigenvalue after training, with bars of the residual norm. Lines are the largest eigenvalue at
which descent with Nesterov's momentum is stable at the last rate. Pale colours are other seeds."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from companion.references import cite
from deepnet.experiments.runner import Result
from figures import marks
from figures.page2019.words import NETS, note
from theory import quadratic

SOURCE = cite("page2019", "As far as initialisation is concerned, frozen batch norm works as well")
EXPERIMENT = "frozen_from_start"
SHOWS = (quadratic.max_rate_nesterov,)
MOMENTUM = 0.9
LAYERS = ("prep", "1", "1x", "2", "2x", "3", "3x", "out")


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The arrays of each seed."""
    return {
        "runs": [result.arrays for result in results],
        "too_fast": results[0].facts["configuration"]["epochs_too_fast"],
        "note": note(results[0]),
    }


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw accuracies, means and eigenvalues."""
    fig.set_size_inches(6.8, 2.9)
    curves, means, tops = fig.subplots(1, 3)
    marks.legend(fig, NETS.values())
    _curves(curves, data["runs"], data["too_fast"])
    _means(means, data["runs"][0])
    _tops(tops, data["runs"])


def _curves(ax: Axes, runs: Sequence[dict[str, np.ndarray]], too_fast: int) -> None:
    """Draw training accuracies, and the accuracy of the frozen net at the rates of batch norm."""
    for run in runs[::-1]:
        for name, (_, colour) in NETS.items():
            accuracy = run[f"{name}:accuracy"]
            epochs = np.arange(1, len(accuracy) + 1)
            if run is runs[0]:
                marks.measured(ax, epochs, accuracy, colour=colour, fmt="o-", lw=0.8)
            else:
                marks.other_seed(ax, epochs, accuracy, "-", colour)
        ax.plot(too_fast, run["frozen_too_fast:accuracy"].mean(), "x", color=NETS["frozen"][1])
    ax.set(xlabel="epoch", ylabel="training accuracy", ylim=(0, 1))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))


def _means(ax: Axes, run: dict[str, np.ndarray]) -> None:
    """Draw the shares of the channels' means, layer by layer, before and after training."""
    layers = np.arange(len(LAYERS))
    for name, (_, colour) in NETS.items():
        style: dict[str, Any] = {"color": colour, "ms": 3.2, "lw": 0.8}
        ax.plot(layers, run[f"{name}:means_before"], "o:", mfc="white", **style)
        ax.plot(layers, run[f"{name}:means"], "o-", **style)
    ax.set_xticks(layers, LAYERS, fontsize=7)
    ax.set(xlabel="layer", ylabel="share of the channels' means", ylim=(-0.03, 1))


def _tops(ax: Axes, runs: Sequence[dict[str, np.ndarray]]) -> None:
    """Draw top eigenvalues, and the largest eigenvalue that the rate allows where training stops.

    The claim's c/lambda is its own inverse, so that the rate may take the eigenvalue's place.
    """
    ax.set_yscale("log")
    for place, (name, (_, colour)) in enumerate(NETS.items()):
        for run in runs[1:]:
            marks.other_seed(ax, place, run[f"{name}:top"], "o", colour)
        top, residual = runs[0][f"{name}:top"], runs[0][f"{name}:residual"]
        marks.measured(ax, [place], [top], [residual / 2], colour=colour)
        rate = float(runs[0][f"{name}:rate"])
        allowed = quadratic.max_rate_nesterov(R=[[rate]], beta=MOMENTUM)
        marks.theory(ax, [place - 0.3, place + 0.3], [allowed, allowed], colour)
    ax.set_xticks(range(len(NETS)), ["active", "frozen", "none"])
    ax.set(ylabel="top eigenvalue", xlabel="batch norm", xlim=(-0.5, 2.5))
