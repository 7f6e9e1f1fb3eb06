"""The channels of a linear net do not show how its map stretches. The panels show the singular
values of the map from the inputs to six layers. They spread out: a few combinations of channels are
stretched tenfold, and most vanish. Bars are one net. Lines are the limit sqrt((l + 1)^(l + 1)/l^l)
of the largest value. The limit is 2 in layer 1 and 11.7 in layer 50. At the source's finite widths
the largest value (point) approaches it from below. The first bars, which hold most values, are cut
off at 1."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import channels, marks
from theory import propagation

SOURCE = cite("page2019", "singular value decomposition of the linear map")
SHOWS = (propagation.product_edge, propagation.product_moments)


def data(scale: Scale) -> dict:
    """Singular values of the products of one net's matrices."""
    width = scale.pick(32, 512, 2048)
    rng, singular_values = np.random.default_rng(0), {}
    product: np.ndarray = np.eye(width, dtype=np.float32)
    for layer in range(1, max(channels.LAYERS) + 1):
        weights = rng.standard_normal((width, width), dtype=np.float32) / np.float32(width**0.5)
        product = weights @ product
        if layer in channels.LAYERS:
            singular_values[layer] = np.linalg.svdvals(product)
    return {"layers": singular_values, "note": f"one net of width {width}"}


def draw(fig: Figure, data: dict) -> None:
    """Draw histograms of singular values, with the largest value and its limit."""
    axes = channels.panels(fig, 1, "singular value")
    for ax, (layer, values) in zip(axes, data["layers"].items(), strict=True):
        edge = propagation.product_edge(depth=layer)
        ax.hist(values, bins=np.arange(0, 15, 0.25).tolist(), density=True, color=marks.QUIET)
        marks.measured(ax, [values.max()], [0.04])
        ax.axvline(edge, color=marks.THEORY, lw=1.2)
        square = np.mean(values.astype(float) ** 4)
        moment = propagation.product_moments(order=2, depth=layer)
        channels.title(ax, layer, f"mean $s^4$ {square:.1f}, theory {moment:.0f}")
        ax.set(xlim=(0, 14), ylim=(0, 1), xticks=(0, 5, 10))
        marks.label(ax, (edge + 0.4, 0.6), f"{edge:.2f}", marks.THEORY)
        marks.label(ax, (values.max(), 0.11), f"{values.max():.2f}", ha="right")
