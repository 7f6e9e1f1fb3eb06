"""Batch norm with the statistics of a population is compared with batch norm. The population is a
set of fixed images, and the gradient takes its statistics as constants. Left: the loss on the
batches of training is drawn at three rates. Each point is the mean over a tenth of the training. A
cross ends the curve of a net that diverged. Right: the largest eigenvalue of the Hessian is divided
by the tenth. The Hessian is of the function that is trained, at the rate that leaves the least
loss. Open points are batch norm with the images in another order."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator

from companion.references import cite
from deepnet.experiments.ghorbani2019.population_statistics import ratios
from deepnet.experiments.outcome import Outcome
from deepnet.experiments.runner import Result
from figures import marks
from figures.ghorbani2019.words import NETS, against_steps, note, steps
from theory import spectra

SOURCE = cite("ghorbani2019", "batch norm with population statistics")
EXPERIMENT = "population_statistics"
SHOWS = (spectra.outlier,)
#: The colours of the three rates. The largest rate comes first.
RATES = ("#004D38", marks.SECOND, "#7FCEB9")
PARTS = 10


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The arrays of the first seed, and the records in steps."""
    config = results[0].facts["configuration"]
    words = f"{note(results[0])}; population of {config['population']:,} images"
    return {"run": results[0].arrays, "steps": steps(results[0]), "note": words}


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw the loss and the ratio."""
    fig.set_size_inches(6.4, 3.0)
    left, right = fig.subplots(1, 2)
    run, at = data["run"], data["steps"]
    colour = NETS["active"][1]
    ends = [_curve(left, run["active:steps"], "batch norm", colour)]
    fates = [Outcome(number).words for number in run["population:fates"]]
    for rate, fate, each in zip(run["rates"], fates, RATES, strict=False):
        losses = run[f"population:steps:{rate:g}"]
        words = f"population, {rate:g}" + (f" ({fate})" if fate else "")
        ends.append(_curve(left, losses, words, each))
        if fate == "diverged":
            left.plot(len(losses), np.nanmax(losses[np.isfinite(losses)]), "x", color=each)
    left.set_xlim(-0.03 * at[-1], 1.75 * at[-1])
    left.set(xlabel="step", ylabel="training loss")
    left.set_xticks(at)
    best = int(run["best"])
    marks.measured(right, at, ratios(run["active:values"]), colour=colour, fmt="o-", lw=1)
    right.plot(at, ratios(run["order:values"]), "o", ms=4.5, mfc="none", color=colour)
    style: dict[str, Any] = {"colour": RATES[best], "fmt": "o-", "lw": 1}
    marks.measured(right, at, ratios(run["population:values"]), **style)
    right.set(yscale="log", ylabel="$\\lambda_1/\\lambda_{10}$")
    against_steps(right, at)
    right.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    marks.plain_ticks(right.yaxis)
    marks.end_labels(left, at[-1], ends)


def _curve(ax: Any, losses: np.ndarray, words: str, colour: str) -> tuple[float, str, str]:
    """Draw the means over tenths of the steps.

    Returns the curve's end, its words and its colour.
    """
    finite = losses[np.isfinite(losses)]
    parts = np.array_split(finite, min(PARTS, len(finite)))
    ends = np.cumsum([len(part) for part in parts])
    means = np.array([part.mean() for part in parts])
    ax.plot(ends, means, "-", color=colour, lw=1)
    return float(means[-1]), words, colour
