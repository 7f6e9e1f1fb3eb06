"""The gradient is compared with the way to the optimum, along the training of a residual net. Left:
the cosine of stochastic gradients with the way to the end is drawn. The end is the point that a run
from the last record at low rates reaches. Small points are ten gradients and large points are their
medians. With batch norm each unit at the end is rescaled to its present length, and the way is made
tangent to these lengths. Open points are the cosine without that correction. The band is two
standard deviations of the cosine of a random direction. Middle: points are the cosine of the
gradient with the Newton step. Their lines reach to the value that half as many Lanczos steps give.
Crosses are the cosine that the spectrum alone would give if the way were random. Grey lines are a
linear neuron of 400 inputs with twice as many examples, once with centred inputs and once with a
mean as large as the standard deviation. The number below is the least cosine that any spectrum with
the measured condition number could give. Right: at the last record but one, the share in the
leading eigenvectors is drawn. Full points are the way, open points the stochastic gradients. The
grey line is the share that chance gives."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.ghorbani2019.shared.measures import COUNTS
from deepnet.experiments.ghorbani2019.shared.protocol import COMPARED
from deepnet.experiments.runner import Result
from figures import marks
from figures.ghorbani2019 import quadratic
from figures.ghorbani2019.words import NETS, THEORY, against_steps, legend, note, steps
from theory import spectra, stability

SOURCE = cite("ghorbani2019", "figure 12")
EXPERIMENT = "way_to_the_optimum"
SHOWS = (spectra.energy_cosine, spectra.energy_cosine_bound, stability.random_overlap)


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The arrays of each seed, the records in steps, and the lines of the theory."""
    first = results[0].arrays
    size = int(first["none:size"][0])
    worst = max(float(first[f"{name}:condition"].max()) for name in NETS)
    return {
        "runs": [result.arrays for result in results],
        "steps": steps(results[0]),
        "chance": [float(stability.random_overlap(P=size, dim=k)["mean"]) for k in COUNTS],
        "spread": float(stability.random_overlap(P=size, dim=1)["mean"]) ** 0.5,
        "centred": quadratic.cosine_centred(),
        "biased": quadratic.cosine_biased(),
        "bound": bound(worst),
        "note": note(results[0]),
    }


def bound(condition: float) -> float:
    """The least cosine that a spectrum with this condition number can give."""
    R = [[float(condition), 0.0], [0.0, 1.0]]
    return float(spectra.energy_cosine_bound(R=R, u=[1.0, 0.0])["lower"])


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw the cosines with the end and with the Newton step, and the shares."""
    fig.set_size_inches(7.4, 3.0)
    left, middle, right = fig.subplots(1, 3)
    first, *others = data["runs"]
    at = data["steps"]
    apart = 0.015 * at[-1]
    marks.band(left, (-at[-1], 2 * at[-1]), -2 * data["spread"], 2 * data["spread"], marks.QUIET)
    for shift, name in zip((-apart, apart), COMPARED, strict=True):
        colour = NETS[name][1]
        _cosines(left, at + shift, first, name, colour)
        for run in others:
            middle_of = np.median(run[f"{name}:cosine"], axis=1)
            left.plot(at + shift, middle_of, color=colour, lw=0.8, alpha=0.4)
        shares = first[f"{name}:shares"][-2]
        marks.measured(
            right, COUNTS, first[f"{name}:way_shares"][-2], colour=colour, fmt="o-", lw=1
        )
        medians = np.median(shares, axis=1)
        right.plot(COUNTS, medians, "o-", ms=3.2, mfc="none", color=colour, lw=0.6)
    least = [first[f"{name}:way_shares"][-2].min() for name in COMPARED]
    for net, (_, colour) in NETS.items():
        marks.measured(middle, at, first[f"{net}:newton"], colour=colour, fmt="o-", lw=1)
        middle.vlines(at, first[f"{net}:newton"], first[f"{net}:newton_half"], color=colour, lw=0.6)
        middle.plot(at, first[f"{net}:isotropic"], "x", ms=4, color=colour)
    _lines(middle, data)
    for ax in (left, middle):
        against_steps(ax, at)
    left.set_ylabel("cosine with the way to the end")
    left.axhline(0, color=marks.QUIET, lw=0.6)
    middle.set(ylabel="cosine with the Newton step", ylim=(-0.12, 1))
    marks.theory(right, COUNTS, data["chance"], THEORY)
    place = (COUNTS[-1], 0.5 * data["chance"][-1])
    marks.label(right, place, "chance", THEORY, ha="right", va="top", fontsize=7)
    right.set(xscale="log", yscale="log", xlabel="dimensions $K$", ylabel="share in the leading")
    right.set_ylim(max(1e-6, 0.7 * min(data["chance"][0], *least)), 1.5)
    right.set_xticks(COUNTS)
    marks.plain_ticks(right.xaxis, right.yaxis)
    legend(fig, NETS, first)


def _cosines(ax: Axes, at: np.ndarray, run: dict[str, np.ndarray], name: str, colour: str) -> None:
    for step, values in zip(at, run[f"{name}:cosine"], strict=True):
        ax.plot(np.full(len(values), step), values, ".", ms=2.5, color=colour, alpha=0.5)
    middle_of = np.median(run[f"{name}:cosine"], axis=1)
    marks.measured(ax, at, middle_of, colour=colour, fmt="o-", lw=1)
    raw = np.median(run[f"{name}:raw"], axis=1)
    if name == "active":
        ax.plot(at, raw, "o", ms=4.5, mfc="none", color=colour)


def _lines(ax: Axes, data: dict[str, Any]) -> None:
    """Draw the neuron's two cosines and write the bound."""
    last = data["steps"][-1]
    for height, words in ((data["centred"], "centred inputs"), (data["biased"], "biased inputs")):
        ax.axhline(height, color=THEORY, lw=1)
        place = (0.94 * last, height - 0.012)
        marks.label(ax, place, words, THEORY, ha="right", va="top", fontsize=7)
    text = f"at least {data['bound']:.1g}"
    marks.label(ax, (0.97, 0.03), text, xycoords="axes fraction", ha="right", fontsize=7)
