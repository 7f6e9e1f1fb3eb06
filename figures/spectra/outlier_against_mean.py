"""The largest eigenvalue of R is drawn against the mean of the inputs, in units of the threshold
|m| = sqrt(v)/(Np)^(1/4), at two sizes. Below the threshold it stays at the bulk's edge. Above the
threshold it follows (v + t)(v/alpha + t)/t with t = N m^2, which lies above the N m^2 + v of
infinitely many examples (dashed). The lower panel is the squared overlap of its eigenvector with
(1, ..., 1)/sqrt N. Lines are the limit of many inputs. The horizontal band is the part of the edge
that the smaller size takes off where there is no mean. The vertical band is where the larger size
still blurs the threshold: there N m^2 is within the share N^(-1/3) of its threshold value. Points
are means of random draws with 2 standard errors."""

import numpy as np
from matplotlib.figure import Figure

from companion.estimate import Estimate
from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.ensembles import overlap
from theory import spectra

SOURCE = cite("whybatchnorm", "lambda_N = N m^2 + v")
SHOWS = (spectra.outlier, spectra.threshold, spectra.outlier_overlap, spectra.edges)

ALPHA, V = 0.5, 1.0
UNITS = np.array([0, 0.3, 0.6, 0.8, 0.9, 1, 1.1, 1.2, 1.35, 1.5, 1.75, 2, 2.25, 2.5])
SIZES = (40, 800)
LIMIT = {"color": marks.QUIET, "ls": "--", "lw": 1}


def data(scale: Scale) -> dict:
    """Mean largest eigenvalues and overlaps on a grid of means, at two sizes."""
    rng = np.random.default_rng(0)
    draws = scale.pick(4, 60, 1000)
    measured = {}
    for N in SIZES:
        p = int(ALPHA * N)
        means = UNITS * spectra.threshold(N=N, p=p, v=V)
        pairs = np.array([[overlap(rng, N, p, m, V) for _ in range(draws)] for m in means])
        measured[N] = [[Estimate.of(row) for row in column] for column in pairs.transpose(2, 0, 1)]
    return {
        "measured": measured,
        "note": f"alpha = 1/2, v = 1, Gaussian inputs, {draws} draws per point",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw the eigenvalue above, and the overlap of its eigenvector below."""
    fig.set_size_inches(5.2, 4.6)
    upper, lower = fig.subplots(2, 1, sharex=True, height_ratios=(1.6, 1))
    N = SIZES[-1]
    fine = np.linspace(0, UNITS[-1], 500)
    values = {"N": N, "m": fine * spectra.threshold(N=N, p=ALPHA * N, v=V), "v": V}
    marks.theory(upper, fine, spectra.outlier(alpha=ALPHA, **values))
    marks.theory(lower, fine, spectra.outlier_overlap(alpha=ALPHA, **values))
    population = spectra.outlier.twins["population value N m^2 + v"]
    upper.plot(fine, population(alpha=ALPHA, **values), **LIMIT)
    lower.plot(fine, np.ones_like(fine), **LIMIT)
    blur = N ** (-1 / 3)
    styles = ({"markerfacecolor": "white", "fmt": "s"}, {"fmt": "o"})
    for ax, which in ((upper, 0), (lower, 1)):
        ax.axvspan(np.sqrt(1 - blur), np.sqrt(1 + blur), color=marks.THEORY, alpha=0.12, lw=0)
        for estimates, style in zip(data["measured"].values(), styles, strict=True):
            marks.estimated(ax, UNITS, estimates[which], **style)
    edge = spectra.edges(alpha=ALPHA, v=V)["upper"]
    assert spectra.edges.finite_size is not None
    shift = spectra.edges.finite_size(alpha=ALPHA, v=V, N=SIZES[0])["upper"]
    marks.band(upper, (0, 1), edge + shift, edge)
    marks.label(upper, (0.02, edge + 0.5), r"upper edge $\lambda_+$", marks.THEORY)
    marks.label(upper, (1.9, 8.9), "outlier", marks.THEORY, ha="right")
    marks.label(upper, (1.75, 4.9), r"$Nm^2 + v$, $p \to \infty$", marks.QUIET)
    marks.label(upper, (0.02, 4.2), f"squares: $N = {SIZES[0]}$", fontsize=7.5)
    marks.label(upper, (0.02, 3.6), f"dots: $N = {SIZES[1]}$", fontsize=7.5)
    marks.label(
        lower,
        (0.02, 0.9),
        r"$p \to \infty$: (1, ..., 1) is the eigenvector",
        marks.QUIET,
        path_effects=[],
    )
    upper.set(ylabel="largest eigenvalue of $R$")
    lower.set(xlabel=r"mean of an input, in units of the threshold, $|m|\,(Np)^{1/4}/\sqrt{v}$")
    lower.set(ylabel="squared overlap", ylim=(-0.03, 1.08))
