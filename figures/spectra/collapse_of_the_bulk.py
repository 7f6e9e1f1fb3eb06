"""With ever more examples per input the bulk collapses onto the variance v, which is 1 here. Left:
the edges of the bulk (lines, the bulk is shaded) are drawn against alpha. Points are the smallest
non-zero eigenvalue and the largest eigenvalue of random data, with 2 standard errors. At 60 inputs
they lie a little inside the edges, on the dotted lines with the term of finite size. Right: the
width of the bulk is 4v/sqrt(alpha), and points are the measured width."""

import numpy as np
from matplotlib.figure import Figure

from companion.estimate import Estimate
from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.ensembles import gaussian
from theory import spectra

SOURCE = cite("whybatchnorm", "lambda- = lambda+ = v")
SHOWS = (spectra.collapse, spectra.edges)

N, V = 60, 1.0
ALPHAS = np.array([0.5, 1, 2, 5, 10, 20, 50, 100, 1000])


def data(scale: Scale) -> dict:
    """Means of the extreme eigenvalues and of their distance."""
    rng = np.random.default_rng(0)
    draws = scale.pick(8, 200, 4000)
    low, high, width = [], [], []
    for alpha in ALPHAS:
        drawn = [gaussian(rng, N, int(alpha * N), variance=V) for _ in range(draws)]
        pairs = np.array([(each.smallest(), each.largest()) for each in drawn])
        low.append(Estimate.of(pairs[:, 0]))
        high.append(Estimate.of(pairs[:, 1]))
        width.append(Estimate.of(pairs[:, 1] - pairs[:, 0]))
    return {
        "low": low,
        "high": high,
        "width": width,
        "note": f"N = {N} Gaussian inputs, v = 1, {draws} draws per point",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw edges and width against alpha on a logarithmic axis."""
    fig.set_size_inches(6.0, 2.9)
    left, right = fig.subplots(1, 2)
    fine = np.geomspace(0.45, 1200, 300)
    edges = spectra.edges(alpha=fine, v=V)
    assert spectra.edges.finite_size is not None
    shift = spectra.edges.finite_size(alpha=fine, v=V, N=N)
    marks.band(left, fine, edges["lower"], edges["upper"])
    left.axhline(V, color=marks.QUIET, lw=0.8, zorder=1)
    for side, name in (("low", "lower"), ("high", "upper")):
        marks.theory(left, fine, edges[name])
        marks.theory(left, fine, edges[name] + shift[name], "black", lw=0.7, ls=":")
        marks.estimated(left, ALPHAS, data[side])
    marks.label(left, (2.2, 3.6), r"$\lambda_+$", marks.THEORY)
    marks.label(left, (9, 0.2), r"$\lambda_-$", marks.THEORY)
    marks.label(left, (900, 1.12), "$v$", "#666666", va="bottom", ha="right")
    left.set(xscale="log", xlabel=r"examples per input, $\alpha = p/N$", ylabel="eigenvalue")
    left.set(ylim=(-0.1, 6.2))

    width = spectra.collapse(alpha=fine, v=V)
    marks.theory(right, fine, width)
    shrunk = width + shift["upper"] - shift["lower"]
    marks.theory(right, fine, shrunk, "black", lw=0.7, ls=":")
    marks.estimated(right, ALPHAS, data["width"])
    marks.label(right, (12, 1.7), r"$4v/\sqrt{\alpha}$", marks.THEORY)
    right.set(xscale="log", yscale="log", xlabel=r"examples per input, $\alpha = p/N$")
    right.set(ylabel="width of the bulk", yticks=(0.1, 0.3, 1, 3), xticks=(1, 10, 100, 1000))
    left.set(xticks=(1, 10, 100, 1000))
    marks.plain_ticks(left.xaxis, right.xaxis, right.yaxis)
