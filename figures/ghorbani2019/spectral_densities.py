"""The panels show densities of the eigenvalues of the loss's Hessian, before training and at its
end. The nets are a residual net with batch norm, the same net with its batch norm frozen, and the
net without batch norm. A density is the Lanczos quadrature, smoothed by a normal kernel. Black is
the mean over probes. Pale curves are the single probes. Where the probes are many, a pale band
replaces them: the larger of the probes' interval of 95 per cent and the change from half the steps.
Densities of less weight than a tenth of one eigenvalue are not drawn. Ticks below are the
eigenvalues among the twenty largest that have converged. The dotted line is the upper end of the
semicircle of equal mean and mean square."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.curvature import Quadrature, density, kernel_variance
from deepnet.curvature.gauss_rule import GaussRule
from deepnet.experiments.ghorbani2019.spectral_densities import quadrature_at
from deepnet.experiments.runner import Result
from deepnet.experiments.store import Arrays
from figures import marks
from figures.ghorbani2019.words import NETS, fate, note, steps
from theory import spectra

SOURCE = cite("ghorbani2019", "figure 7")
EXPERIMENT = "spectral_densities"
SHOWS = (spectra.outlier,)

POINTS = 1000
#: The largest number of probes that are drawn one by one. Of more, a band is drawn.
FEW = 4
#: The largest residual of an eigenpair, as a share of the eigenvalue, that counts as converged.
CONVERGED = 1e-3


def data(results: Sequence[Result]) -> dict[str, Any]:
    """{net: [density, eigenvalues, edge of the semicircle] at the first and last record}."""
    result = results[0]
    share = result.facts["configuration"]["kernel"]
    last = len(result.arrays["records"]) - 1
    panels = {name: [_panel(result.arrays, name, at, share) for at in (0, last)] for name in NETS}
    at = steps(result)
    words = {name: NETS[name][0] + fate(result.arrays, name) for name in NETS}
    return {"nets": panels, "steps": (at[0], at[-1]), "words": words, "note": note(result)}


def _panel(arrays: Arrays, name: str, record: int, share: float) -> dict[str, Any]:
    quadrature = quadrature_at(arrays, name, record)
    variance = kernel_variance(quadrature, share)
    values, residuals = (arrays[f"{name}:{what}"][record] for what in ("values", "residuals"))
    nodes = quadrature.rule.nodes
    low, high = min(0.0, nodes.min()), max(values.max(), nodes.max())
    margin = 0.04 * (high - low)
    at = np.linspace(low - margin, high + margin, POINTS)
    whole = density(quadrature, at, variance)
    singles = [
        density(_single(quadrature, probe), at, variance).mean for probe in range(len(nodes))
    ]
    mean, square = (quadrature.integral(power).mean for power in (np.positive, np.square))
    return {
        "at": at,
        "mean": whole.mean,
        "bounds": whole.bounds,
        "singles": singles,
        "floor": 0.1 / quadrature.size / np.sqrt(2 * np.pi * variance),
        "values": values[residuals <= CONVERGED * np.abs(values)],
        "edge": mean + 2 * np.sqrt(max(0.0, square - mean**2)),
    }


def _single(quadrature: Quadrature, probe: int) -> Quadrature:
    """The quadrature of one probe, taken twice, since a density needs the spread of several
    probes."""
    rows = [probe, probe]
    whole = GaussRule(quadrature.rule.nodes[rows], quadrature.rule.weights[rows])
    half = GaussRule(quadrature.half.nodes[rows], quadrature.half.weights[rows])
    return replace(quadrature, rule=whole, half=half, multiplicity=quadrature.multiplicity[rows])


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw one row per net, with the first and the last record beside each other."""
    fig.set_size_inches(6.8, 5.2)
    grid = fig.subplots(len(NETS), 2)
    for row, (name, (_, colour)) in zip(grid, NETS.items(), strict=True):
        for ax, panel in zip(row, data["nets"][name], strict=True):
            _draw_panel(ax, panel, colour)
        marks.label(
            row[1], (0.97, 0.88), data["words"][name], colour, xycoords="axes fraction", ha="right"
        )
        row[0].set_ylabel("density")
    for ax, step in zip(grid[0], data["steps"], strict=True):
        ax.set_title(f"step {step}", fontsize=8)
    for ax in grid[-1]:
        ax.set_xlabel("eigenvalue of the Hessian")


def _draw_panel(ax: Axes, panel: dict[str, Any], colour: str) -> None:
    def shown(y: np.ndarray) -> np.ndarray:
        return np.where(y >= panel["floor"], y, np.nan)

    if len(panel["singles"]) <= FEW:
        for single in panel["singles"]:
            ax.plot(panel["at"], shown(single), color=colour, lw=2, alpha=0.35)
    else:
        low, high = np.maximum(panel["bounds"], panel["floor"])
        marks.band(ax, panel["at"], low, high, colour)
    ax.plot(panel["at"], shown(panel["mean"]), color="black", lw=0.7)
    ax.set_yscale("log")
    ax.set_ylim(0.12 * panel["floor"], 3 * np.nanmax(panel["mean"]))
    values = panel["values"]
    ax.plot(values, np.full(len(values), 0.4 * panel["floor"]), "|", color=colour, ms=6, mew=1)
    ax.axvline(panel["edge"], color=marks.QUIET, lw=0.8, ls=":")
