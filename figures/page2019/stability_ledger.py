"""The figure is a ledger of stability half-way through training. Lines are the largest rate that
the leading eigenvalue of the Hessian allows, by each of three rules. A bar begins at the largest
rate tried at which an epoch of training goes well. It ends at the smallest rate at which the net
gets lost, that is, ends no better than chance. An arrow stands for a net that was never lost. A net
may survive above the line by moving to where the curvature is smaller, but not for long."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.runner import Result
from figures import marks
from figures.page2019.words import NETS, note
from theory import quadratic

SOURCE = cite("page2019", "leading eigenvalues of the Hessian", "beyond the post")
EXPERIMENT = "stability_ledger"
SHOWS = (quadratic.max_rate, quadratic.max_rate_heavy_ball, quadratic.max_rate_nesterov)

RULES = {"plain": "plain", "heavy_ball": "heavy ball", "nesterov": "Nesterov"}


def data(results: Sequence[Result]) -> dict[str, Any]:
    """{net: {rule: (predicted, trains, lost)}}."""
    arrays = results[0].arrays
    ledger: dict[str, Any] = {
        net: {
            rule: [
                float(arrays[f"{net}:{rule}:{what}"]) for what in ("predicted", "trains", "lost")
            ]
            for rule in RULES
        }
        for net in NETS
    }
    return ledger | {"note": note(results[0])}


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw three rules side by side, with three nets in each."""
    ax = fig.subplots()
    for i, rule in enumerate(RULES):
        for j, (net, (_, colour)) in enumerate(NETS.items()):
            x = i + 0.25 * (j - 1)
            predicted, trains, lost = data[net][rule]
            marks.theory(ax, [x - 0.09, x + 0.09], [predicted, predicted], colour)
            low = trains if trains > 0 else lost / 2
            if np.isfinite(lost):
                ax.plot([x, x], [low, lost], color=colour, lw=4, alpha=0.45, solid_capstyle="butt")
                marks.measured(ax, [x], [np.sqrt(low * lost)], colour=colour)
            else:
                arrow = {"arrowstyle": "-|>", "color": colour, "lw": 1.2}
                ax.annotate("", (x, 2 * low), (x, low), arrowprops=arrow)
                marks.measured(ax, [x], [low], colour=colour)
    ax.set_yscale("log")
    ax.set_xticks(range(len(RULES)), RULES.values())
    ax.set(xlim=(-0.5, 3.15), ylabel="learning rate")
    ax.set_xlabel("rule of descent (momentum 0.9)")
    marks.plain_ticks(ax.yaxis)
    last = [data[net]["nesterov"] for net in NETS]
    ends = [
        (
            np.sqrt(max(trains, predicted / 2) * (lost if np.isfinite(lost) else trains)),
            words,
            colour,
        )
        for (predicted, trains, lost), (words, colour) in zip(last, NETS.values(), strict=True)
    ]
    marks.end_labels(ax, 2.4, ends)
