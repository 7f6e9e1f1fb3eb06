"""The figure shows the effect of the number of images from which batch norm takes its statistics.
Left: batches of 128 are normalised in groups. The training loss, the test loss and the share of
test images that are classified wrongly are drawn against the size of a group. All three are with
the statistics of the training images. Middle: the training loss in small batches is drawn, with
batch norm and without. Right: at the first step, the length of the hidden layers' gradient is
divided by the length of the output layer's gradient. The gradient vanishes for batches of two
images: without eps the Jacobian of batch norm has the rank B - 2. Pale colours are other seeds."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.runner import Result
from deepnet.experiments.store import Arrays
from figures import marks
from figures.grosse2021.words import MODES, note
from theory import normalisation

SOURCE = cite("grosse2021", "Stochastic regularization effect caused by noisy estimates")
EXPERIMENT = "small_batches"
SHOWS = (normalisation.jacobian_rank,)


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The arrays of the first seed, and the arrays of every later seed."""
    first, *others = (result.arrays for result in results)
    return {"arrays": first, "others": others, "note": note(results[0])}


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw losses against groups, losses against batches, and gradients against batches."""
    fig.set_size_inches(7.4, 3.0)
    left, middle, right = fig.subplots(1, 3)
    arrays = data["arrays"]
    groups, batches = arrays["groups"], arrays["batches"]
    series = _by_group(arrays)
    for other in data["others"]:
        for losses, colour in _by_group(other).values():
            marks.other_seed(left, groups, losses, "-", colour)
    for losses, colour in series.values():
        marks.measured(left, groups, losses, colour=colour, fmt="o-", lw=0.6)
    left.set(xscale="log", xlabel="images in a group", ylabel="loss; share wrong")
    left.set_xlim(groups.min() / 1.3, groups.max() * 12)
    left.set_xticks(groups)
    left.set_xticks([], minor=True)
    marks.plain_ticks(left.xaxis)
    marks.end_labels(
        left,
        groups.max(),
        [(losses[0], words, colour) for words, (losses, colour) in series.items()],
    )

    ends = []
    for norm in ("active", "none"):
        words, colour = MODES[norm]
        loss, mark = arrays[f"{norm}:loss"], arrays[f"{norm}:mark"]
        good = mark == 0
        for other in data["others"]:
            marks.other_seed(middle, batches, other[f"{norm}:loss"], "-", colour)
        middle.plot(batches, loss, "-", color=colour, lw=0.6)
        middle.plot(batches[good], loss[good], "o", color=colour, ms=3.2)
        middle.plot(batches[~good], loss[~good], "x", color=colour, ms=5)
        ends.append((loss[-1], words, colour))
    middle.set(xscale="log", xlabel="images in a batch", ylabel="training loss")
    middle.set_xlim(batches.min() / 1.3, batches.max() * 10)
    middle.set_xticks(batches)
    middle.set_xticks([], minor=True)
    marks.plain_ticks(middle.xaxis)
    marks.end_labels(middle, batches[-1], ends)

    gradient = np.maximum(arrays["gradient"], 1e-17)
    marks.measured(right, batches, gradient, colour=MODES["active"][1])
    for batch, value in zip(batches, gradient, strict=True):
        rank = normalisation.jacobian_rank(y=np.arange(float(batch))[:, None])
        place = {"xytext": (0, 9), "textcoords": "offset points", "ha": "center"}
        marks.label(right, (batch, value), f"{int(rank)}", marks.THEORY, **place)
    marks.label(right, (batches[0], 1e-7), "above the points:\nthe rank $B - 2$", marks.THEORY)
    right.set(xscale="log", yscale="log", xlabel="images in a batch", ylim=(1e-18, 1e3))
    right.set(ylabel="hidden over output gradient", xlim=(batches.min() / 1.5, batches.max() * 4))
    right.set_xticks(batches)
    right.set_xticks([], minor=True)
    marks.plain_ticks(right.xaxis)


def _by_group(arrays: Arrays) -> dict[str, tuple[np.ndarray, str]]:
    """The numbers that are drawn against the size of a group, and their colours."""
    return {
        "training loss": (arrays["groups:loss"], marks.THEORY),
        "test loss": (arrays["groups:test_loss"], marks.SECOND),
        "test error": (1 - arrays["groups:accuracy"], marks.MEASURED),
    }
