"""The nets of the post's panels are trained, and the training is stopped half-way. Left: lines are
the learning rate, and are dotted where training does not go on. Circles are the largest rate at
which descent with Nesterov's momentum is stable along every eigenvector of the Hessian, at the
stop. Middle and right: the loss and the accuracy on the batches of each epoch are drawn. The
circles on the right are the accuracy on test images at the end. Pale colours are other seeds."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.runner import Result
from deepnet.training import piecewise_linear
from figures import marks
from figures.page2019.words import NETS, note
from theory import quadratic

SOURCE = cite("page2019", "Networks: three nets after 10 of 20 epochs")
EXPERIMENT = "training"
SHOWS = (quadratic.max_rate_nesterov,)
MOMENTUM = 0.9
BESIDE = {"textcoords": "offset points", "xytext": (6, 1)}
CURVES = {
    "active": NETS["active"],
    "active_after": ("batch norm after activation", "#56B4E9"),
    "none": NETS["none"],
}


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The arrays of each seed."""
    config = results[0].facts["configuration"]
    runs = [result.arrays for result in results]
    return {"runs": runs, "stop": config["stop"], "note": note(results[0])}


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw rates, losses and accuracies."""
    fig.set_size_inches(6.8, 2.9)
    rates, losses, accuracies = fig.subplots(1, 3)
    _rates(rates, data["runs"][0], data["stop"])
    for ax, what in ((losses, "loss"), (accuracies, "accuracy")):
        for run in data["runs"][::-1]:
            for name, (_, colour) in CURVES.items():
                _curve(ax, run[f"{name}:{what}"], colour, faint=run is not data["runs"][0])
        ax.set(xlabel="epoch", ylabel=f"training {what}", xlim=(0, data["stop"] + 1))
    for name, (_, colour) in CURVES.items():
        end = data["runs"][0][f"{name}:test_accuracy"]
        accuracies.plot(data["stop"] + 0.6, end, "o", color=colour, mfc="white", ms=4)
    accuracies.set_ylim(0, 1)
    marks.legend(fig, CURVES.values())


def _rates(ax: Axes, run: dict[str, np.ndarray], stop: int) -> None:
    """Draw the two schedules, and the largest stable rates where they stop."""
    for name in ("none", "active"):
        colour, schedule = CURVES[name][1], piecewise_linear(*run[f"{name}:knots"].tolist())
        epochs = np.linspace(0.2, run[f"{name}:knots"][-1, 0] * 0.99, 200)
        values = np.array([schedule(epoch) for epoch in epochs])
        ax.plot(epochs[epochs <= stop], values[epochs <= stop], color=colour)
        ax.plot(epochs[epochs >= stop], values[epochs >= stop], color=colour, ls=":", lw=1)
        largest = quadratic.max_rate_nesterov(R=[[float(run[f"{name}:top"])]], beta=MOMENTUM)
        ax.plot(stop, largest, "o", color=colour, mfc="white", ms=4.5, zorder=3)
    marks.label(ax, (stop, largest), "largest stable", colour, **BESIDE)
    ax.set(yscale="log", xlabel="epoch", ylabel="learning rate")
    marks.plain_ticks(ax.yaxis)


def _curve(ax: Axes, values: np.ndarray, colour: str, faint: bool) -> None:
    """Draw one value per epoch."""
    epochs = np.arange(1, len(values) + 1)
    if faint:
        marks.other_seed(ax, epochs, values, "-", colour)
    else:
        marks.measured(ax, epochs, values, colour=colour, fmt="o-", lw=0.8)
