"""Covariate shift put back in after each batch norm: every unit scaled and shifted at random, once
for all (fixed) or anew at each step (redrawn). Left: training loss by epoch, on the batches as
trained on, at each net's best rate. Middle: means of the units' activations, root mean square, in
units of their mean deviation, by layer after training at one rate. Right: outliers of the second
layer's block along the mean of its inputs, in the course of training, with its batch norm active
and, on the same weights, detached."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.grosse2021.knockout import KINDS, NORMS, curves
from deepnet.experiments.runner import Result
from figures import marks
from figures.grosse2021.words import note
from theory import kronecker, normalisation

SOURCE = cite("grosse2021", "Two pieces of evidence against the ICS Removal Hypothesis")
EXPERIMENT = "knockout"
SHOWS = (normalisation.input_invariance, kronecker.outlier_count)

COLOURS = {"plain": marks.THEORY, "fixed": marks.SECOND, "redrawn": marks.THIRD}
WORDS = {"active": "batch norm", "none": "none"}


def data(scale: Scale, results: Sequence[Result]) -> dict[str, Any]:
    """Curves; means over deviations by layer; counts of outliers."""
    arrays, config = results[0].arrays, results[0].facts["configuration"]
    found: dict[str, Any] = {
        "curves": {which: (rate, losses) for which, rate, losses in curves(arrays)},
        "epochs": config["epochs_seen"],
        "shift": {},
        "outliers": {},
    }
    for kind in KINDS:
        for norm in NORMS:
            which = f"{norm}:{kind}"
            means, spread = arrays[f"{which}:mean"][-1], arrays[f"{which}:deviation"][-1]
            found["shift"][which] = np.sqrt((means**2).mean(1)) / spread.mean(1)
        for mode in ("active", "detached"):
            found["outliers"][kind, mode] = arrays[f"active:{kind}:outliers {mode}"]
    found["note"] = note(
        results[0], f"batch {config['batch']}", f"middle and right: rate {config['rate_seen']}"
    )
    return found


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Losses, means, outliers."""
    fig.set_size_inches(7.4, 3.1)
    left, middle, right = fig.subplots(1, 3, width_ratios=(1.5, 0.9, 1.2))
    ends = []
    for which, (rate, losses) in data["curves"].items():
        norm, kind = which.split(":")
        style = {"color": COLOURS[kind], "ls": "-" if norm == "active" else "--", "lw": 1.1}
        epochs = np.arange(1, len(losses) + 1)
        left.plot(epochs, losses, **style)
        ends.append((losses[-1], f"{WORDS[norm]}, {kind}, {rate:g}", COLOURS[kind]))
        shift = data["shift"][which]
        middle.plot(np.arange(1, len(shift) + 1), shift, "o", **style, ms=3)
    left.set(xlabel="epoch", ylabel="training loss", xlim=(0.5, 2.05 * len(epochs)))
    left.set_xticks([1, len(epochs) // 2, len(epochs)])
    marks.end_labels(left, len(epochs), ends)
    middle.set(xlabel="layer", ylabel="mean over deviation", xticks=range(1, len(shift) + 1))
    middle.set(yscale="log", xlim=(0.7, len(shift) + 0.3))
    marks.plain_ticks(middle.yaxis)
    ends = []
    for (kind, mode), counts in data["outliers"].items():
        style = {"fmt": "o-" if mode == "active" else "o--", "lw": 1}
        marks.measured(right, data["epochs"], counts, colour=COLOURS[kind], **style)
        ends.append((counts[-1], f"{kind}, {mode}", COLOURS[kind]))
    right.set(xlabel="epoch", ylabel="outliers of the block", ylim=(-0.4, 10.5))
    right.set_xlim(-0.5, 2.1 * data["epochs"][-1])
    right.set_xticks(data["epochs"])
    right.yaxis.set_major_locator(MaxNLocator(integer=True))
    marks.end_labels(right, data["epochs"][-1], ends)
