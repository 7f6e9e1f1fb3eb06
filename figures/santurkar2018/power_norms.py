"""Batch norm may have other norms, of the outputs before their mean is taken off. Left: the loss is
drawn, as the mean over ten batches. Middle: the accuracy is drawn on training images, where each
batch has its own statistics. Open circles at the end are test images, with statistics of the
training set. Grey lines are a guess. A cross marks a run that did not train. Right: the standard
deviation of a layer's normed outputs before training is drawn, as the median over channels. Filled
points are the norm as in the source, and open points the norm of the deviations. Lines are a
Gaussian channel of mean 0, for L1, for L2, and for L-infinity by the number of values whose largest
is taken."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.runner import Result
from figures import marks
from figures.santurkar2018.words import NETS, crossed, legend, note, smooth
from theory import normalisation

SOURCE = cite("santurkar2018", "section 3.3", "figures 5, 6, 12")
EXPERIMENT = "power_norms"
SHOWS = (normalisation.power_norm, normalisation.largest_deviation)
TRAINED = ("active", "l1", "l2", "linf", "none")
POWERS = {"l1": 1, "l2": 2}


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The arrays of each seed."""
    config = results[0].facts["configuration"]
    words = f"{note(results[0])}, rate {config['rate']:g}"
    return {"runs": [result.arrays for result in results], "note": words}


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw the loss, the accuracy, and the spread before training."""
    first, *others = data["runs"]
    fig.set_size_inches(6.8, 2.9)
    losses, accuracies, spread = fig.subplots(1, 3)
    for name in TRAINED:
        colour = NETS[name][1]
        for run in others:
            marks.other_seed(losses, *smooth(run[f"{name}:loss"]), "-", colour)
            marks.other_seed(accuracies, run[f"{name}:step"], run[f"{name}:train"], "-", colour)
        losses.plot(*smooth(first[f"{name}:loss"]), color=colour, lw=1.1)
        _accuracy(accuracies, first, name, colour)
    classes = float(first["classes"])
    losses.axhline(np.log(classes), color=marks.QUIET, lw=0.8, zorder=0)
    accuracies.axhline(1 / classes, color=marks.QUIET, lw=0.8, zorder=0)
    losses.set(xlabel="step", ylabel="loss")
    accuracies.set(xlabel="step", ylabel="accuracy", ylim=(0, 1.02))
    _spread(spread, first)
    legend(fig, TRAINED)


def _accuracy(ax: Axes, run: dict[str, np.ndarray], name: str, colour: str) -> None:
    steps, values = run[f"{name}:step"], run[f"{name}:train"]
    ax.plot(steps, values, "o-", color=colour, ms=3, lw=0.9)
    ax.plot(1.06 * steps[-1], run[f"{name}:test"][-1], "o", color=colour, ms=4, mfc="white")
    crossed(ax, run, name, float(steps[-1]), float(values[-1]), colour)


def _spread(ax: Axes, run: dict[str, np.ndarray]) -> None:
    """Draw the spread of three norms, layer by layer, beside the spread for a Gaussian."""
    entries = run["entries"]
    layers = np.arange(1, len(entries) + 1)
    for name in ("l1", "l2", "linf"):
        colour = NETS[name][1]
        if name in POWERS:
            length = np.full(len(entries), normalisation.power_norm(order=POWERS[name]))
        else:
            largest = {B: normalisation.largest_deviation(B=B) for B in set(entries.tolist())}
            length = np.array([largest[B] for B in entries.tolist()], float)
        marks.theory(ax, layers, 1 / length, colour)
        marks.measured(ax, layers, run[f"{name}:deviation"], colour=colour)
        marks.measured(ax, layers, run[f"centred_{name}:deviation"], colour=colour, mfc="white")
    ax.set(xlabel="layer", ylabel="deviation before training", ylim=(0, None))
    ax.set_xticks(layers[::2])
