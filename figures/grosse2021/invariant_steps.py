"""Two nets compute one function. One has tanh units and the other logistic units, whose weights and
biases make up for the difference. Left: each net takes its own steps, at the rates that are
written. The distance between the outputs of the two nets is divided by the distance that the
outputs have moved. Undamped K-FAC and the quasi-diagonal preconditioner are invariant to affine
maps of units. The nets stay the same function to rounding, and the errors of rounding grow from
step to step. Plain descent and K-FAC with a damping of 1e-3 are not invariant. Right: the loss of
the tanh net is drawn."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.grosse2021.invariant_steps import RATES
from deepnet.experiments.runner import Result
from figures import marks
from figures.grosse2021.words import note
from theory import preconditioning

SOURCE = cite("grosse2021", "invariant to affine transformations of individual units")
EXPERIMENT = "invariant_steps"
SHOWS = (
    preconditioning.layer_invariance,
    preconditioning.unit_invariance,
    preconditioning.plain_descent,
)
COLOURS = {
    "descent": marks.THIRD,
    "quasi-diagonal": marks.SECOND,
    "K-FAC": marks.THEORY,
    "K-FAC, damped": "#56B4E9",
}


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The differences and the losses of each rule."""
    arrays, config = results[0].arrays, results[0].facts["configuration"]
    rules: dict[str, Any] = {
        name: (arrays[f"{name}:difference"], arrays[f"{name}:loss"]) for name in RATES
    }
    rules["note"] = note(results[0], f"one batch of {config['examples']:,}, float64")
    return rules


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw the differences and the losses."""
    fig.set_size_inches(6.4, 3.0)
    left, right = fig.subplots(1, 2, width_ratios=(1.3, 1))
    ends, last = [], 0
    left.set(yscale="log", xlabel="steps", ylabel="difference of the two nets")
    for name, colour in COLOURS.items():
        difference, loss = data[name]
        last = len(difference)
        style = {"fmt": "o-", "lw": 0.8}
        marks.measured(left, np.arange(1, last + 1), difference, colour=colour, **style)
        marks.measured(right, np.arange(last + 1), loss, colour=colour, **style)
        ends.append((difference[-1], f"{name}, {RATES[name]:g}", colour))
    left.set(xlim=(0.5, 1.75 * last), ylim=(1e-16, 10))
    left.set_xticks([1, last // 2, last] if last > 2 else [1, last])
    left.set_yticks([1e-16, 1e-12, 1e-8, 1e-4, 1])
    right.set(xlabel="steps", ylabel="loss", yscale="log")
    right.set_xticks([0, last // 2, last])
    marks.plain_ticks(right.yaxis)
    marks.end_labels(left, last, ends)
