"""A mean makes at most one outlier. For 12 inputs of mean 0.7 and 30 examples, dots are the
eigenvalues of R. R exceeds the covariance C by the matrix mu mu' of the mean alone. Therefore each
eigenvalue of R lies between the eigenvalue of C at its rank and the next larger eigenvalue of C
(bars). The second largest eigenvalue of R (second row) cannot leave the bulk of C. Only the largest
eigenvalue is free to do so, since C has none above it."""

import numpy as np
from matplotlib.figure import Figure

from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.ensembles import spectrum
from theory import spectra

SOURCE = cite("whybatchnorm", "only one value")
SHOWS = (spectra.one_outlier,)

N, P, M = 12, 30, 0.7


def data(scale: Scale) -> dict:
    """One data set, and its eigenvalues raw and centred."""
    X = np.random.default_rng(0).normal(M, 1.0, size=(N, P))
    return {
        "X": X,
        "raw": spectrum(X),
        "centred": spectrum(X - X.mean(axis=1, keepdims=True)),
        "note": f"one draw of {P} Gaussian examples of {N} inputs, m = {M}, v = 1",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw a ladder: a bar between neighbours of C, with a dot of R on it."""
    ax = fig.subplots()
    raw, centred = data["raw"][::-1], data["centred"][::-1]
    ranks = np.arange(1, N + 1)
    bound = spectra.one_outlier(X=data["X"])
    for rank in ranks[2:]:
        ax.plot(
            centred[rank - 2 : rank], (rank, rank), "-|", color=marks.QUIET, lw=3, ms=8, mew=1.2
        )
    ax.plot((bound["lower"], bound["upper"]), (2, 2), "-|", color=marks.THEORY, lw=3, ms=8, mew=1.2)
    free = {"arrowstyle": "-|>", "color": marks.QUIET, "lw": 3, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", (1.12 * raw[0], 1), (centred[0], 1), arrowprops=free)
    marks.measured(ax, raw, ranks, markersize=4.5)
    marks.label(ax, (raw[0], 1.75), "outlier", ha="center")
    marks.label(
        ax, (centred[0], 2.0), r"  $\lambda_2(C) \leq \lambda_2(R) \leq \lambda_1(C)$", marks.THEORY
    )
    ax.set(xlabel="eigenvalue", ylabel="rank, from the largest", ylim=(N + 0.7, 0.3))
    ax.set(xlim=(0, 1.14 * raw[0]), yticks=(1, 2, 4, 6, 8, 10, 12))
