"""The figure shows the spectrum of one's own table, raw, centred and standardised, as python -m sim
inputs FILE --json computes it. Points are all eigenvalues of R by their rank. The shaded range is
the bulk of independent columns with the same variances. The diamond is the largest eigenvalue of
such columns with the same mean. The line is where each eigenvalue of independent standardised
columns lies. Above each panel stand the condition number, and the number of steps that
descent at the best rate takes to leave a millionth of what can be learnt. Without --data the table
is an example, the readings of a sensor."""

import json
import math
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from companion.command import strict_json
from companion.references import cite
from companion.scale import Scale
from figures import marks
from figures.own_result import OwnResult
from sim.inputs.analysis import RESULT, analyse
from sim.inputs.report import FEEDS
from sim.inputs.sample import readings
from theory import spectra

SOURCE = cite("whybatchnorm", "Biased inputs slow down convergence")
SHOWS = (spectra.edges, spectra.distribution)

#: More eigenvalues than these are drawn on a logarithmic scale of ranks, by smaller points.
MANY = 24
#: Eigenvalues that differ by less than this factor have plain numbers on their axis.
PLAIN = 1e4
#: The number of points of a line.
POINTS = 400


def data(scale: Scale, result: OwnResult | None = None) -> dict:
    """The spectra of the ``result``, or of the example.

    Raises UsageError where an entry is missing, or where no input varies.
    """
    result = result or _example(scale)
    examples, features = (result.count(key) for key in ("examples", "features"))
    if result.has("centred") and not result.has("centred", "condition"):
        raise result.wrong("no input varies between examples, so there is no spectrum")
    varying = features - len(result.numbers("raw", "constant_columns"))
    if examples < 2 or varying < 1:
        raise result.wrong("examples and features are too few for a spectrum")
    name = Path(result.text("file")).name
    return {
        "feeds": {feed: _spectrum(result, feed) for feed in FEEDS},
        "varying": varying,
        "alpha": (examples - 1) / varying,
        "note": f"{name}: {examples:,} examples of {features:,} feature{'s' * (features > 1)}",
    }


def _example(scale: Scale) -> OwnResult:
    """The result that the command has of the readings of a sensor."""
    analysis = analyse(readings(scale.pick(60, 1440, 1440)))
    content = json.loads(strict_json(analysis.as_dict() | {"file": "sensor.csv"}))
    return OwnResult("sensor.csv", RESULT, content)


def _spectrum(result: OwnResult, feed: str) -> dict:
    """What is drawn of one way to feed the table."""
    values, bulk = result.numbers(feed, "eigenvalues"), result.numbers(feed, "bulk")
    if not len(values) or (values <= 0).any() or len(bulk) != 2:
        raise result.wrong(f"{feed}.eigenvalues are not positive, or {feed}.bulk is no interval")
    return {
        "values": np.sort(values)[::-1],
        "bulk": bulk,
        "independent": result.number(feed, "outlier", "independent"),
        "condition": result.number(feed, "condition"),
        "steps": result.number(feed, "steps", "predicted", "best", "steps"),
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw a panel per way to feed the table, on one scale of eigenvalues."""
    fig.set_size_inches(6.2, 3.4)
    panels: np.ndarray = fig.subplots(1, len(FEEDS), sharex=True, sharey=True)
    for ax, (feed, spectrum) in zip(panels, data["feeds"].items(), strict=True):
        _panel(ax, spectrum)
        numbers = f"condition {_short(spectrum['condition'])}\n{_steps(spectrum['steps'])}"
        ax.set_title(f"{feed}\n{numbers}", weight="normal", fontsize=8.5)
    _independent(panels[-1], data["alpha"], data["varying"])
    most = max(len(spectrum["values"]) for spectrum in data["feeds"].values())
    panels[0].set(yscale="log", ylabel="eigenvalue of $R$")
    for ax in panels:
        ax.set_xlabel("rank")
    if most > MANY:
        panels[0].set(xscale="log", xlim=(0.7, 1.4 * most))
    else:
        panels[0].set(xlim=(0.4, most + 0.6), xticks=range(1, most + 1, 1 + most // 7))
    low, high = panels[0].get_ylim()
    if high < PLAIN * low:
        marks.plain_ticks(panels[0].yaxis)
    entries = {
        "this table": Line2D([], [], color=marks.MEASURED, marker="o", ls="", ms=3.2),
        "independent columns: largest": Line2D([], [], color=marks.THEORY, marker="D", ls=""),
        "bulk": Patch(color=marks.THEORY, alpha=0.18, lw=0),
        "by rank": Line2D([], [], color=marks.THEORY),
    }
    fig.legend(list(entries.values()), list(entries), loc="outside upper center", ncols=4)


def _panel(ax: Axes, spectrum: dict) -> None:
    """Draw all eigenvalues by rank, over what independent columns would have."""
    values, (lower, upper) = spectrum["values"], spectrum["bulk"]
    if lower > 0:
        ax.axhspan(lower, upper, color=marks.THEORY, alpha=0.18, lw=0)
    ax.plot([1], [spectrum["independent"]], "D", color=marks.THEORY, markersize=5.5, zorder=2)
    size = 3.2 if len(values) <= MANY else 1.8
    marks.measured(ax, np.arange(1, len(values) + 1), values, markersize=size)


def _independent(ax: Axes, alpha: float, count: int) -> None:
    """Draw where each of ``count`` eigenvalues of independent standardised columns lies."""
    ends = spectra.edges(alpha=alpha, v=1)
    values = np.geomspace(max(ends["lower"], 1e-3 * ends["upper"]), ends["upper"], POINTS)
    below = spectra.distribution(lam=values, alpha=alpha, v=1)
    marks.theory(ax, count * (1 - below) + 0.5, values)


def _steps(number: float) -> str:
    return f"{_short(number)} step{'s' * (number != 1)}"


def _short(number: float) -> str:
    """Two digits of ``number``, and a power of ten where it is large.

    >>> _short(1.23), _short(17.2), _short(float("inf"))
    ('1.2', '17', 'inf')
    """
    if number < 10_000 or number == math.inf:
        return f"{number:.2g}" if number < 10 else f"{number:.0f}"
    digits, power = f"{number:.1e}".split("e")
    return rf"${digits} \times 10^{{{int(power)}}}$"
