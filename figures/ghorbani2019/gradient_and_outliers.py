"""The figure shows how much of the gradient's squared length lies in the space of the Hessian's ten
leading eigenvectors. Left: small points are ten stochastic gradients along training, and large
points are their medians. The grey line is the outlier's share of the gradient of a linear neuron
whose inputs have a mean as large as their standard deviation. Middle: the medians are drawn at
equal training loss. Right: the shares at the last record are drawn for spaces of other dimensions.
Full points are stochastic gradients, and open points are the gradient over the Hessian's own
images. The grey line is the share of a random direction. Crosses, at 10, are the space of the ten
eigenvectors after the tenth. The source finds that with batch norm hardly any of the gradient lies
in the leading space. That result is not seen at this size. With batch norm a smaller part of the
gradient lies there before training. After training this holds where batch norm has left no
outliers."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.ghorbani2019.observed.gradient_and_outliers import medians
from deepnet.experiments.ghorbani2019.shared.measures import COUNTS, LEADING
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

SOURCE = cite("ghorbani2019", "figure 11")
EXPERIMENT = "gradient_and_outliers"
SHOWS = (spectra.energy_gradient, stability.random_overlap)


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The arrays of each seed, the records in steps, and the shares that chance gives."""
    size = int(results[0].arrays["none:size"][0])
    chance = [float(stability.random_overlap(P=size, dim=k)["mean"]) for k in COUNTS]
    return {
        "runs": [result.arrays for result in results],
        "steps": steps(results[0]),
        "share": quadratic.gradient_share(),
        "chance": chance,
        "note": note(results[0]),
    }


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw the shares against step, loss and dimension of the space."""
    fig.set_size_inches(7.2, 2.9)
    left, middle, right = fig.subplots(1, 3)
    first, *others = data["runs"]
    at, place = data["steps"], COUNTS.index(LEADING)
    apart = 0.02 * at[-1]
    for shift, (name, (_, colour)) in zip((-apart, 0, apart), NETS.items(), strict=True):
        singles = first[f"{name}:stochastic"][:, place]
        for step, values in zip(at + shift, singles, strict=True):
            left.plot(np.full(len(values), step), values, ".", ms=2.5, color=colour, alpha=0.5)
        style: dict[str, Any] = {"colour": colour, "fmt": "o-", "lw": 1}
        marks.measured(left, at + shift, medians(first, name), **style)
        marks.measured(middle, first[f"{name}:loss"], medians(first, name), **style)
        for run in others:
            left.plot(at + shift, medians(run, name), color=colour, lw=0.8, alpha=0.4)
        by_size = np.median(first[f"{name}:stochastic"][-1], axis=-1)
        marks.measured(right, COUNTS, by_size, **style)
        right.plot(COUNTS, first[f"{name}:full"][-1], "o", ms=3.2, mfc="none", color=colour)
        right.plot(LEADING, medians(first, name, "after")[-1], "x", ms=5, color=colour)
    for ax in (left, middle):
        ax.set_ylim(0, 1.1)
        ax.set_yticks((0, 0.5, 1))
        ax.axhline(data["share"], color=THEORY, lw=1)
    marks.label(left, (at[-1], 1.055), "biased inputs", THEORY, ha="right", fontsize=7)
    left.set_ylabel(f"share in the {LEADING} leading")
    against_steps(left, at)
    against_loss(middle)
    marks.theory(right, COUNTS, data["chance"], THEORY)
    marks.label(right, (COUNTS[0], data["chance"][0] * 2.2), "chance", THEORY, fontsize=7)
    right.set(xscale="log", yscale="log", xlabel="dimensions $K$", ylabel="share, last record")
    right.set_xticks(COUNTS)
    right.set_ylim(top=1.5)
    marks.plain_ticks(right.xaxis, right.yaxis)
    legend(fig, NETS, first)
