"""The leading eigenvalues of the loss's Hessian are drawn in the middle of training. The nets have
active batch norm, frozen batch norm in the active net, or no batch norm. The axis on the right is
2/lambda, the learning rate at which descent along each eigenvector would stop converging. Points
are from Lanczos. Bars are the residual norm, within which an eigenvalue lies for certain. Bands are
the range over seeds, if there are several. Diamonds are the post's own nets, at full width and
half-way on 50,000 images. With batch norm frozen the diamonds fall after the ninth, which is one
less than there are classes (dotted). A net of width 1/8 on textures has no such gap. In that net
the directions outside the span of the mean outputs' gradients bend the loss as much as the
directions inside it (see page2019.projected_eigenvalues)."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from deepnet.experiments.page2019.leading_eigenvalues import PRINTED
from deepnet.experiments.runner import Result
from figures import marks
from figures.page2019.words import NETS, doubts, note
from theory import quadratic, stability

SOURCE = cite("page2019", "leading eigenvalues of the Hessian")
EXPERIMENT = "leading_eigenvalues"
SHOWS = (quadratic.max_rate, stability.class_outliers)


def data(results: Sequence[Result]) -> dict[str, Any]:
    """Eigenvalues and residuals of the three nets, and their range over seeds."""
    eigenvalues: dict[str, Any] = {}
    for name in NETS:
        values = np.array([result.arrays[f"{name}:eigenvalues"] for result in results])
        eigenvalues[name] = {
            "eigenvalues": values[0],
            "residuals": results[0].arrays[f"{name}:residuals"],
            "range": (values.min(0), values.max(0)),
        }
    eigenvalues["seeds"] = len(results)
    eigenvalues["classes"] = int(results[0].arrays["classes"])
    eigenvalues["note"] = note(results[0]) + doubts(results[0])
    return eigenvalues


def draw(fig: Figure, data: dict[str, Any]) -> None:
    """Draw points on a logarithmic axis. The axis of the rate mirrors it."""
    ax = fig.subplots()
    ax.set_yscale("log")
    ends = []
    for name, (words, colour) in NETS.items():
        values, residuals = data[name]["eigenvalues"], data[name]["residuals"]
        ranks = np.arange(1, len(values) + 1)
        if data["seeds"] > 1:
            low, high = data[name]["range"]
            marks.band(ax, ranks, low, high, colour)
        theirs = np.array(PRINTED[name])[: len(values)] / 256
        shown = theirs > 0
        ax.plot(ranks[: len(theirs)][shown], theirs[shown], "D", ms=3, mfc="none", color=colour)
        marks.measured(ax, ranks, values, residuals / 2, colour=colour)
        ends.append((values[-1], words, colour))
    last = len(data["active"]["eigenvalues"])
    ax.set(xlabel="rank", ylabel="eigenvalue of the Hessian", xlim=(0.5, last * 1.42))
    ax.set_xticks([1, *range(5, last + 1, 5)])
    marks.end_labels(ax, last, ends)
    many = int(stability.class_outliers(mu=[1.0], M=data["classes"])["outliers"])
    if many < last:
        ax.axvline(many + 0.5, color=marks.QUIET, lw=0.8, ls=":", zorder=0)
        words = f"classes $-$ 1 = {many}"
        coordinates = ax.get_xaxis_transform()
        marks.label(ax, (many + 0.7, 0.97), words, marks.QUIET, xycoords=coordinates, fontsize=7)
    words = "diamonds: the post's nets"
    marks.label(ax, (0.02, 0.04), words, marks.QUIET, xycoords="axes fraction", fontsize=7)
    rate = ax.secondary_yaxis("right", functions=(largest_rate, largest_rate))
    rate.set_ylabel("largest rate along it")


def largest_rate(eigenvalue: Any) -> Any:
    """The claim's 2/lambda for each of ``eigenvalue``. The function is its own inverse."""
    positive = np.maximum(np.atleast_1d(np.asarray(eigenvalue, float)), 1e-300)
    rates = [quadratic.max_rate(R=[[float(each)]]) for each in positive.ravel()]
    return np.reshape(rates, positive.shape)
