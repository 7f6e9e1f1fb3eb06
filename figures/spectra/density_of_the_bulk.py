"""The panels show the eigenvalues of R for independent inputs without a mean, from fewer examples
than inputs (alpha = 1/4) to ten times more examples than inputs. Grey is the histogram of random
draws, with 2 standard errors on each bin. The line is the Marchenko-Pastur density, and triangles
are its edges. The arrow is the atom at zero, with its share of the eigenvalues. At alpha = 1 the
density grows without bound towards zero."""

import numpy as np
from matplotlib.figure import Figure

from companion.estimate import Estimate
from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.ensembles import gaussian
from theory import spectra

SOURCE = cite("lecun1991", "eq. (4) and (5)")
SHOWS = (spectra.density, spectra.edges, spectra.atom)

V, BINS = 1.0, 24
ALPHAS = (0.25, 0.5, 1.0, 2.0, 4.0, 10.0)
NAMES = ("1/4", "1/2", "1", "2", "4", "10")


def data(scale: Scale) -> dict:
    """Histograms of the eigenvalues that are not zero, as a density over all eigenvalues."""
    rng = np.random.default_rng(0)
    N, draws = scale.pick((80, 4), (400, 16), (2000, 64))
    bins, heights = [], []
    for alpha in ALPHAS:
        edges = spectra.edges(alpha=alpha, v=V)
        ends = np.linspace(edges["lower"], edges["upper"], BINS + 1)
        rows = []
        for _ in range(draws):
            drawn = gaussian(rng, N, int(alpha * N), variance=V)
            positive = drawn.eigenvalues()[drawn.nulls :]
            rows.append(np.histogram(positive, ends)[0] / N / np.diff(ends))
        bins.append(ends)
        heights.append([Estimate.of(column) for column in np.transpose(rows)])
    return {
        "bins": bins,
        "heights": heights,
        "note": f"N = {N} Gaussian inputs, v = 1, {draws} draws per panel",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw six panels, from a heavy atom to a narrow bulk around v."""
    fig.set_size_inches(6.2, 3.9)
    panels = zip(fig.subplots(2, 3).flat, ALPHAS, NAMES, strict=True)
    for (ax, alpha, name), ends, bars in zip(panels, data["bins"], data["heights"], strict=True):
        heights = [bar.mean for bar in bars]
        ax.stairs(heights, ends, fill=True, color="#D0D0D0", zorder=0)
        middles = (ends[1:] + ends[:-1]) / 2
        marks.estimated(ax, middles, bars, "#555555", fmt="none", elinewidth=0.7, capsize=0)
        edges, share = spectra.edges(alpha=alpha, v=V), spectra.atom(alpha=alpha)
        lam = np.linspace(max(edges["lower"], 1e-4), edges["upper"], 500)
        density = spectra.density(lam=lam, alpha=alpha, v=V)
        marks.theory(ax, lam, density)
        top = 1.2 * (max(heights) if alpha == 1 else density.max())
        ends_of_bulk = (edges["lower"], edges["upper"])
        ax.plot(ends_of_bulk, (0, 0), "^", color=marks.THEORY, clip_on=False, zorder=4)
        if share > 0:
            marks.atom(ax, 0.0, 0.95 * top, f"{share:g}")
        ax.set(xlim=(-0.04 * edges["upper"], 1.08 * edges["upper"]), ylim=(0, top))
        ax.set_title(rf"$\alpha = {name}$", weight="normal")
        ax.locator_params(nbins=4)
        ax.set(xlabel=r"eigenvalue $\lambda$" if alpha >= 2 else "")
        ax.set(ylabel=r"density" if name in ("1/4", "2") else "")
