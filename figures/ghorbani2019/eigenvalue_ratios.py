"""The largest eigenvalue of the loss's Hessian is divided by the tenth, since there are ten
classes. The curves are a residual net with batch norm, the same net with its batch norm frozen at
the statistics of all training images, and the net without batch norm. Left: the ratio is drawn
along training. Bands reach from the ratio with the ninth eigenvalue to the ratio with the eleventh.
Open points are nets from another seed. Diamonds are batch norm at the rate of the net without batch
norm. Middle: these ratios are drawn at equal training loss. Right: the largest eigenvalue is
divided by other eigenvalues at the last record. The line is the ratio of the largest eigenvalue to
the second for a linear neuron with two examples per input, whose 400 inputs have a mean as large as
their standard deviation. The ratio with batch norm grows when the net has nearly learnt its images.
The comparison at equal steps then says less than the comparison at equal loss."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.ghorbani2019.observed.eigenvalue_ratios import RANKS, ratios
from deepnet.experiments.runner import Result
from figures import marks
from figures.ghorbani2019 import quadratic
from figures.ghorbani2019.words import (
    NETS,
    THEORY,
    against_loss,
    against_steps,
    legend,
    note,
    steps,
)
from theory import spectra, stability

SOURCE = cite("ghorbani2019", "figure 6")
EXPERIMENT = "eigenvalue_ratios"
SHOWS = (spectra.outlier, spectra.edges, stability.class_outliers)


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The arrays of each seed, and the records in steps."""
    return {
        "runs": [result.arrays for result in results],
        "steps": steps(results[0]),
        "ratio": quadratic.ratio(),
        "note": note(results[0]),
    }


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw the ratios against step, loss and rank."""
    fig.set_size_inches(7.2, 2.9)
    left, middle, right = fig.subplots(1, 3, sharey=True)
    first, *others = data["runs"]
    at = data["steps"]
    for name, (_, colour) in NETS.items():
        quotients = ratios(first, name)
        around = np.array([ratios(first, name, rank) for rank in (9, 11)])
        marks.band(left, at, around.min(0), around.max(0), colour)
        style: dict[str, Any] = {"colour": colour, "fmt": "o-", "lw": 1}
        marks.measured(left, at, quotients, **style)
        marks.measured(middle, first[f"{name}:loss"], quotients, **style)
        marks.measured(right, RANKS, [ratios(first, name, k)[-1] for k in RANKS], **style)
        for run in others:
            left.plot(at, ratios(run, name), color=colour, lw=0.8, alpha=0.4)
        again = f"{name}_again"
        if f"{again}:values" in first:
            left.plot(at[1:], ratios(first, again), "o", ms=3.2, mfc="none", color=colour)
    colour = NETS["active"][1]
    left.plot(at[1:], ratios(first, "equal_rate"), "D", ms=3.5, mfc="none", color=colour)
    right.axhline(data["ratio"], color=THEORY, lw=1)
    words = "biased inputs, $\\lambda_1/\\lambda_2$"
    marks.label(right, (2, data["ratio"] / 1.3), words, THEORY, va="top", fontsize=7)
    left.set(yscale="log", ylabel="$\\lambda_1/\\lambda_{10}$")
    left.set_ylim(1, 2 * data["ratio"])
    marks.plain_ticks(left.yaxis)
    against_steps(left, at)
    against_loss(middle)
    right.set(xlabel="rank $K$", xticks=(2, 10, 20))
    words = "$\\lambda_1/\\lambda_K$, last record"
    marks.label(right, (0.97, 0.05), words, xycoords="axes fraction", ha="right")
    legend(fig, NETS, first)
