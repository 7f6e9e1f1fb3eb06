"""A raw slice of a loss depends on the length of the weights, and a filter-normalised slice does
not. Left: raw slices are of one net, a unit with batch norm, with its weights times 1, 2 and 4.
Each slice looks twice as wide as the slice before. Middle: the filter-normalised slices of the
three lie on one another. Lines are closed forms, and points are losses. Right: with batch norm all
multiples k W* of a minimum are minima. Points are the squared distance from the weights to these
multiples. The curve is the parabola between 0 and W* that the picture along the line shows. The
line is the nearest multiple. It is nearer than W* itself at k = 1 (square)."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.smoothness.draws import normalise
from sim.smoothness.surfaces import layer
from theory import smoothness

SOURCE = cite("oxford2021", "section 1.2")
SHOWS = (
    smoothness.filter_normalised_slice,
    smoothness.raw_slice,
    smoothness.interpolated_loss,
    smoothness.nearest_multiple,
)

FACTORS = (1.0, 2.0, 4.0)
PLACES = np.linspace(-2, 2, 15)
MULTIPLES = np.linspace(-0.4, 1.4, 13)
WEIGHTS, GOAL = np.array([1.0, 0.2]), np.array([1.0, 1.4])


def data(scale: Scale) -> dict:
    """Slices of a unit with three lengths of its weights, and distances to multiples."""
    X, W, d, g = layer(np.random.default_rng(3))
    W, d = W / np.linalg.norm(W), d / np.linalg.norm(d)
    slices = {}
    for factor in FACTORS:
        weights = factor * W
        raw = [g @ normalise(X.T @ (weights + x * d)) for x in PLACES]
        scaled = [g @ normalise(X.T @ (weights + x * factor * d)) for x in PLACES]
        slices[factor] = np.array(raw), np.array(scaled)
    return {
        "layer": (X, W, d, g),
        "slices": slices,
        "distances": np.array([np.sum((WEIGHTS - k * GOAL) ** 2) for k in MULTIPLES]),
        "note": "one unit of four inputs, six examples",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw raw slices, filter-normalised slices, and the multiples of a minimum."""
    fig.set_size_inches(6.6, 2.6)
    raw, scaled, multiples = fig.subplots(1, 3)
    X, W, d, g = data["layer"]
    fine = np.linspace(-2.1, 2.1, 90)
    for factor, colour, fmt in zip(FACTORS, marks.RAMP[1::1][:3], "os^", strict=False):
        values = {"X": X, "W": factor * W, "d": d, "g": g}
        along = [smoothness.raw_slice(**values, x=x) for x in fine]
        marks.theory(raw, fine, along, colour)
        marks.measured(
            raw, PLACES, data["slices"][factor][0], colour=colour, fmt=fmt, markersize=2.5
        )
        marks.measured(scaled, PLACES, data["slices"][factor][1], colour=colour, fmt=fmt,
                       markersize=2.5)  # fmt: skip
        marks.label(raw, (0.9, 0.28 - 0.1 * FACTORS.index(factor)), rf"$\times {factor:g}$", colour,
                    xycoords="axes fraction", fontsize=7.5)  # fmt: skip
    same = [smoothness.filter_normalised_slice(X=X, W=W, d=d, g=g, x=x) for x in fine]
    marks.theory(scaled, fine, same)
    raw.set(xlabel="along $d$", ylabel="loss", xlim=(-2.1, 2.75), xticks=(-2, 0, 2))
    scaled.set(xlabel=r"along $d\,|W|/|d|$", xticks=(-2, 0, 2), ylim=raw.get_ylim())
    raw.set_title("raw", weight="normal")
    scaled.set_title("filter-normalised", weight="normal")

    k = np.linspace(-0.5, 1.5, 60)
    # |W - kW*|^2 is twice the excess loss with R = I, between W at k = 0 and W - W* at k = 1
    between = [
        2 * smoothness.interpolated_loss(R=np.eye(2), V=WEIGHTS, d=WEIGHTS - GOAL, x=each)
        for each in k
    ]
    marks.theory(multiples, k, between)
    marks.measured(multiples, MULTIPLES, data["distances"])
    nearest = smoothness.nearest_multiple(W=WEIGHTS, d=WEIGHTS - GOAL)
    multiples.axhline(nearest, color=marks.SECOND, lw=1)
    multiples.plot(1, np.sum((WEIGHTS - GOAL) ** 2), "s", color=marks.SECOND, zorder=4)
    marks.label(multiples, (1.04, np.sum((WEIGHTS - GOAL) ** 2) - 0.15), "$W^*$", marks.SECOND)
    marks.label(multiples, (-0.45, nearest - 0.16), "nearest multiple", marks.SECOND, fontsize=7.5)
    multiples.set(xlabel="$k$", ylabel="$|W - kW^*|^2$", ylim=(0.2, None))
    multiples.set_title("multiples of a minimum", weight="normal")
