"""A valley with bumps is compared with its average over a window. Left: descent comes from the
right. At a small rate (open circles) it is stuck in a bump. At the rate 1.5/lam (dots, 25 steps) it
is thrown from bump to bump, since this rate is above the rate at which descent leaves a bump.
Middle: the average over one whole bump has no bump left, and both rates lead down. Points are the
average by quadrature. The line is the closed form, and the thin line is the average over half a
bump. Right: the map shows when there is a trap. A point is filled if a search finds that the slope
vanishes at some place other than the minimum. The line is height freq^2 = 4.603 lam. Dashed grey is
height freq^2 = lam, where the valley stops being convex."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.smoothness.valley import has_trap, slope
from theory import smoothness

SOURCE = cite("rethinking", "the two plots of a ball on a slope")
SHOWS = (smoothness.smoothed_valley, smoothness.trap, smoothness.largest_rate_in_a_bump)

LAM, HEIGHT, FREQ = 1.0, 0.35, 5.0
VALLEY = {"lam": LAM, "height": HEIGHT, "freq": FREQ}
WHOLE = np.pi / FREQ
START = 2.85
NODES, WEIGHTS = np.polynomial.legendre.leggauss(30)


def _height(x: np.ndarray, window: float = 0.0) -> np.ndarray:
    """The height of the valley, averaged over a window by quadrature."""
    places = np.asarray(x)[..., None] + window * NODES
    heights = LAM * places**2 / 2 + HEIGHT * (1 - np.cos(FREQ * places))
    return heights @ WEIGHTS / 2


def data(scale: Scale) -> dict:
    """Two descents on the bumps, two descents on the average, and a map of the traps."""
    limit = smoothness.largest_rate_in_a_bump(**VALLEY)
    rates = {"small": limit["rests"] / 10, "large": 1.5 / LAM}
    paths = {}
    for name, rate in rates.items():
        for bump in (HEIGHT, 0.0):  # on the average no bump is left
            x = [START]
            for _ in range(200):
                x.append(x[-1] - rate * float(slope(x[-1], LAM, bump, FREQ)))
            paths[name, bump] = np.array(x)
    heights, freqs = np.meshgrid(np.linspace(0.1, 1.1, 6), np.linspace(1, 6, 6))
    traps = [has_trap(LAM, h, f) for h, f in zip(heights.flat, freqs.flat, strict=True)]
    return {
        "paths": paths,
        "map": (heights.ravel(), freqs.ravel(), np.array(traps, dtype=bool)),
        "note": f"lam = {LAM:g}, height = {HEIGHT:g}, freq = {FREQ:g}",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw the two pictures, and the map of traps."""
    fig.set_size_inches(6.6, 2.6)
    bumpy, smooth, traps = fig.subplots(1, 3)
    fine = np.linspace(-3.1, 3.1, 400)
    marks.theory(bumpy, fine, _height(fine), lw=1)
    slow, fast = data["paths"]["small", HEIGHT][:80:8], data["paths"]["large", HEIGHT][:25]
    bumpy.plot(fast, _height(fast), "o", color="black", markersize=2.5, zorder=3)
    bumpy.plot(slow, _height(slow), "o", color=marks.SECOND, markerfacecolor="white",
               markersize=3.5, zorder=4)  # fmt: skip
    marks.label(bumpy, (0, 3.6), "small rate:\nstuck", marks.SECOND, ha="center", fontsize=7.5)
    marks.label(bumpy, (0, 5.6), "large rate:\nthrown about", ha="center", fontsize=7.5)
    bumpy.set(xlabel="weight", ylabel="loss", ylim=(-0.2, 6.4), xlim=(-3.3, 3.3))
    bumpy.set_xticks((-2, 0, 2))
    bumpy.set_title("with bumps", weight="normal")

    averaged = [smoothness.smoothed_valley(**VALLEY, x=x, window=WHOLE) for x in fine]
    half = [smoothness.smoothed_valley(**VALLEY, x=x, window=WHOLE / 2) for x in fine]
    marks.theory(smooth, fine, averaged)
    marks.theory(smooth, fine, half, marks.QUIET, lw=0.8)
    points = np.linspace(-3, 3, 13)
    marks.measured(smooth, points, _height(points, WHOLE), markersize=2.4)
    for name, step, colour in (("small", 16, marks.SECOND), ("large", 1, "black")):
        path = data["paths"][name, 0.0][: 6 * step : step]
        smooth.plot(path, np.interp(path, fine, averaged) + 0.25, "o-", lw=0.5, color=colour,
                    markerfacecolor="white", markersize=3, zorder=4)  # fmt: skip
    marks.label(smooth, (0, 5.6), "both rates\ngo down", ha="center", fontsize=7.5)
    smooth.set(xlabel="weight", ylim=(-0.2, 6.4), xticks=(-2, 0, 2))
    smooth.set_title("averaged", weight="normal")

    height, freq, trapped = data["map"]
    marks.measured(traps, height[trapped], freq[trapped], markersize=3.4)
    marks.measured(traps, height[~trapped], freq[~trapped], markersize=3.4, markerfacecolor="white")
    side = np.linspace(0.04, 1.2, 200)
    grid_h, grid_f = np.meshgrid(side, np.linspace(0.5, 6.5, 200))
    held = smoothness.trap(lam=LAM, height=grid_h, freq=grid_f)
    traps.contour(grid_h, grid_f, held, (0.5,), colors=marks.THEORY, linewidths=1.4)
    traps.plot(side, np.sqrt(LAM / side), color=marks.QUIET, ls="--", lw=1)
    traps.set(xlabel="height", ylabel="freq", ylim=(0.5, 6.5), xlim=(0.04, 1.2))
    marks.label(traps, (0.62, 4.5), "traps", ha="center")
    marks.label(traps, (0.8, 1.5), "bent, no trap", "#666666", ha="center", fontsize=7)
    traps.set_title("where there are traps", weight="normal")
