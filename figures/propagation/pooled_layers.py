"""All channels together look as they should. The panels show values before ReLU in six layers of a
random net, with He's weights and standard Gaussian inputs. The line is the Gaussian of variance 2
that the initialisation is meant to keep. It keeps this variance exactly on average over the
weights. One net wobbles by layer 50. The band is one standard deviation of the variance, whose
relative square is (1 + 5/width)^(depth - 1) - 1."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import channels, marks
from sim.propagation.nets import RELU, at_layers
from theory import propagation

SOURCE = cite("page2019", "pooled channel histograms (hist_pooled)")
SHOWS = (propagation.he_initialisation, propagation.mean_square_moments)
REACH = 5.5


def data(scale: Scale) -> dict:
    """Values before ReLU in one net."""
    width, examples = scale.pick(64, 2048, 2048), scale.pick(64, 512, 512)
    layers = at_layers(np.random.default_rng(0), width, examples, RELU, channels.LAYERS)
    note = f"one net of width {width}, {examples} examples"
    return {"layers": layers, "width": width, "note": note}


def draw(fig: Figure, data: dict) -> None:
    """Draw histograms on the Gaussian of the theory, with its band at finite width."""
    axes = channels.panels(fig, REACH, "value before ReLU")
    x = np.linspace(-REACH, REACH, 300)
    variance = propagation.he_initialisation(q=1)["mean square before"]

    def gaussian(variance: float) -> np.ndarray:
        return np.exp(-(x**2) / (2 * variance)) / np.sqrt(2 * np.pi * variance)

    for ax, (layer, z) in zip(axes, data["layers"].items(), strict=True):
        channels.pooled(ax, z, REACH)
        if layer > 1:
            moment = propagation.mean_square_moments(n=data["width"], depth=layer - 1)
            spread = np.sqrt(moment["rectified"] - 1)
            low, high = (max(1 + sign * spread, 0.05) * variance for sign in (-1, 1))
            both = np.array([gaussian(low), gaussian(variance), gaussian(high)])
            marks.band(ax, x, both.min(axis=0), both.max(axis=0))
        marks.theory(ax, x, gaussian(variance), lw=1.0)
        channels.title(ax, layer, f"variance {np.mean(z.astype(float) ** 2):.2f}")
    marks.label(axes[0], (1.9, 0.2), "variance 2", marks.THEORY)
