"""The figure shows the scale of the initial weights. Left: the training loss after six epochs is
drawn against the factor of the usual scale, with batch norm and without. Crosses are nets that did
not train. The cross of a net that diverged stands at the top. Right: the directions of a net with
batch norm are compared, within an epoch, with the directions of the net at the usual scale. Circles
are distances at the same rate. Squares are distances at the rate times the square of the factor.
That rate gives an equal effective rate eta/|w|^2, and the directions agree to rounding. Pale
colours are the losses of other seeds."""

from collections.abc import Sequence
from math import log
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.grosse2021.initial_scale import SCALES
from deepnet.experiments.runner import Result
from figures import marks
from figures.grosse2021.words import MODES, note
from theory import invariance

SOURCE = cite("grosse2021", "BN also changes the effective initialization")
EXPERIMENT = "initial_scale"
SHOWS = (invariance.effective_rate, invariance.step_on_sphere)


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The arrays of the first seed, and the arrays of every later seed."""
    first, *others = (result.arrays for result in results)
    return {"arrays": first, "others": others, "note": note(results[0])}


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw losses and distances against the factor."""
    fig.set_size_inches(6.6, 3.1)
    left, right = fig.subplots(1, 2)
    arrays, scales = data["arrays"], np.array(SCALES)
    ends = []
    for norm in ("active", "none"):
        words, colour = MODES[norm]
        loss, good = arrays[f"{norm}:loss"], arrays[f"{norm}:mark"] == 0
        top = 1.2 * log(10)
        shown = np.where(np.isnan(loss), top, np.minimum(loss, top))
        for other in data["others"]:
            learnt = np.where(other[f"{norm}:mark"] == 0, other[f"{norm}:loss"], np.nan)
            marks.other_seed(left, scales, learnt, "o-", colour)
        marks.measured(left, scales[good], loss[good], colour=colour, fmt="o-", lw=0.6)
        left.plot(scales[~good], shown[~good], "x", color=colour, ms=6)
        ends.append((shown[-1], words, colour))
    left.set(xscale="log", xlabel="factor of the initial weights")
    left.set(ylabel="training loss", xlim=(scales[0] / 1.3, scales[-1] * 6), ylim=(0, None))
    left.set_xticks(scales)
    left.set_xticks([], minor=True)
    marks.plain_ticks(left.xaxis)
    marks.end_labels(left, scales[-1] * 1.1, ends)

    for name, words, colour, marker in (
        ("plain", "the same rate", marks.THIRD, "o"),
        ("kept", r"the same rate over $|w|^2$", marks.THEORY, "s"),
    ):
        distance = np.maximum(arrays[name].max(1), 1e-17)
        marks.measured(right, scales, distance, colour=colour, fmt=marker)
        place = {"xytext": (0, 11), "textcoords": "offset points", "ha": "center"}
        marks.label(right, (scales[2], distance[-1]), words, colour, **place)
    right.set(xscale="log", yscale="log", xlabel="factor of the initial weights")
    right.set(ylabel="distance of directions", ylim=(1e-18, 1e2))
    right.set_xticks(scales)
    right.set_xticks([], minor=True)
    marks.plain_ticks(right.xaxis)
