"""The leading eigenvalues of the loss's Hessian in the middle of training: with batch norm active,
with the same net's batch norm frozen, and without. On the right the learning rate at which descent
along each eigenvector would stop converging, 2/lambda. Points: Lanczos, with bars of the residual
norm, within which an eigenvalue lies for certain."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from deepnet.experiments.runner import Result
from figures import marks
from theory import quadratic

SOURCE = cite("page2019", "leading eigenvalues of the Hessian")
EXPERIMENT = "leading_eigenvalues"
SHOWS = (quadratic.max_rate,)

NETS = {"none": "no batch norm", "frozen": "frozen", "active": "active"}


def data(scale: Scale, result: Result) -> dict[str, Any]:
    """Eigenvalues, residuals and largest rates of the three nets."""
    config, arrays = result.facts["configuration"], result.arrays
    found: dict[str, Any] = {
        name: {
            "eigenvalues": arrays[f"{name}:eigenvalues"],
            "residuals": arrays[f"{name}:residuals"],
        }
        for name in NETS
    }
    found["note"] = (
        f"{result.facts['data']['name']}, {config['train']:,} images; net of width "
        f"{config['width']} after {config['stop']} epochs; Hessians on {config['examples']} images"
    )
    return found


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Points on a logarithmic axis; the rate's axis mirrors it."""
    ax = fig.subplots()
    ax.set_yscale("log")
    for (name, words), colour in zip(NETS.items(), marks.SERIES, strict=False):
        values, residuals = data[name]["eigenvalues"], data[name]["residuals"]
        ranks = np.arange(1, len(values) + 1)
        marks.measured(ax, ranks, values, residuals / 2, colour=colour)
        marks.label(ax, (ranks[-1] + 0.4, values[-1]), words, colour)
    last = len(data["active"]["eigenvalues"])
    ax.set(xlabel="rank", ylabel="eigenvalue of the Hessian", xlim=(0.5, last * 1.35))
    ax.set_xticks([1, *range(5, last + 1, 5)])
    rate = ax.secondary_yaxis("right", functions=(largest_rate, largest_rate))
    rate.set_ylabel("largest rate along it")


def largest_rate(eigenvalue: Any) -> Any:
    """The claim's 2/lambda for each of ``eigenvalue``, and its own inverse."""
    positive = np.maximum(np.atleast_1d(np.asarray(eigenvalue, float)), 1e-300)
    rates = [quadratic.max_rate(R=[[float(each)]]) for each in positive.ravel()]
    return np.reshape(rates, positive.shape)
