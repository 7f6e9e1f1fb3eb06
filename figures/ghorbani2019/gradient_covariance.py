"""The figure shows the covariance of stochastic gradients at the same weights. Left: the
covariance's eigenvalues at the last record are drawn as shares of its trace. All other eigenvalues
are zero, since the covariance is estimated from few gradients. Their number is written in the
panel. Middle: the share of the trace in the space of the Hessian's ten leading eigenvectors is
drawn along training. Right: the overlap of the Hessian's space with the space of the covariance's
ten leading eigenvectors is drawn along training. Grey lines are the values for a random space."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.ghorbani2019.shared.measures import LEADING
from deepnet.experiments.runner import Result
from figures import marks
from figures.ghorbani2019.words import NETS, THEORY, against_steps, legend, note, steps
from theory import stability

SOURCE = cite("ghorbani2019", "the spectrum of the gradients' covariance")
EXPERIMENT = "gradient_and_outliers"
SHOWS = (stability.random_overlap,)


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The arrays of each seed, the records in steps, and the share that chance gives."""
    size = int(results[0].arrays["none:size"][0])
    return {
        "runs": [result.arrays for result in results],
        "steps": steps(results[0]),
        "chance": float(stability.random_overlap(P=size, dim=LEADING)["mean"]),
        "note": note(results[0]),
    }


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw the eigenvalues, the share of the trace and the overlap."""
    fig.set_size_inches(7.2, 2.9)
    left, middle, right = fig.subplots(1, 3)
    first, *others = data["runs"]
    at = data["steps"]
    for name, (_, colour) in NETS.items():
        values = first[f"{name}:covariance:eigenvalues"][-1][:-1]  # by centring the last is zero
        marks.measured(left, np.arange(1, len(values) + 1), values / values.sum(), colour=colour)
        style: dict[str, Any] = {"colour": colour, "fmt": "o-", "lw": 1}
        for ax, what in ((middle, "within"), (right, "overlap")):
            marks.measured(ax, at, first[f"{name}:covariance:{what}"], **style)
            for run in others:
                ax.plot(at, run[f"{name}:covariance:{what}"], color=colour, lw=0.8, alpha=0.4)
    left.set(yscale="log", xlabel="rank", ylabel="share of the trace")
    marks.plain_ticks(left.yaxis)
    words = f"{int(first['gradients'])} gradients"
    marks.label(left, (0.97, 0.95), words, xycoords="axes fraction", ha="right", fontsize=7)
    for ax, words in ((middle, "trace in the Hessian's ten"), (right, "overlap of the two tens")):
        against_steps(ax, at)
        ax.axhline(data["chance"], color=THEORY, lw=1)
        ax.set(yscale="log", ylabel=words, ylim=(data["chance"] / 2, 1.2))
        marks.plain_ticks(ax.yaxis)
    place = (at[-1], data["chance"] * 1.3)
    marks.label(middle, place, "chance", THEORY, ha="right", fontsize=7, va="bottom")
    legend(fig, NETS, first)
