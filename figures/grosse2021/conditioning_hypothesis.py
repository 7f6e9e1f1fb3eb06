"""The figure shows the lecture's class project. Left: points are the leading eigenvalues of the
exact Gauss-Newton block of the layer that takes the outputs of random logistic units. The block is
drawn without batch norm, with this layer's batch norm active, with centring alone, and with the
statistics held constant (detached). Frozen statistics give the block of detached ones. A point is
filled where more than half of the eigenvector lies along the mean of the inputs. Lines are the
lecture's prediction nu lambda_i(S), where nu is the second moment of the inputs along their mean.
Middle: the part of each eigenvector along the mean is drawn. The dotted line is the part of a
random direction. Right: each number counts the outliers among the leading eigenvalues, with the
same weights in each row. A number is grey where the net did not train."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.grosse2021.conditioning_hypothesis import ACTIVATIONS, STATES
from deepnet.experiments.grosse2021.observed.conditioning_hypothesis import outliers
from deepnet.experiments.runner import Result
from figures import marks
from figures.grosse2021.words import MODES, note
from theory import kronecker, normalisation

SOURCE = cite("grosse2021", "ICS Conditioning Hypothesis", "Good class project to test this")
EXPERIMENT = "conditioning_hypothesis"
SHOWS = (
    kronecker.outlier_count,
    kronecker.top_eigenvalue,
    kronecker.mean_direction,
    normalisation.weight_gradient,
)
SHOWN = ("none", "active", "centring", "detached")
COLUMNS = {"none": "none", "detached": "de-\ntached", "active": "active", "centring": "cen-\ntring"}
ROWS = {"initial": "random", "trained": "trained", "trained with it": "trained, BN"}


def data(results: Sequence[Result]) -> dict[str, Any]:
    """Eigenvalues, alignments and predictions of the random logistic layer, and all counts."""
    arrays, config = results[0].arrays, results[0].facts["configuration"]
    place = "logistic:initial"
    layer: dict[str, Any] = {
        mode: {name: arrays[f"{place}:{mode}:{name}"] for name in ("eigenvalues", "alignment", "S")}
        for mode in SHOWN
    }
    layer["nu"] = float(arrays[f"{place}:nu"])
    layer["counts"] = {
        (activation, state, mode): outliers(f"{activation}:{state}:{mode}")(arrays)
        for activation in ACTIVATIONS
        for state in STATES
        for mode in COLUMNS
    }
    layer["lost"] = {
        (activation, state): bool(arrays[f"{activation}:{state}:mark"])
        for activation in ACTIVATIONS
        for state in STATES
    }
    layer["inputs"], layer["classes"] = len(arrays[f"{place}:mean"]), int(arrays["classes"])
    layer["note"] = note(results[0], f"measured on {config['examples']:,}")
    return layer


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw the eigenvalues, the alignments and the counts."""
    fig.set_size_inches(7.4, 3.3)
    left, middle, right = fig.subplots(1, 3, width_ratios=(1.25, 1, 1))
    last = len(data["none"]["eigenvalues"])
    ranks = np.arange(1, last + 1)
    many = int(kronecker.outlier_count(n=data["inputs"], p=1, M=data["classes"])["shared, softmax"])
    ends = []
    for mode in SHOWN:
        words, colour = MODES[mode]
        values, alignment = data[mode]["eigenvalues"], data[mode]["alignment"]
        along = alignment > 0.5
        for chosen, face in ((along, colour), (~along, "white")):
            left.plot(ranks[chosen], values[chosen], "o", ms=3.6, color=colour, mfc=face, zorder=3)
        middle.plot(ranks, alignment, "o-", ms=2.5, lw=0.8, color=colour)
        ends.append((values[-1], words, colour))
        if mode in ("none", "detached"):
            predicted = data["nu"] * data[mode]["S"][:many]
            marks.theory(left, ranks[: len(predicted)], predicted, colour)
    left.set(xlabel="rank", ylabel="eigenvalue of the block", yscale="log")
    left.set_xlim(0.2, 1.75 * last)
    left.axvline(many + 0.5, color=marks.QUIET, lw=0.8, ls=":", zorder=0)
    marks.end_labels(left, last, ends)
    place = {"xycoords": left.get_xaxis_transform(), "fontsize": 7}
    marks.label(left, (many + 1, 0.97), f"classes $-$ 1 = {many}", marks.QUIET, **place)
    middle.axhline(1 / data["inputs"], color=marks.QUIET, lw=0.8, ls=":")
    middle.set(xlabel="rank", ylabel="part along the mean", ylim=(-0.03, 1.05))
    for ax in (left, middle):
        ax.set_xticks([1, *range(5, last + 1, 5)])
    _counts(right, data)


def _counts(ax: Axes, data: dict[str, Any]) -> None:
    """Write one number for each activation, state and mode."""
    rows = [(activation, state) for activation in ACTIVATIONS for state in STATES]
    table = np.array([[data["counts"][(*row, mode)] for mode in COLUMNS] for row in rows])
    ax.imshow(table, cmap="Blues", vmin=0, vmax=2 * table.max() + 1, aspect="auto")
    for place, number in np.ndenumerate(table):
        lost = data["lost"][rows[place[0]]]
        colour = marks.QUIET if lost else "black"
        ax.text(place[1], place[0], f"{number:.0f}", ha="center", va="center", color=colour)
    ax.set_xticks(range(len(COLUMNS)), COLUMNS.values(), fontsize=7)
    names = [f"{activation}, {ROWS[state]}" for activation, state in rows]
    ax.set_yticks(range(len(rows)), names, fontsize=7)
    ax.tick_params(length=0)
    ax.set(xlabel="batch norm of this layer", ylabel="inputs and weights")
    ax.spines[:].set_visible(False)
