"""The condition number of the loss, raw and centred, is drawn against the number of examples per
input. Dots are inputs of mean 0.5 and variance 1. Squares are such inputs after the sample means
are subtracted. Both are means of random draws with 2 standard errors. Lines are the limits. For raw
inputs the limit is the outlier over the lower edge. For centred inputs it is ((sqrt alpha +
1)/(sqrt alpha - 1))^2, which is far from the 1 of equal rates (dashed) unless alpha is large. The
dotted line is the raw population, (N m^2 + v)/v."""

import numpy as np
from matplotlib.figure import Figure

from companion.estimate import Estimate
from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.ensembles import gaussian
from theory import spectra

SOURCE = cite("whybatchnorm", "centred inputs")
SHOWS = (spectra.centring, spectra.biased_condition, spectra.outlier, spectra.edges)

M, V = 0.5, 1.0
ALPHAS = np.array([1.5, 2, 3, 5, 10, 30, 100, 1000])


def data(scale: Scale) -> dict:
    """Condition numbers of random draws.

    Centring p examples leaves p - 1 examples without a mean.
    """
    rng = np.random.default_rng(0)
    N, draws = scale.pick((60, 4), (200, 60), (1000, 400))

    def condition(p: int, mean: float) -> float:
        drawn = gaussian(rng, N, p, mean, V)
        return drawn.largest() / drawn.smallest()

    sizes = [int(alpha * N) for alpha in ALPHAS]
    return {
        "N": N,
        "raw": [Estimate.of(condition(p, M) for _ in range(draws)) for p in sizes],
        "centred": [Estimate.of(condition(p - 1, 0.0) for _ in range(draws)) for p in sizes],
        "note": f"N = {N} Gaussian inputs, {draws} draws per point",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw two curves, and the levels to which they tend."""
    ax = fig.subplots()
    N, fine = data["N"], np.geomspace(1.4, 1300, 300)
    edges = spectra.edges(alpha=fine, v=V)
    raw = spectra.outlier(N=N, alpha=fine, m=M, v=V) / edges["lower"]
    marks.theory(ax, fine, raw, marks.THIRD)
    marks.theory(ax, fine, spectra.centring(alpha=fine), marks.SECOND)
    population = spectra.biased_condition(N=N, m=M, v=V)
    ax.axhline(population, color=marks.THIRD, lw=0.9, ls=":")
    equal = spectra.centring.twins["equal rates, 1"](alpha=fine)
    marks.printed(ax, fine, np.broadcast_to(equal, fine.shape))
    for name, colour, fmt in (("raw", marks.THIRD, "o"), ("centred", marks.SECOND, "s")):
        marks.estimated(ax, ALPHAS, data[name], colour, fmt=fmt)
    marks.label(ax, (4, 400), "raw", marks.THIRD)
    marks.label(
        ax,
        (1000, 0.8 * population),
        "population, $(Nm^2 + v)/v$",
        marks.THIRD,
        ha="right",
        va="top",
    )
    marks.label(ax, (7, 8), "centred", marks.SECOND)
    marks.label(ax, (1.5, 1.2), "printed: equal rates", marks.PRINTED, va="bottom")
    ax.set(xscale="log", yscale="log", xlabel=r"examples per input, $\alpha = p/N$")
    ax.set(ylabel=r"condition number $\kappa$", xticks=(2, 10, 100, 1000))
    ax.set(yticks=(1, 10, 100, 1000))
    marks.plain_ticks(ax.xaxis, ax.yaxis)
