"""The share of inputs that go to one chosen class is drawn against the length of a step. The step
goes along the gradient of the class's mean output, and its length is a share of the weights' norm.
Points are means over the chosen classes with two standard errors. Lines are the effect to first
order, where every input's outputs move as the means do. Grey points are steps in random directions.
The source's step of 1 % sends its frozen net to one class. At random weights the norm and the
gradients grow like the square root of the width, so that a narrow net needs a step 1/width times as
long (dashed). Training takes back a part of this effect. A net that fits its images better has
wider gaps between its outputs to bridge. Active batch norm uses the statistics of the batch, and
frozen batch norm constant statistics."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.page2019.observed.perturbations import half_ways
from deepnet.experiments.runner import Result
from figures import marks
from figures.page2019.words import AFTER, NETS, note, per_cent
from theory import stability

SOURCE = cite("page2019", "nearby configurations that output a fixed, chosen class")
EXPERIMENT = "perturbations"
SHOWS = (stability.perturbation_gain,)


def data(results: Sequence[Result]) -> dict[str, Any]:
    """Shares by length over the chosen classes of all seeds, and the lengths that half of the
    inputs need."""
    config = results[0].facts["configuration"]
    shares: dict[str, Any] = {
        name: {
            which: np.concatenate([result.arrays[f"{name}:shares_{which}"] for result in results])
            for which in ("along", "aside", "first_order")
        }
        | {"half": np.concatenate([half_ways(result.arrays, name) for result in results]).mean()}
        for name in (*NETS, *AFTER)
    }
    shares["lengths"] = results[0].arrays["lengths"]
    shares["steps"] = (config["step"], config["step"] / float(Fraction(config["width"])))
    shares["width"] = config["width"]
    shares["gain"] = stability.perturbation_gain(P=int(results[0].arrays["active:parameters"]))
    shares["note"] = note(results[0])
    return shares


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw shares against length on a logarithmic axis."""
    fig.set_size_inches(5.6, 3.8)
    ax = fig.subplots()
    percents = 100 * data["lengths"]
    ax.set(xscale="log", xlim=(0.8 * percents[0], 1.1 * percents[-1]), ylim=(-0.03, 1.42))
    for rank, (name, (words, colour)) in enumerate((NETS | AFTER).items()):
        shares = data[name]["along"]
        error = shares.std(0, ddof=1) / np.sqrt(len(shares))
        marks.theory(ax, percents, data[name]["first_order"].mean(0), colour, lw=1)
        marks.measured(ax, percents, shares.mean(0), error, colour)
        half = data[name]["half"]
        beyond = "beyond " if half >= data["lengths"][-1] else ""
        text = f"{words}: half-way at {beyond}{per_cent(half)}"
        marks.label(ax, (0.85 * percents[0], 1.37 - 0.075 * rank), text, colour)
        aside = data[name]["aside"].mean(0)
        marks.measured(ax, percents, aside, colour=marks.QUIET, markersize=2, zorder=1)
    ax.axhline(0.5, color=marks.QUIET, lw=0.6, ls=":")
    short, long = (100 * step for step in data["steps"])
    ax.vlines(short, 0, 0.98, color=marks.QUIET, lw=0.7, zorder=0)
    marks.label(ax, (short, 0.03), " the source's step", marks.QUIET, fontsize=7)
    if short < long < percents[-1]:
        ax.vlines(long, 0, 0.98, color=marks.QUIET, lw=0.7, ls="--", zorder=0)
        marks.label(ax, (long, 0.03), " 1/width times it", marks.QUIET, fontsize=7)
    text = f"random steps: 1/√P = 1/{data['gain']:.0f} of the effect"
    marks.label(ax, (0.85 * percents[0], 1.07), text, marks.QUIET)
    ax.set(xlabel="length of the step, % of the weights' norm", yticks=(0, 0.5, 1))
    ax.set_ylabel("share sent to the chosen class")
    ax.set_xticks(short * 2.0 ** np.arange(1 + int(np.log2(percents[-1] / short))))
    marks.plain_ticks(ax.xaxis)
