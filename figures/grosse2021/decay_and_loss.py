"""The figure shows weight decay at a fixed rate. The columns are batch norm at two rates, batch
norm with the hidden units' lengths held, and no batch norm. Colours go from no decay (pale) to a
decay of 0.003 (dark). Above: the mean angle by which a hidden unit turns in one step is drawn. In
the middle: the mean rate at which the unit's direction moves, eta/|w|^2, is drawn. Below: full
points are the training loss at 5, 20 and 60 epochs, and open points the loss after two more epochs
at a tenth of the rate. Decay keeps eta/|w|^2 large, so that the units turn, unless the units'
length is held. At the small rate decay lowers the loss a little at first. At the larger rate decay
makes the loss larger."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.grosse2021.decay_and_loss import DECAYS, RATES
from deepnet.experiments.grosse2021.shared.turns import hidden
from deepnet.experiments.runner import Result
from figures import marks
from figures.grosse2021.curves import means
from figures.grosse2021.words import note
from theory import invariance

SOURCE = cite("grosse2021", "Why does weight decay speed up optimization on the training set?")
EXPERIMENT = "decay_and_loss"
SHOWS = (invariance.effective_rate,)
KINDS = {f"{rate:g}": rf"batch norm, $\eta$ = {rate:g}" for rate in RATES} | {
    "held": rf"lengths held, {RATES[-1]:g}",
    "none": rf"no batch norm, {RATES[0]:g}",
}
COLOURS = dict(zip(DECAYS, (marks.RAMP[0], marks.RAMP[2], marks.RAMP[4]), strict=True))


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The arrays of the first seed, and the epochs at which the loss is taken."""
    config = results[0].facts["configuration"]
    looks = [*config["looks"], config["looks"][-1] + config["after"]]
    return {"arrays": results[0].arrays, "looks": looks, "note": note(results[0])}


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw one column per kind of net and rate, with angles, effective rates and losses."""
    fig.set_size_inches(7.6, 5.6)
    panels = fig.subplots(3, 4, sharex=True, sharey="row")
    arrays, looks = data["arrays"], data["looks"]
    for column, (kind, words) in zip(panels.T, KINDS.items(), strict=True):
        angles, rates, losses = column
        for decay, colour in COLOURS.items():
            name = f"{kind}, {decay:g}"
            if f"{name}:losses" not in arrays:
                continue
            epochs = means(arrays[f"{name}:epoch"])
            angle = np.degrees(means(hidden(arrays, name, "angle").mean(1)))
            marks.measured(angles, epochs, angle, colour=colour, fmt="o-", lw=0.6)
            eta = float(arrays[f"{name}:rate"][0])
            norms = np.sqrt(hidden(arrays, name, "r"))
            effective = invariance.effective_rate(eta=eta, norm=norms, G=1.0)["rate"].mean(1)
            marks.theory(rates, epochs, means(effective), colour)
            loss = arrays[f"{name}:losses"]
            *at, end = looks[-len(loss) :]
            losses.plot(at, loss[:-1], "o-", color=colour, ms=3.5, lw=0.6)
            losses.plot(end, loss[-1], "o", color=colour, ms=4, mfc="white")
        angles.set_title(words, weight="normal")
        losses.set_xlabel("epoch")
        for ax in column:
            ax.set_yscale("log")
    for ax, what in zip(
        panels[:, 0],
        ("angle of a step (degrees)", r"$\eta/|w|^2$, mean", "training loss"),
        strict=True,
    ):
        ax.set_ylabel(what)
    marks.legend(
        fig, [(f"decay {decay:g}" if decay else "none", c) for decay, c in COLOURS.items()]
    )
