"""He's initialisation keeps the mean square on average only. The curves are the relative second
moment of a layer's mean square. With ReLU it is (1 + 5/width)^depth (lines), and without it is (1 +
2/width)^depth (dotted). Points are nets that were drawn layer by layer, with bars of two standard
errors. In narrow or deep nets most nets shrink and few explode."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.propagation.widths import levels
from theory import propagation

SOURCE = cite("page2019", "Things get a bit wobbly by layer 50")
SHOWS = (propagation.mean_square_moments, propagation.he_initialisation)
WIDTHS = (64, 128, 512)
DEPTHS = (1, 5, 10, 15, 20)


def data(scale: Scale) -> dict:
    """Squares of the mean squares of many nets."""
    nets, rng = scale.pick(200, 10_000, 200_000), np.random.default_rng(0)
    moments: dict = {}
    for width in WIDTHS:
        moments[width] = []
        for depth in DEPTHS:
            squares = levels(rng, width, depth, max(nets * 64 // width, 64), rectified=True) ** 2
            moments[width].append((squares.mean(), squares.std() / np.sqrt(len(squares))))
    return {"moments": moments, "note": f"{nets} nets of width 64 a point, fewer of larger width"}


def draw(fig: Figure, data: dict) -> None:
    """Draw second moments against the depth."""
    ax = fig.subplots()
    depth = np.arange(1, 24)
    for (width, moments), colour in zip(data["moments"].items(), marks.RAMP[1:], strict=False):
        theory = propagation.mean_square_moments(n=width, depth=depth)
        marks.theory(ax, depth, theory["rectified"], colour)
        marks.theory(ax, depth, theory["linear"], colour, lw=0.9, ls=":")
        mean, stderr = np.transpose(moments)
        marks.measured(ax, DEPTHS, mean, stderr, colour)
        marks.label(ax, (23.3, theory["rectified"][-1]), f"width {width}", colour)
    linear = propagation.mean_square_moments(n=64, depth=20)["linear"]
    marks.label(ax, (20.5, 0.93 * linear), "linear", marks.RAMP[1], va="top")
    ax.set(xlabel="depth", ylabel=r"$E\,q^2/(E\,q)^2$", xlim=(0, 28), yscale="log")
    ax.set(yticks=(1, 2, 4), ylim=(0.9, 6.5))
    marks.plain_ticks(ax.yaxis)
