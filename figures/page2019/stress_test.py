"""The learning rate grows without end. Left: the training accuracy of each epoch is drawn against
the rate at the epoch's end. The ReLU net has batch norm, batch norm that is frozen at the start, or
no batch norm. A curve ends with the test or where the net is lost (cross). A lost net has inf or
nan, or is as good as guessing, the grey line. Pale colours are other seeds. Right: the panel shows
why the net with batch norm trains at large rates. The weights before a batch norm turn at the
effective rate, rate/|W|^2. The line is the effective rate that the initial lengths |W| would give.
Points are the median of the layers, and bars are their range. The weights grow, and therefore the
effective rate does not grow."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.outcome import by_best_epoch
from deepnet.experiments.runner import Result
from figures import marks
from figures.page2019.words import NETS, note
from theory import invariance

SOURCE = cite("page2019", "The learning rate is increased exponentially over time as a stress test")
EXPERIMENT = "stress_test"
SHOWS = (invariance.effective_rate,)


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The arrays of each seed."""
    config = results[0].facts["configuration"]
    return {
        "runs": [result.arrays for result in results],
        "epochs": config["epochs"],
        "note": f"{note(results[0])}, batch {config['batch']}, ReLU",
    }


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw accuracy and effective rate against the rate."""
    fig.set_size_inches(6.4, 3.1)
    left, right = fig.subplots(1, 2)
    first, *others = data["runs"]
    for run in others:
        for name, (_, colour) in NETS.items():
            marks.other_seed(left, run[f"{name}:rate"], run[f"{name}:accuracy"], "-", colour)
    ends = []
    for name, (_, colour) in NETS.items():
        rate, accuracy = first[f"{name}:rate"], first[f"{name}:accuracy"]
        marks.measured(left, rate, accuracy, colour=colour, fmt="o-", lw=0.8)
        if len(rate) < data["epochs"]:
            left.plot(rate[-1], accuracy[-1], "x", color=colour, ms=8, zorder=4)
            outcome = by_best_epoch(accuracy, int(first["classes"]))
            end = "guesses" if outcome else "inf or nan"
            ends.append((rate[-1], accuracy[-1], end, colour))
    left.axhline(1 / float(first["classes"]), color=marks.QUIET, lw=0.8, zorder=0)
    left.set(xscale="log", xlabel="learning rate", ylabel="training accuracy", ylim=(0, 1))
    if ends:
        marks.end_labels(left, max(rate for rate, *_ in ends) * 1.3, [end[1:] for end in ends])
    marks.legend(fig, NETS.values())
    _effective(right, first)
    marks.plain_ticks(left.xaxis, right.xaxis)


def _effective(ax: Axes, run: dict[str, np.ndarray]) -> None:
    """Draw rate/|W|^2 of the net with batch norm, along the training and with the initial
    lengths."""
    rate, before = run["active:rate"], np.sqrt(np.median(run["active:squares_before"]))
    kept = invariance.effective_rate(eta=rate, norm=before, G=1.0)["rate"]
    marks.theory(ax, rate, kept)
    effective = rate[:, None] / run["active:squares"]
    middle = np.median(effective, axis=1)
    spread = np.abs(np.quantile(effective, [0, 1], axis=1) - middle)
    marks.measured(ax, rate, middle, spread / 2)
    ax.set(xscale="log", yscale="log", xlabel="learning rate", ylabel="effective rate")
    words = "line: at the start's lengths"
    marks.label(ax, (0.04, 0.92), words, marks.THEORY, xycoords="axes fraction")
