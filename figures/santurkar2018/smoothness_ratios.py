"""The figure shows how much rougher the loss is without batch norm than with it. Points are
quotients of the measures along the two trainings. Right of the line the net without batch norm is
rougher. Filled circles are medians over all steps off the plateau. Open circles are medians at
equal training loss: of batch norm they take the steps whose losses the net without batch norm has.
Squares are along a random direction. Triangles are the largest value instead of the median. The
largest values are larger without batch norm, since they are the spikes. The medians go either way,
by measure, data and way of reading. The medians over steps of half the rate and more are held by a
ceiling that does not come from the net. Over small steps, and along random directions, the beta of
batch norm is the larger. Small marks are other seeds."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from companion.references import cite
from deepnet.experiments.runner import Result
from deepnet.experiments.santurkar2018.shared import readings as measured
from deepnet.experiments.santurkar2018.shared.readings import Reading
from deepnet.experiments.santurkar2018.shared.shifts_and_slopes import largest, median
from figures import marks
from figures.santurkar2018.words import note
from theory import smoothness

SOURCE = cite("santurkar2018", "section 3.1", "figure 4")
EXPERIMENT = "loss_smoothness"
SHOWS = (smoothness.gradient_predictiveness, smoothness.effective_beta)
MEASURES = (
    ("loss variation", measured.variation),
    ("change of the gradient", measured.predictiveness),
    ("effective beta", measured.effective_beta),
    ("beta, small steps", measured.beta_at(0)),
)
#: Ways of reading: (words, marker, filled, the measure's reading), from the top of a row downwards.
WAYS: tuple[tuple[str, str, bool, Any], ...] = (
    ("largest", "^", True, lambda values: Reading(largest, values)),
    ("median", "o", True, lambda values: Reading(median, values)),
    ("at equal loss", "o", False, lambda values: Reading(median, values, equal_loss=True)),
    ("random direction", "s", True, lambda values: Reading(median, values, along="random0")),
)


def data(results: Sequence[Result]) -> dict[str, Any]:
    """Quotients (seeds, measures, ways). A quotient is nan where one of the nets did not train."""
    ratios = [
        [[how(values)(result.arrays) for *_, how in WAYS] for _, values in MEASURES]
        for result in results
    ]
    config = results[0].facts["configuration"]
    return {"ratios": np.array(ratios), "note": f"{note(results[0])}, rate {config['rate']:g}"}


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw one row per measure, one mark per way of reading it."""
    fig.set_size_inches(5.6, 2.9)
    ax = fig.subplots()
    handles = []
    for way, (words, marker, filled, _) in enumerate(WAYS):
        rows = np.arange(len(MEASURES)) + 0.16 * (way - 1.5)
        how: dict[str, Any] = {"color": marks.THEORY, "marker": marker, "ls": ""}
        how |= {} if filled else {"mfc": "white"}
        first, *others = data["ratios"][:, :, way]
        for other in others:
            ax.plot(other, rows, **how, ms=3, alpha=0.5)
        ax.plot(first, rows, **how, ms=6)
        handles.append(Line2D([], [], **how, ms=5, label=words))
    ax.axvline(1, color=marks.MEASURED, lw=0.9, zorder=1)
    ax.set(xscale="log", xlabel="without batch norm, over with it", ylabel="measure")
    ax.set_yticks(range(len(MEASURES)), [words for words, _ in MEASURES])
    ax.set_ylim(len(MEASURES) - 0.5, -0.5)
    reach = np.nanmax(np.abs(np.log10(data["ratios"])), initial=0.5)
    ax.set_xlim(10 ** (-1.1 * reach), 10 ** (1.1 * reach))
    marks.plain_ticks(ax.xaxis)
    fig.legend(handles=handles, loc="outside upper center", ncols=len(WAYS), handletextpad=0.1)
