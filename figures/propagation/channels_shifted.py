"""No channel becomes constant where the mean of ReLU is taken away and the variance is restored.
The panels show ten channels of a random net in six layers. ReLU is followed by a shift of
-1/sqrt(pi) and a scale of 1/sqrt(1 - 1/pi). The means, beneath, stay at zero. The title is the
variance of the median channel. The source expects it to stay at 2. It does so at first. Then a few
examples whose mean square came out too large explode."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import channels
from sim.propagation.nets import SHIFTED, at_layers
from theory import propagation

SOURCE = cite("page2019", "order is restored (hist_shift_relu)")
SHOWS = (propagation.shifted_correlation, propagation.shifted_mean_square)
REACH = 5.5


def data(scale: Scale) -> dict:
    """Values before ReLU in one net."""
    width, examples = scale.pick(64, 2048, 2048), scale.pick(64, 512, 512)
    layers = at_layers(np.random.default_rng(0), width, examples, SHIFTED, channels.LAYERS)
    return {"layers": layers, "note": f"one net of width {width}, {examples} examples"}


def draw(fig: Figure, data: dict) -> None:
    """Draw densities of ten channels in six layers."""
    axes = channels.panels(fig, REACH, "value before ReLU")
    for ax, (layer, z) in zip(axes, data["layers"].items(), strict=True):
        channels.densities(ax, z, REACH)
        variance = np.median(z.astype(float).var(axis=1))
        channels.title(ax, layer, f"variance {variance:.3g}")
