"""The source's measure is compared with a proxy that is often drawn for it. Left: the measure looks
at one net at one step of its training. It is the range of the losses over steps along the gradient,
of half the rate to four times the rate. Middle: four nets start alike and are trained by Adam at
four rates. The first proxy is the range of their training losses. Right: the second proxy is the
distance of the last layer's gradients at two consecutive steps, as the median of the four nets and
the mean over ten steps. The proxies compare trainings at different rates, and batches. On a loss
without any curvature they would not be 0."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.runner import Result
from deepnet.experiments.santurkar2018.shared.readings import OVER_BAND
from deepnet.experiments.santurkar2018.shared.records import PAIR
from figures import marks
from figures.santurkar2018.words import NETS, legend, note, smooth
from theory import smoothness

SOURCE = cite("santurkar2018", "beside figure 4: not in the source")
EXPERIMENT = "popular_proxy"
SHOWS = (smoothness.gradient_predictiveness,)


def data(results: Sequence[Result]) -> dict[str, Any]:
    """The arrays of the first seed."""
    return {"arrays": results[0].arrays, "note": note(results[0])}


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw the measure on the left, and the proxies beside it."""
    arrays = data["arrays"]
    fig.set_size_inches(6.8, 2.7)
    measure, losses, distances = fig.subplots(1, 3)
    for name in PAIR:
        colour = NETS[name][1]
        step = arrays[f"{name}:rate:step"]
        values = arrays[f"{name}:rate:losses"][:, OVER_BAND]
        marks.band(measure, step, values.min(1), values.max(1), colour, alpha=0.3)
        measure.plot(step, values.max(1), color=colour, lw=0.8)
        runs = arrays[f"{name}:proxy:losses"]
        steps = np.arange(runs.shape[1])
        marks.band(losses, steps, runs.min(0), runs.max(0), colour, alpha=0.3)
        losses.plot(steps, runs.max(0), color=colour, lw=0.8)
        at, distance = smooth(np.median(arrays[f"{name}:proxy:distances"], axis=0))
        distances.plot(at, distance, color=colour, lw=1.1)
    measure.set(yscale="log", xlabel="step", ylabel="loss over the steps", title="measure")
    losses.set(yscale="log", xlabel="step", ylabel="loss of four trainings", title="proxy")
    distances.set(yscale="log", xlabel="step", ylabel="distance of gradients", title="proxy")
    measure.set_xlim(0, len(arrays["none:rate:loss"]))
    for ax in (measure, losses, distances):
        marks.plain_ticks(ax.yaxis)
    legend(fig, PAIR)
