"""Lanczos quadrature is compared with an exact spectrum. The spectrum is all eigenvalues of the
Hessian of a small perceptron after two epochs, with batch norm and without. Curves and points are
the share of the eigenvalues that lie above a threshold. Blue steps are the exact share. Black
points are the quadrature. Its bars are the larger of the two errors, which are the probes' interval
of 95 per cent and the change from half the steps. The dotted line is the semicircle of equal mean
and mean square. The number in a panel is the integral of the absolute difference of the two
densities, both smoothed by one narrow normal kernel, with its standard error over the probes.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.ghorbani2019.exact_spectrum import NETS, semicircle
from deepnet.experiments.ghorbani2019.shared.measures import QUADRATURE, from_arrays
from deepnet.experiments.runner import Result
from figures import marks
from figures.ghorbani2019.words import NETS as WORDS
from figures.ghorbani2019.words import fate
from theory import spectra

SOURCE = cite("ghorbani2019", "accuracy of the spectrum's estimate, by an exact one")
EXPERIMENT = "exact_spectrum"
SHOWS = (spectra.distribution,)
PLACES = 25


def data(results: Sequence[Result]) -> dict[str, Any]:
    """{net: exact and estimated shares above a threshold, and the distance of the two
    densities}."""
    arrays = results[0].arrays
    shares: dict[str, Any] = {}
    for name in NETS:
        q = from_arrays({what: arrays[f"{name}:{what}"] for what in QUADRATURE})
        values = arrays[f"{name}:eigenvalues"]
        at = np.geomspace(3e-3 * values[-1], values[-1], PLACES)
        above = [q.integral(partial(_above, edge)) for edge in at]
        shares[name] = {
            "values": values,
            "other": semicircle(values),
            "at": at,
            "mean": np.array([each.mean for each in above]),
            "bounds": np.transpose([each.bounds for each in above]),
            "difference": [float(arrays[f"{name}:{what}"]) for what in ("difference", "stderr")],
            "words": WORDS[name][0] + fate(arrays, name),
        }
    config, source = results[0].facts["configuration"], results[0].facts["data"]
    size = len(shares["none"]["values"])
    words = f"{source['name']}, {config['train']:,} images; perceptron of {size:,} weights"
    probes = f"{config['probes']} probes of {config['steps']} steps"
    shares["note"] = f"{words}; Hessian of {config['examples']} images; {probes}"
    return shares


def _above(edge: float, values: np.ndarray) -> np.ndarray:
    return (values >= edge).astype(float)


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw one panel per net."""
    fig.set_size_inches(6.4, 3.0)
    panels = fig.subplots(1, 2, sharey=True)
    for ax, name in zip(panels, NETS, strict=True):
        net = data[name]
        for key, line in (("values", "-"), ("other", ":")):
            values = np.sort(net[key])[::-1]
            share = np.arange(1, len(values) + 1) / len(values)
            shown = values > 0.5 * net["at"][0]
            marks.theory(ax, values[shown], share[shown], drawstyle="steps-post", ls=line)
        low, high = np.maximum(net["bounds"], 0)
        marks.bounded(ax, net["at"], net["mean"], low, high)
        ax.set(xscale="log", yscale="log", xlabel="eigenvalue of the Hessian")
        ax.set_ylim(0.3 / len(net["values"]), 2)
        ax.set_title(net["words"], fontsize=8)
        difference, stderr = net["difference"]
        text = f"difference {difference:.2f} $\\pm$ {stderr:.2f}"
        marks.label(ax, (0.04, 0.06), text, xycoords="axes fraction", fontsize=7)
    panels[0].set_ylabel("share of eigenvalues above")
