"""The figure shows the spectrum of real images. Left: all eigenvalues of R are drawn against their
rank, raw (large dots) and centred (small dots), with their condition numbers. The shaded range is
the bulk of independent inputs with equal variances. Pixels depend on one another, and their
spectrum is far wider. Centring lowers the first eigenvalue, which belongs to the mean, and leaves
the wide bulk. Right: the largest raw eigenvalue (dot) lies between its exact bounds |mu|^2 + u'Cu
and |mu|^2 + lambda_max(C) (shaded). The diamond is the value for independent inputs. The dependence
of the pixels lifts the bounds above it. Without --data the images are the patches of the one
photograph that matplotlib ships, grace_hopper.jpg."""

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib import cbook
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from companion.errors import UsageError
from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.inputs.examples import Feed
from sim.inputs.read_table import read_table
from sim.inputs.report import by_feed
from theory import quadratic, spectra

SOURCE = cite("whybatchnorm", "Biased inputs slow down convergence")
SHOWS = (spectra.one_outlier, quadratic.curvature_bounds)


def data(scale: Scale, images: str | None = None) -> dict:
    """The analysis of ``python -m sim inputs`` on the file ``images``, or on the patches.

    Raises UsageError where the file cannot be used or no input varies.
    """
    if images is None:
        side = scale.pick(4, 8, 16)
        table = _patches(side)
        name = f"{side} x {side} x 3 patches of matplotlib's grace_hopper.jpg"
    else:
        table = read_table(images)
        name = Path(images).name
    examples, features = table.shape
    reports = by_feed(table, limit=1)  # only the spectrum is drawn, no descent
    if reports["centred"].condition is None:
        raise UsageError(f"{name}: no input varies between examples, so there is no spectrum")
    return {
        "reports": reports,
        "note": f"{name}: {examples:,} examples of {features:,} inputs",
    }


def _patches(side: int) -> np.ndarray:
    """The photograph cut into squares, one square per row of uint8."""
    photograph: Any = plt.imread(cbook.get_sample_data("grace_hopper.jpg", asfileobj=False))
    rows, columns = (length // side for length in photograph.shape[:2])
    whole = photograph[: rows * side, : columns * side]
    cut = whole.reshape(rows, side, columns, side, 3).swapaxes(1, 2)
    return cut.reshape(rows * columns, -1)


def draw(fig: Figure, data: dict) -> None:
    """Draw all eigenvalues by rank, and the largest eigenvalue between its bounds."""
    left, right = fig.subplots(1, 2, width_ratios=(3, 1))
    reports = data["reports"]
    raw, bulk = reports["raw"].outlier, reports["centred"].bulk
    left.axhspan(*bulk, color=marks.THEORY, alpha=0.18, lw=0)
    looks: tuple[tuple[Feed, str, float], ...] = (
        ("raw", marks.THIRD, 4.5),
        ("centred", marks.SECOND, 2.2),
    )
    for row, (feed, colour, size) in enumerate(looks):
        values = reports[feed].eigenvalues[::-1]
        ranks = np.arange(1, len(values) + 1)
        marks.measured(left, ranks, values, colour=colour, markersize=size)
        words = rf"{feed}, $\kappa = {_short(reports[feed].condition)}$"
        place = (0.97, 0.93 - 0.08 * row)
        marks.label(left, place, words, colour, xycoords="axes fraction", ha="right")
    beside = {"xytext": (8, 0), "textcoords": "offset points"}
    marks.label(left, (1, raw["measured"]), "largest, raw", marks.THIRD, **beside)
    inside = {"va": "top", "path_effects": []}
    marks.label(left, (0.85, 0.85 * bulk[1]), "independent", marks.THEORY, **inside)
    most = len(reports["raw"].eigenvalues)
    left.set(xscale="log", yscale="log", xlabel="rank", ylabel="eigenvalue of $R$")
    left.set_xlim(0.75, max(10, 1.4 * most))

    right.axhspan(raw["lower"], raw["upper"], color=marks.THEORY, alpha=0.3, lw=0)
    marks.measured(right, [0], [raw["measured"]], colour=marks.THIRD, markersize=5)
    right.plot([0], [raw["independent"]], "D", color=marks.THEORY, markersize=5)
    above = {"xytext": (0, 8), "textcoords": "offset points", "ha": "center", "va": "bottom"}
    marks.label(right, (0, raw["independent"]), "independent", marks.THEORY, **above)
    right.set(xlabel="raw", xticks=(), xlim=(-1, 1), ylabel="largest eigenvalue")
    right.margins(y=0.15)
    right.yaxis.set_major_locator(MaxNLocator(5))


def _short(number: float) -> str:
    """Two digits of ``number``, and a power of ten if it is large."""
    if number < 1000:
        return f"{number:.2g}" if number < 10 else f"{number:.0f}"
    digits, power = f"{number:.1e}".split("e")
    return rf"{digits} \times 10^{{{int(power)}}}"
