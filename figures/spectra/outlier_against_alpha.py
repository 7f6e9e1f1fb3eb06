"""The largest eigenvalue of R for inputs with a mean is drawn against the number of examples per
input. For infinitely many examples it is N m^2 + v (dashed). At any number of examples this value
is the mean of the curvature along (1, ..., 1)/sqrt N. Squares are this curvature, and the shaded
band is 2 of its standard deviations. The largest eigenvalue lies above. The line is its limit for
many inputs. Left of the vertical line it is the bulk's edge, in which the outlier is lost. Dots are
means of random draws with 2 standard errors."""

import numpy as np
from matplotlib.figure import Figure

from companion.estimate import Estimate
from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.ensembles import gaussian
from theory import spectra

SOURCE = cite("whybatchnorm", "lambda_N = N m^2 + v")
SHOWS = (spectra.outlier, spectra.outlier_rayleigh, spectra.threshold)

N, M, V = 400, 0.08, 1.0
ALPHAS = np.array([0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50])


def data(scale: Scale) -> dict:
    """Largest eigenvalues, and curvatures along (1, ..., 1)/sqrt N in separate draws."""
    rng = np.random.default_rng(0)
    draws = scale.pick(4, 100, 2000)

    def along_ones(p: int) -> float:
        """u'Ru: the mean square of p numbers u.x, each normal with mean sqrt(N) m and variance
        v."""
        return float(np.mean(rng.normal(np.sqrt(N) * M, np.sqrt(V), size=p) ** 2))

    sizes = [int(alpha * N) for alpha in ALPHAS]
    return {
        "largest": [
            Estimate.of(gaussian(rng, N, p, M, V).largest() for _ in range(draws)) for p in sizes
        ],
        "along": [Estimate.of(along_ones(p) for _ in range(draws)) for p in sizes],
        "note": f"N = {N} Gaussian inputs, m = {M:g}, v = 1, {draws} draws per point",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw the outlier above the mean curvature."""
    ax = fig.subplots()
    fine = np.geomspace(0.04, 60, 500)
    along = spectra.outlier_rayleigh(N=N, p=np.round(fine * N), m=M, v=V)
    spread = 2 * np.sqrt(along["variance"])
    marks.band(ax, fine, along["mean"] - spread, along["mean"] + spread, marks.QUIET, alpha=0.2)
    ax.plot(fine, np.broadcast_to(along["mean"], fine.shape), color=marks.QUIET, ls="--", lw=1)
    marks.theory(ax, fine, spectra.outlier(N=N, alpha=fine, m=M, v=V))
    lost = spectra.threshold(N=N, p=np.round(fine * N), v=V) > M
    ax.axvline(fine[lost][-1], color=marks.QUIET, lw=0.8, zorder=0)
    for name, style in (("along", {"fmt": "s", "markerfacecolor": "white"}), ("largest", {})):
        marks.estimated(ax, ALPHAS, data[name], **style)
    marks.label(ax, (0.5, 10), "outlier", marks.THEORY)
    words = "$Nm^2 + v$, the mean\ncurvature along $(1, \\dots, 1)$"
    marks.label(ax, (0.3, 2.3), words, marks.QUIET)
    ax.set(xscale="log", yscale="log", xlabel=r"examples per input, $\alpha = p/N$")
    ax.set(
        ylabel="curvature, eigenvalue of $R$",
        xticks=(0.1, 1, 10),
        yticks=(2, 5, 10, 20),
        ylim=(1.7, 45),
    )
    marks.plain_ticks(ax.xaxis, ax.yaxis)
