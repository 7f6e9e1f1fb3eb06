"""A layer maps the correlation of two inputs to a new correlation. Left: ReLU raises every
correlation, but closes at most half of the gap to 1, which is the upper edge of the band. The line
is theory, and points are rectified pairs that were drawn. The staircase is the share c_l of the
means, layer by layer from 0. Right: the mean of ReLU is taken away and the variance restored.
Positive correlations then fall. The slope at 0 is pi/(2(pi - 1)) = 0.73. The slope at 1 is 1.47, so
that inputs do not merge."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.propagation.draws import pairs, relu
from sim.propagation.shift_and_scale import activation
from theory import propagation

SOURCE = cite("page2019", "this effect should continue to grow through the network")
SHOWS = (
    propagation.arc_cosine,
    propagation.correlation_bounds,
    propagation.both_active,
    propagation.between_share,
    propagation.shifted_correlation,
    propagation.shifted_gradient,
)
POINTS = np.linspace(-0.9, 0.9, 7)


def data(scale: Scale) -> dict:
    """Mean products of rectified pairs, and of pairs that are also shifted and scaled."""
    rng, count = np.random.default_rng(0), scale.pick(2000, 40_000, 1_000_000)
    means: dict = {"relu": [], "shifted": [], "note": f"{count} pairs a point"}
    for c in POINTS:
        u, w = pairs(rng, c, count)
        products = {
            "relu": 2 * relu(u) * relu(w),
            "shifted": activation(np.sqrt(2) * u) * activation(np.sqrt(2) * w),
        }
        for name, values in products.items():
            means[name].append((np.mean(values), np.std(values) / np.sqrt(count)))
    return means


def draw(fig: Figure, data: dict) -> None:
    """Draw the two maps against the diagonal."""
    fig.set_size_inches(6.2, 3.2)
    left, right = fig.subplots(1, 2)
    c = np.linspace(-1, 1, 201)
    bounds = propagation.correlation_bounds(c=c)
    marks.band(left, c, bounds["lower"], bounds["upper"])
    marks.theory(left, c, 2 * propagation.arc_cosine(c=c))
    marks.theory(right, c, propagation.shifted_correlation(c=c))
    for ax, name in ((left, "relu"), (right, "shifted")):
        ax.plot(c, c, color=marks.QUIET, lw=0.8, zorder=1)
        mean, stderr = np.transpose(data[name])
        marks.measured(ax, POINTS, mean, stderr)
        ax.set(xlabel="correlation below", xticks=(-1, 0, 1), yticks=(-1, 0, 1))
        ax.set_aspect("equal")
    shares = propagation.between_share(depth=np.arange(1, 9))
    stairs = np.repeat(shares, 2)
    left.plot(stairs[:-1], stairs[1:], color=marks.SECOND, lw=0.9, zorder=2)
    end = np.array([0.75, 1.0])
    slope = 2 * propagation.both_active(c=0.0) * np.pi / (np.pi - 1)
    near = np.array([-0.5, 0.5])
    right.plot(near, slope * near, color=marks.SECOND, lw=0.9, ls=":")
    gain = propagation.shifted_gradient()
    right.plot(end, 1 + gain * (end - 1), color=marks.SECOND, lw=0.9, ls=":")
    marks.label(left, (0.04, -0.12), "$c_1$", marks.SECOND)
    marks.label(left, (0.36, 0.26), "$c_2$", marks.SECOND)
    marks.label(left, (-0.95, 0.6), "half of the gap", marks.THEORY)
    marks.label(right, (-0.15, 0.3), f"slope {slope:.2f}", marks.SECOND, ha="right")
    marks.label(right, (0.68, 0.9), f"slope {gain:.2f}", marks.SECOND, ha="right")
    left.set_title("ReLU", weight="normal")
    right.set_title("ReLU, shifted and scaled", weight="normal")
    left.set_ylabel("correlation above")
