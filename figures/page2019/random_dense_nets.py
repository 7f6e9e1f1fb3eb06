"""What becomes of two inputs in random dense nets, layer by layer, on the engine's own nets. Left:
the correlation of their values, which is the share of the channels' means: with ReLU it approaches
1, so that the net computes almost constants; a linear net, or ReLU shifted and scaled, keeps 0;
batch norm before ReLU brings 1/pi from each layer to the next. Right: what the channels of the
linear net do not show: the relative variance of the squared singular values of the map up to a
layer, and that of the variances of single channels. Lines: theory, of infinite width for all but
the channels' variances."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.page2019.random_dense_nets import relative_squares
from deepnet.experiments.page2019.random_layers import SHOWN
from deepnet.experiments.runner import Result
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


def data(scale: Scale, results: Sequence[Result]) -> dict[str, Any]:
    """Of each seed's nets: correlations by layer, and the spreads of the linear one."""
    config = results[0].facts["configuration"]
    runs = [result.arrays for result in results]
    return {
        "width": config["dense_width"],
        "correlation": {
            name: np.array([run[f"{name}:correlation"] for run in runs]) for name in NETS
        },
        "stretches": np.array(
            [relative_squares(run["linear:stretches"]).var(axis=-1) for run in runs]
        ),
        "channels": np.array([run["linear:spread"] for run in runs]),
        "note": f"width {config['dense_width']}, {config['inputs']} inputs",
    }


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Correlations on the left, spreads on the right; other seeds as paler points."""
    fig.set_size_inches(6.6, 3.1)
    left, right = fig.subplots(1, 2)
    depth = data["correlation"]["relu"].shape[1]
    shown = np.array([layer for layer in SHOWN if layer <= depth])
    layers = np.arange(1, depth + 1)
    zero = propagation.shifted_correlation(c=np.zeros(depth))
    normed = np.where(layers > 1, propagation.classifier_share()["after ReLU"], 0)
    marks.theory(left, layers, propagation.between_share(depth=layers))
    marks.theory(left, layers, normed, marks.SECOND)
    marks.theory(left, layers, zero, marks.THIRD)
    for name, (_, colour) in NETS.items():
        for number, found in enumerate(data["correlation"][name]):
            marks.measured(
                left, shown, found[shown - 1], colour=colour, alpha=0.3 if number else 1.0
            )
    left.set(xlabel="layer", ylabel="correlation of two inputs", ylim=(-0.15, 1.05))
    left.set_xlim(0, 1.45 * depth)
    left.set_xticks((1, 10, 20, 50))
    ends = [
        (float(data["correlation"][name][0, -1]), words, colour)
        for name, (words, colour) in NETS.items()
    ]
    marks.end_labels(left, depth, ends)

    moments = propagation.product_moments(k=2, depth=layers) - 1
    variances = propagation.linear_channel_variances(n=data["width"], depth=layers)
    marks.theory(right, layers, moments)
    marks.theory(right, layers, variances, marks.SECOND)
    for number, found in enumerate(data["stretches"]):
        marks.measured(right, shown, found, alpha=0.3 if number else 1.0)
    for number, found in enumerate(data["channels"]):
        pale = 0.3 if number else 1.0
        marks.measured(right, shown, found[shown - 1], colour=marks.SECOND, alpha=pale)
    right.set(xlabel="layer", ylabel="relative variance", xscale="log", yscale="log")
    right.set(xticks=(1, 2, 5, 10, 20, 50), ylim=(variances[0] / 3, 300))
    marks.label(right, (1.2, 12), "squared singular\nvalues", marks.THEORY)
    marks.label(right, (8, variances[0] * 1.1), "variances of channels", marks.SECOND)
    marks.plain_ticks(right.xaxis, right.yaxis)
