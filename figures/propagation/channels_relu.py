"""Channel by channel a random ReLU net chooses constants. The panels show ten channels before ReLU,
in six layers. Curves are densities, marks beneath are means, and ticks are extreme values. The
title is the share of the mean square that the channels' means have, measured in this net and as c_l
of the theory. The part that is left within the channels never vanishes, as the source says. It
falls like 44/depth^2."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import channels
from sim.propagation.nets import RELU, at_layers, share_of_means
from theory import propagation

SOURCE = cite("page2019", "the same histograms, split by channel (hist_unpooled)")
SHOWS = (propagation.between_share, propagation.channel_means, propagation.total_variance)
REACH = 5.5


def data(scale: Scale) -> dict:
    """Values before ReLU in one net."""
    width, examples = scale.pick(64, 2048, 2048), scale.pick(64, 512, 512)
    layers = at_layers(np.random.default_rng(0), width, examples, RELU, channels.LAYERS)
    return {"layers": layers, "note": f"one net of width {width}, {examples} examples"}


def draw(fig: Figure, data: dict) -> None:
    """Draw densities of ten channels in six layers."""
    axes = channels.panels(fig, REACH, "value before ReLU")
    for ax, (layer, z) in zip(axes, data["layers"].items(), strict=True):
        channels.densities(ax, z, REACH)
        share, theory = share_of_means(z), propagation.between_share(depth=layer)
        channels.title(ax, layer, f"{abs(share):.3f}, theory {theory:.3f}")
