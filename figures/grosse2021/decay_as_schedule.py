"""Weight decay at a constant rate is compared with the exponential schedule without decay that
equals it. Left: points are the largest distance over all units between the directions of a unit in
the two runs. The runs are of the conv net with batch norm in float64, without momentum and with
momentum 0.9. The other runs each lack one condition of the claim. One run starts with a momentum
buffer of zero. One run has no batch norm. One run has a "naive root": the rate at step k is
eta a^(-2k-1) with a = 1 - eta decay/(1 - beta), which is not the a of the claim. Right: the length
of the weights without decay is divided by the length with decay. Points with bars are the range of
the units, and lines are the claims."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.grosse2021.decay_as_schedule import BETA
from deepnet.experiments.runner import Result
from figures import marks
from figures.grosse2021.words import note
from theory import invariance

SOURCE = cite("grosse2021", "Exponentially increasing LR schedule (Li and Arora, 2020)")
EXPERIMENT = "decay_as_schedule"
SHOWS = (invariance.exponential_schedule, invariance.exponential_schedule_with_momentum)
RUNS = {
    "plain:exact": ("exact", marks.THEORY),
    "momentum:exact": ("exact, momentum", marks.SECOND),
    "momentum:no buffer": ("no first buffer", marks.THIRD),
    "momentum:naive root": ("naive root", "#E69F00"),
    "none:exact": ("no batch norm", marks.QUIET),
}
ROUNDING = float(np.finfo(float).eps)


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The arrays of the first seed, and the rates of the configuration."""
    config = results[0].facts["configuration"]
    words = rf"width {config['width']}, $\eta$ = {config['rate']}, decay {config['decay']}"
    return {
        "arrays": results[0].arrays,
        "rates": {"eta": config["rate"], "decay": config["decay"]},
        "note": note(results[0], words),
    }


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw the distances on a logarithmic axis, and the quotients of lengths."""
    fig.set_size_inches(6.8, 3.2)
    left, right = fig.subplots(1, 2)
    arrays, steps = data["arrays"], data["arrays"]["steps"]
    ends = []
    for name, (words, colour) in RUNS.items():
        distance = np.maximum(arrays[f"{name}:distance"], ROUNDING / 2)
        marks.measured(left, steps[: len(distance)], distance, colour=colour)
        ends.append((distance[-1], words, colour))
    left.set(yscale="log", xlabel="step", ylabel="distance of directions")
    left.set(xlim=(0, steps[-1] * 1.75), ylim=(ROUNDING / 4, 10))
    left.set_xticks([tick for tick in left.get_xticks() if 0 <= tick <= steps[-1] * 1.05])
    marks.end_labels(left, steps[-1], ends)

    rates, decay = data["rates"], []
    for name, beta in (("plain:exact", 0.0), ("momentum:exact", BETA)):
        words, colour = RUNS[name]
        if beta == 0:
            claimed = invariance.exponential_schedule(**rates, k=steps)["length"]
        else:
            grown = invariance.exponential_schedule_with_momentum(**rates, beta=beta, k=steps)
            claimed = np.sqrt(grown["rate"] / grown["rate"][0])
        least, most = arrays[f"{name}:lengths"].T
        middle = (least + most) / 2
        marks.theory(right, steps, claimed, colour, lw=1)
        marks.measured(right, steps, middle, (most - least) / 4, colour=colour)
        decay.append((middle[-1], words, colour))
    right.set(xlabel="step", ylabel="quotient of lengths", xlim=(0, steps[-1] * 1.6))
    right.set_xticks([tick for tick in right.get_xticks() if 0 <= tick <= steps[-1] * 1.05])
    marks.end_labels(right, steps[-1], decay)
