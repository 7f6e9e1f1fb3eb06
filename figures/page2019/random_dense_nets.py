"""Two inputs pass through random dense nets, layer by layer, on the engine's own nets. Left: the
correlation of their values is drawn. It is also the share of the channels' means in the mean
square. With ReLU it approaches 1, so that the net computes almost constants. A linear net keeps 0,
and so does ReLU that is shifted and scaled. Batch norm before ReLU brings 1/pi from each layer to
the next. Right: the channels of the linear net do not show how its map stretches. Blue is the
relative variance of the squared singular values of the map up to a layer. Green is the relative
variance of the variances of single channels. Lines are theory. They are of infinite width, except
for the channels' variances."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from companion.estimate import Estimate
from companion.references import cite
from deepnet.experiments.page2019.random_dense_nets import DEPTH, relative_squares
from deepnet.experiments.page2019.shared.random_layers import SHOWN
from deepnet.experiments.runner import Result
from deepnet.experiments.store import Arrays
from figures import marks
from theory import propagation

SOURCE = cite("page2019", "Deep nets and constant functions (hist_pooled to hist_shift_relu)")
EXPERIMENT = "random_dense_nets"
SHOWS = (
    propagation.between_share,
    propagation.shifted_correlation,
    propagation.classifier_share,
    propagation.product_moments,
    propagation.linear_channel_variances,
)
NETS = {
    "relu": ("ReLU", marks.THEORY),
    "normed": ("batch norm, ReLU", marks.SECOND),
    "shifted": ("shifted ReLU", marks.THIRD),
    "linear": ("linear", marks.MEASURED),
}


def data(results: Sequence[Result]) -> dict[str, Any]:
    """Correlations, channels' spreads and spreads of singular values in the layers SHOWN.

    Correlations and channels' spreads are over all nets of all seeds. The spreads of singular
    values are of one net per seed.
    """
    config = results[0].facts["configuration"]
    runs = [result.arrays for result in results]
    return {
        "width": config["dense_width"],
        "correlation": {name: over_nets(runs, f"{name}:correlation") for name in NETS},
        "channels": over_nets(runs, "linear:spread"),
        "stretches": [relative_squares(run["linear:stretches"]).var(axis=-1) for run in runs],
        "note": f"{config['nets']} nets of width {config['dense_width']} a seed, "
        f"{config['inputs']} inputs each",
    }


def over_nets(runs: Sequence[Arrays], name: str) -> list[Estimate]:
    """Estimates of the measure ``name`` (nets, depth) in the layers SHOWN, over all ``runs``
    together."""
    values = np.concatenate([run[name] for run in runs])
    return [Estimate.of(values[:, layer - 1]) for layer in SHOWN]


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw correlations on the left and spreads on the right."""
    fig.set_size_inches(6.6, 3.1)
    left, right = fig.subplots(1, 2)
    layers = np.arange(1, DEPTH + 1)
    normed = np.where(layers > 1, propagation.classifier_share()["after ReLU"], 0)
    marks.theory(left, layers, propagation.between_share(depth=layers))
    marks.theory(left, layers, normed, marks.SECOND)
    marks.theory(left, layers, propagation.shifted_correlation(c=np.zeros(DEPTH)), marks.THIRD)
    for name, (_, colour) in NETS.items():
        marks.estimated(left, SHOWN, data["correlation"][name], colour)
    left.set(xlabel="layer", ylabel="correlation of two inputs", ylim=(-0.15, 1.05))
    left.set(xlim=(0, 1.6 * DEPTH), xticks=(1, 10, 20, 50))
    ends = [(data["correlation"][name][-1].mean, *look) for name, look in NETS.items()]
    marks.end_labels(left, DEPTH, ends)

    variances = propagation.linear_channel_variances(n=data["width"], depth=layers)
    marks.theory(right, layers, propagation.product_moments(order=2, depth=layers) - 1)
    marks.theory(right, layers, variances, marks.SECOND)
    for stretches in data["stretches"]:
        marks.measured(right, SHOWN, stretches)
    marks.estimated(right, SHOWN, data["channels"], marks.SECOND)
    right.set(xlabel="layer", ylabel="relative variance", xscale="log", yscale="log")
    right.set(xticks=SHOWN, ylim=(variances[0] / 3, 300))
    right.tick_params(axis="x", which="minor", bottom=False)
    marks.label(right, (1.2, 12), "squared singular\nvalues", marks.THEORY)
    marks.label(right, (8, variances[0] * 1.1), "variances of channels", marks.SECOND)
    marks.plain_ticks(right.xaxis, right.yaxis)
