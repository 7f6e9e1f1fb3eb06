"""Without ReLU no channel has a mean and no channel collapses. The panels show ten channels of a
random linear net in six layers. The weights have variance 1/width. The channels' variances drift
apart mildly. The title is their standard deviation, measured in this net and expected."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import channels
from sim.propagation.nets import LINEAR, at_layers
from theory import propagation

SOURCE = cite("page2019", "a purely linear network (hist_linear)")
SHOWS = (propagation.linear_channel_variances,)
REACH = 4.5


def data(scale: Scale) -> dict:
    """Outputs of one linear net."""
    width, examples = scale.pick(64, 2048, 2048), scale.pick(64, 512, 512)
    layers = at_layers(np.random.default_rng(0), width, examples, LINEAR, channels.LAYERS)
    note = f"one net of width {width}, {examples} examples"
    return {"layers": layers, "width": width, "examples": examples, "note": note}


def draw(fig: Figure, data: dict) -> None:
    """Draw densities of ten channels in six layers."""
    axes = channels.panels(fig, REACH, "output")
    for ax, (layer, z) in zip(axes, data["layers"].items(), strict=True):
        channels.densities(ax, z, REACH)
        expected = propagation.linear_channel_variances(n=data["width"], depth=layer)
        channels.title(ax, layer, f"{spread(z):.2f}, theory {np.sqrt(expected):.2f}")


def spread(z: np.ndarray) -> float:
    """The standard deviation of the channels' variances, without the part that chance adds.

    The estimate of one variance from few examples has itself the relative variance 2/(examples -
    1).
    """
    variances = z.astype(float).var(axis=1, ddof=1)
    chance = 2 / (z.shape[1] - 1) * np.mean(variances**2)
    return float(np.sqrt(max(np.var(variances, ddof=1) - chance, 0)))
