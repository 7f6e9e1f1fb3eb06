"""The figure shows how much the learning rate matters. Left: the training loss at the end is drawn
against the rate. The nets have batch norm, or batch norm and units that are brought back to length
one after every step, or batch norm and units that only begin at length one, or no batch norm, or
batch norm and shuffled labels. Crosses are runs that did not train. The cross of a run that
diverged stands at the top. Right: points are the rate eta/|w|^2 at which the median unit turns at
the end, in nets with batch norm. Lines are this rate at the initial lengths, and at length one.
Pale colours are the losses of other seeds."""

from collections.abc import Sequence
from math import log
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.grosse2021.loss_against_rate import RATES
from deepnet.experiments.outcome import Outcome
from deepnet.experiments.runner import Result
from deepnet.experiments.store import Arrays
from figures import marks
from figures.grosse2021.words import note
from theory import invariance

SOURCE = cite("grosse2021", "surprisingly little control over the effective learning rate")
EXPERIMENT = "loss_against_rate"
SHOWS = (invariance.effective_rate, invariance.unit_norm)
KINDS = {
    "batch norm": marks.THEORY,
    "from unit length": "#56B4E9",
    "unit length": marks.SECOND,
    "none": marks.THIRD,
    "shuffled": marks.QUIET,
}


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The arrays of the first seed, and the arrays of every later seed."""
    config = results[0].facts["configuration"]
    first, *others = (result.arrays for result in results)
    words = note(results[0], f"{config['epochs']} epochs")
    return {"arrays": first, "others": others, "note": words}


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw losses and effective rates on logarithmic axes."""
    fig.set_size_inches(6.8, 3.4)
    left, right = fig.subplots(1, 2)
    _losses(left, data["arrays"], data["others"])
    _rates(right, data["arrays"])
    marks.legend(fig, KINDS.items())


def _losses(ax: Axes, arrays: Arrays, others: Sequence[Arrays]) -> None:
    chance = log(int(arrays["classes"]))
    for kind, colour in KINDS.items():
        loss, mark = arrays[f"{kind}:loss"], arrays[f"{kind}:mark"]
        good = mark == 0
        for other in others:
            learnt = np.where(other[f"{kind}:mark"] == 0, other[f"{kind}:loss"], np.nan)
            marks.other_seed(ax, RATES, learnt, "-", colour)
        marks.measured(ax, RATES[good], loss[good], colour=colour, fmt="o-", lw=0.8)
        lost = np.where(mark == Outcome.DIVERGED, 3 * chance, np.minimum(loss, 3 * chance))[~good]
        ax.plot(RATES[~good], lost, "x", color=colour, ms=5)
    ax.axhline(chance, color=marks.QUIET, lw=0.7, ls=":")
    ax.set(xscale="log", yscale="log", xlabel=r"learning rate $\eta$", ylabel="training loss")
    marks.plain_ticks(ax.xaxis, ax.yaxis)


def _rates(ax: Axes, arrays: Arrays) -> None:
    before = float(np.median(arrays["batch norm:r_before"]))
    at_start = invariance.effective_rate(eta=RATES, norm=np.full(len(RATES), before**0.5), G=1.0)
    marks.theory(ax, RATES, at_start["rate"], KINDS["batch norm"], lw=1)
    at_one = [invariance.unit_norm(eta=rate, G=1.0)["rate"] for rate in RATES]
    marks.theory(ax, RATES, at_one, KINDS["unit length"], lw=1)
    for kind in ("batch norm", "from unit length", "unit length"):
        norms = np.sqrt(arrays[f"{kind}:r"])
        good = norms > 0
        effective = invariance.effective_rate(eta=RATES[good], norm=norms[good], G=1.0)["rate"]
        marks.measured(ax, RATES[good], effective, colour=KINDS[kind])
    ax.set(xscale="log", yscale="log", xlabel=r"learning rate $\eta$")
    ax.set_ylabel(r"rate of turning at the end, $\eta/|w|^2$")
    marks.plain_ticks(ax.xaxis, ax.yaxis)
