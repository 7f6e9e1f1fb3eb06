"""Covariate shift is put back in after each batch norm: every unit is scaled and shifted at random.
The factors are drawn once (fixed), or anew at each step (redrawn), or they are the milder noise of
santurkar2018. The redrawn noise is also drawn where batch norm learns a scale and a shift. Top
left: the training loss on the batches is drawn by epoch, at each net's best rate. Nets without
batch norm are dashed. The lecture says that the net is trained just as efficiently, which does not
hold here. Top right: the root mean square of the units' mean activations is divided by their mean
deviation, in the last hidden layer. Without batch norm the signal outgrows the noise. Bottom left:
among the leading twenty eigenvectors of the second layer's block, the outliers along the mean of
its inputs are counted. The layer's batch norm is active or, on the same weights, detached. Bottom
right: the activations that the next layer takes are shifted by constants, and the change of the
loss is drawn step by step. With batch norm the change is rounding. A change of 0 is drawn at 1e-16.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from companion.references import cite
from deepnet.experiments.grosse2021.knockout import NETS, NORMS, curves
from deepnet.experiments.grosse2021.shared.looks import means_over_deviations
from deepnet.experiments.grosse2021.shared.noise_kinds import LOOKED_AT
from deepnet.experiments.runner import Result
from figures import marks
from figures.grosse2021.words import note
from theory import kronecker, normalisation

SOURCE = cite("grosse2021", "Two pieces of evidence against the ICS Removal Hypothesis")
EXPERIMENT = "knockout"
SHOWS = (normalisation.input_invariance, kronecker.outlier_count)

COLOURS = {
    "plain": marks.THEORY,
    "fixed": marks.SECOND,
    "redrawn": marks.THIRD,
    "milder": "#E69F00",
    "learnable": "black",
}
WORDS = {"active": "BN", "none": "none"}


def data(results: Sequence[Result]) -> dict[str, Any]:
    """Curves of the loss, means over deviations, counts of outliers and differences of losses."""
    arrays, config = results[0].arrays, results[0].facts["configuration"]
    return {
        "curves": {(norm, kind): (rate, losses) for norm, kind, rate, losses in curves(arrays)},
        "epochs": config["epochs_seen"],
        "shift": {
            (norm, kind): means_over_deviations(arrays, f"{norm}:{kind}")[:, -1]
            for norm, kind in NETS
            if kind in LOOKED_AT
        },
        "outliers": {
            (kind, mode): arrays[f"active:{kind}:outliers {mode}"]
            for kind in LOOKED_AT
            for mode in ("active", "detached")
        },
        "differences": {norm: arrays[f"{norm}:after:difference"] for norm in NORMS},
        "leading": config["leading"],
        "note": note(
            results[0], f"batch {config['batch']}", f"all but top left: rate {config['rate_seen']}"
        ),
    }


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw the losses, the means, the outliers and the differences."""
    fig.set_size_inches(6.8, 5.4)
    (losses, means), (outliers, differences) = fig.subplots(2, 2)
    _losses(losses, data)
    epochs, many = data["epochs"], data["leading"]
    means.set_ylabel("mean over deviation")
    _by_epoch(means, epochs, _named(data["shift"]), (0, None))
    outliers.set_ylabel("outliers of the block")
    _by_epoch(outliers, epochs, _modes(data["outliers"]), (-0.04 * many, 1.2 * many))
    outliers.yaxis.set_major_locator(MaxNLocator(integer=True))
    differences.set(yscale="log", xlabel="step", ylabel="change of the loss")
    ends = []
    for norm, difference in data["differences"].items():
        colour = marks.THEORY if norm == "active" else marks.QUIET
        steps, seen = np.arange(1, len(difference) + 1), np.maximum(difference, 1e-16)
        differences.plot(steps, seen, ".", ms=3, color=colour)
        ends.append((float(np.median(seen)), WORDS[norm], colour))
    differences.set(xlim=(0, 1.3 * len(difference)), ylim=(1e-17, 1e2), yticks=[1e-16, 1e-8, 1])
    marks.end_labels(differences, len(difference), ends)


def _losses(ax: Axes, data: dict[str, Any]) -> None:
    ends = []
    for (norm, kind), (rate, losses) in data["curves"].items():
        epochs = np.arange(1, len(losses) + 1)
        ax.plot(epochs, losses, color=COLOURS[kind], ls=_dashes(norm), lw=1.1)
        ends.append((losses[-1], f"{WORDS[norm]}, {kind}, {rate:g}", COLOURS[kind]))
    ax.set(xlabel="epoch", ylabel="training loss", xlim=(0.5, 2.0 * len(epochs)), ylim=(0, None))
    ax.set_xticks([1, len(epochs) // 2, len(epochs)])
    marks.end_labels(ax, len(epochs), ends)


def _dashes(name: str) -> str:
    return "--" if name in ("none", "detached") else "-"


#: (words, colour, dashes, values) of each line.
Lines = list[tuple[str, str, str, np.ndarray]]


def _named(series: dict[tuple[str, str], np.ndarray]) -> Lines:
    return [
        (f"{WORDS[norm]}, {kind}", COLOURS[kind], _dashes(norm), values)
        for (norm, kind), values in series.items()
    ]


def _modes(series: dict[tuple[str, str], np.ndarray]) -> Lines:
    return [
        (f"{kind}, {mode}", COLOURS[kind], _dashes(mode), values)
        for (kind, mode), values in series.items()
    ]


def _by_epoch(
    ax: Axes, epochs: Sequence[int], lines: Lines, ends: tuple[float, float | None]
) -> None:
    """Draw lines with their names.

    ``ends`` are the ends of the vertical axis. None stands for an end that follows the lines.
    """
    for _, colour, dashes, values in lines:
        marks.measured(ax, epochs, values, colour=colour, fmt=f"o{dashes}", lw=1)
    ax.set(xlabel="epoch", xlim=(-0.3, 1.9 * epochs[-1]))
    ax.set_xticks(epochs)
    ax.margins(y=0.15)
    ax.set_ylim(*ends)
    marks.end_labels(ax, epochs[-1], [(values[-1], name, c) for name, c, _, values in lines])
