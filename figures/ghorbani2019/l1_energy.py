"""The L1 energy of the Hessian is the sum of the absolute values of all its eigenvalues. Left: the
share of the ten largest eigenvalues is drawn along training. Bars are two standard errors over the
probes that estimate the energy. Dotted lines are the share for the semicircle of equal mean and
mean square. Middle: the share is drawn at equal training loss. Right: the share of the eigenvalues
that are no larger than the tenth is drawn. Only the ten largest and a few negative eigenvalues are
not among them. The grey line is the outlier's share for a linear neuron whose inputs have a mean as
large as their standard deviation. The outlier holds one half of that neuron's energy, and nearly
all of its gradient. Elsewhere the formula sum lambda (w - w*)^2 is printed for the L1 energy. That
sum is twice the excess loss."""

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure

from companion.references import cite
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
from theory import spectra

SOURCE = cite("ghorbani2019", "the small eigenvalues' share of the L1 energy")
EXPERIMENT = "spectral_densities"
SHOWS = (spectra.energy_l1,)


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The arrays of each seed, and the records in steps."""
    return {
        "runs": [result.arrays for result in results],
        "steps": steps(results[0]),
        "share": quadratic.l1_share(),
        "note": note(results[0]),
    }


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw the share of the ten largest against step and loss, and the share of the small
    eigenvalues against step."""
    fig.set_size_inches(7.2, 2.9)
    left, middle, right = fig.subplots(1, 3, sharey=True)
    first, *others = data["runs"]
    at = data["steps"]
    for name, (_, colour) in NETS.items():
        share, energy = first[f"{name}:share"], first[f"{name}:energy"]
        error = share * first[f"{name}:energy_stderr"] / energy
        style: dict[str, Any] = {"colour": colour, "fmt": "o-", "lw": 1}
        marks.measured(left, at, share, error, **style)
        marks.measured(middle, first[f"{name}:loss"], share, **style)
        marks.measured(right, at, first[f"{name}:small"], **style)
        left.plot(at, first[f"{name}:semicircle"], ":", color=colour, lw=1)
        for run in others:
            left.plot(at, run[f"{name}:share"], color=colour, lw=0.8, alpha=0.4)
    for ax in (left, right):
        against_steps(ax, at)
        ax.axhline(data["share"], color=THEORY, lw=1)
    against_loss(middle)
    place = (at[-1], data["share"] - 0.025)
    marks.label(right, place, "biased inputs", THEORY, ha="right", va="top", fontsize=7)
    left.set(ylabel="share of the L1 energy", ylim=(0, 1))
    for ax, words in ((left, "ten largest"), (middle, "ten largest"), (right, "the small ones")):
        ax.set_title(words, fontsize=8)
    legend(fig, NETS, first)
