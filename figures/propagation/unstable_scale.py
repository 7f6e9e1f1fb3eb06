"""The analytic shift and scale does not restore order for good. Left: the mean square of the next
layer is drawn against the mean square of this layer. The line is never below the diagonal and
touches it at 1. Points are layers that were drawn. The dashed line is a mean square that is kept.
Right: the variance of the median channel, over its value in the first layer, is drawn in nets of
two widths with the analytic constants. Examples whose mean square came out too large explode and
raise the variance of every channel. The median example (grey) stays near 1, which is stable from
below. In the green nets measured means and variances stand in place of the constants, as batch norm
after ReLU, and hold the variance."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.propagation.nets import MEASURED, SHIFTED, Kind, forward
from sim.propagation.shift_and_scale import activation
from theory import propagation

SOURCE = cite("page2019", "With this fix in place, order is restored")
SHOWS = (
    propagation.shifted_mean_square,
    propagation.shifted_drift,
    propagation.shifted_gradient,
)
POINTS = np.array([0.25, 0.5, 1, 1.5, 2, 3, 4])
DEPTH = 50
QUIET = {"color": marks.QUIET, "ls": "--", "lw": 1}


def data(scale: Scale) -> dict:
    """Mean squares after one layer, and over the layers of nets."""
    rng, count = np.random.default_rng(0), scale.pick(1000, 40_000, 1_000_000)
    after = []
    for q in POINTS:
        squares = activation(np.sqrt(2 * q) * rng.standard_normal(count)) ** 2
        after.append((squares.mean(), squares.std() / np.sqrt(count)))
    widths = scale.pick((32, 64), (256, 512), (512, 2048))
    nets, examples = scale.pick(2, 6, 20), scale.pick(16, 256, 512)
    levels = {
        f"width {widths[0]}": followed(rng, widths[0], examples, SHIFTED, nets),
        f"width {widths[1]}": followed(rng, widths[1], examples, SHIFTED, nets),
        "measured moments": followed(rng, widths[0], examples, MEASURED, nets),
    }
    note = f"median of {nets} nets, {examples} examples each"
    return {"after": after, "levels": levels, "note": note}


def followed(
    rng: np.random.Generator, width: int, examples: int, kind: Kind, nets: int
) -> np.ndarray:
    """The variance of the median channel and the mean square of the median example, per layer.

    Both are the median over nets, divided by 2, the variance of the first layer.
    """
    medians = np.empty((nets, DEPTH, 2))
    for net in range(nets):
        for layer, z in zip(range(DEPTH), forward(rng, width, examples, kind), strict=False):
            wide = z.astype(float)
            medians[net, layer, 0] = np.median(wide.var(axis=1)) / 2
            medians[net, layer, 1] = np.median(np.mean(wide**2, axis=0)) / 2
    return np.asarray(np.median(medians, axis=0))


def draw(fig: Figure, data: dict) -> None:
    """Draw the map of the mean square, and the growth with depth."""
    fig.set_size_inches(6.2, 3.0)
    left, right = fig.subplots(1, 2)
    q = np.linspace(0.01, 4.3, 200)
    kept = "order is restored for good, the mean square is q again"
    above = np.linspace(1, 4.3, 100)
    bounds = propagation.shifted_drift(q=above)
    marks.band(left, above, bounds["lower"], bounds["upper"])
    marks.theory(left, q, propagation.shifted_mean_square(q=q))
    left.plot(q, propagation.shifted_mean_square.twins[kept](q=q), **QUIET)
    mean, stderr = np.transpose(data["after"])
    marks.measured(left, POINTS, mean, stderr)
    gain = propagation.shifted_gradient()
    marks.label(left, (2.9, 5.4), f"at most {gain:.2f} q", marks.THEORY, ha="right")
    marks.label(left, (3.2, 2.3), "kept", marks.QUIET)
    left.set(xlabel="mean square $q$ of a layer", ylabel="of the next layer", ylim=(0, 6.4))

    layers = np.arange(1, DEPTH + 1)
    shades = (marks.RAMP[1], marks.RAMP[3], marks.SECOND)
    sides = ("bottom", "top", "top")
    for (words, level), colour, side in zip(data["levels"].items(), shades, sides, strict=True):
        right.plot(layers, level[:, 0], color=colour, marker="o", ms=2, lw=0.6)
        if colour == marks.SECOND:
            marks.label(right, (50, 0.45), words, colour, ha="right")
        else:
            right.plot(layers, level[:, 1], color=marks.QUIET, lw=0.8)
            marks.label(right, (51, level[-1, 0]), words, colour, va=side)
    right.plot(layers, np.ones(DEPTH), **QUIET)
    top = max(level[:, 0].max() for level in data["levels"].values())
    right.set(yscale="log", ylim=(0.25, 3 * max(top, 2)), xlabel="layer", xlim=(0, 72))
    right.set(ylabel="variance of the median channel", xticks=(0, 25, 50))
