"""The bulk is drawn in three more ways. Left: the density of the bulk, weighted by the eigenvalue,
is a semicircle (lines) for every alpha. Points are random draws with this weight. Middle: the share
of eigenvalues up to lambda starts at the atom where alpha < 1. Lines are closed forms, and dots are
every twentieth eigenvalue of one draw. Right: the mean k-th power of an eigenvalue is drawn against
alpha, and for alpha > 1 the mean inverse. Lines are closed forms, and points are draws with 2
standard errors. All tend to 1, the powers of the variance v = 1."""

import numpy as np
from matplotlib.figure import Figure

from companion.estimate import Estimate
from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.ensembles import gaussian
from theory import spectra

SOURCE = cite("marchenkopastur1967", "theorem 1")
SHOWS = (spectra.semicircle, spectra.distribution, spectra.moments, spectra.inverse_moment)

V, BINS = 1.0, 12
ALPHAS = (0.5, 1.0, 4.0)
GRID = np.array([0.5, 1, 2, 4, 8, 16, 32])
ORDERS = (2, 3, 4)
INVERTIBLE = GRID[GRID > 1]


def data(scale: Scale) -> dict:
    """Weighted histograms, sorted eigenvalues and sample moments."""
    rng = np.random.default_rng(0)
    N, draws = scale.pick((80, 4), (400, 16), (2000, 64))

    def draw_many(alpha: float) -> np.ndarray:
        return np.array([gaussian(rng, N, int(alpha * N)).eigenvalues() for _ in range(draws)])

    halves = []
    for alpha in ALPHAS:
        edges, drawn = spectra.edges(alpha=alpha, v=V), draw_many(alpha)
        ends = np.linspace(edges["lower"], edges["upper"], BINS + 1)
        rows = [np.histogram(each, ends, weights=each)[0] / N / np.diff(ends) for each in drawn]
        heights = [Estimate.of(column) for column in np.transpose(rows)]
        halves.append({"ends": ends, "heights": heights, "one": drawn[0]})
    grid = [draw_many(alpha) for alpha in GRID]
    powers = {k: [Estimate.of((each**k).mean(axis=1)) for each in grid] for k in ORDERS}
    tall = [each for each, alpha in zip(grid, GRID, strict=True) if alpha > 1]
    powers[-1] = [Estimate.of((1 / each).mean(axis=1)) for each in tall]
    return {
        "halves": halves,
        "powers": powers,
        "note": f"N = {N} Gaussian inputs, v = 1, {draws} draws per point",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw semicircles, distribution functions and moments."""
    fig.set_size_inches(6.4, 2.7)
    left, middle, right = fig.subplots(1, 3)
    colours = (marks.RAMP[1], marks.RAMP[2], marks.RAMP[4])
    for alpha, half, colour in zip(ALPHAS, data["halves"], colours, strict=True):
        ends = half["ends"]
        lam = np.linspace(max(ends[0], 1e-3), ends[-1], 300)
        marks.theory(left, lam, spectra.semicircle(lam=lam, alpha=alpha, v=V), colour)
        marks.estimated(left, (ends[1:] + ends[:-1]) / 2, half["heights"], colour, capsize=0)

        fine = np.linspace(1e-3, 6.3, 400)
        marks.theory(middle, fine, spectra.distribution(lam=fine, alpha=alpha, v=V), colour)
        one = half["one"]
        share = (np.arange(len(one)) + 1) / len(one)
        seen = (one > 0) & (np.arange(len(one)) % 20 == 19)
        marks.measured(middle, one[seen], share[seen], colour=colour, markersize=2.2)
    places = ((4.3, 0.23), (3.1, 0.33), (1.8, 0.6))
    for place, alpha, colour in zip(places, ALPHAS, colours, strict=True):
        marks.label(left, place, rf"$\alpha = {alpha:g}$", colour)
    left.set(xlabel=r"eigenvalue $\lambda$", ylabel=r"$\lambda\,\rho(\lambda)$")
    left.set_title("weighted: semicircles", weight="normal")
    middle.set(xlabel=r"eigenvalue $\lambda$", ylabel="share up to $\\lambda$", ylim=(0, 1.03))
    middle.set_title("distribution", weight="normal")

    fine = np.geomspace(0.45, 36, 200)
    above = fine[fine > 1.15]
    lines = {k: (fine, spectra.moments(order=k, alpha=fine, v=V), GRID) for k in ORDERS}
    lines[-1] = (above, spectra.inverse_moment(alpha=above, v=V), INVERTIBLE)
    for row, (k, (x, y, points)) in enumerate(sorted(lines.items(), reverse=True)):
        colour = marks.SERIES[row]
        marks.theory(right, x, y, colour)
        marks.estimated(right, points, data["powers"][k], colour)
        place = (0.72, 0.92 - 0.1 * row)
        marks.label(right, place, f"$k = {k}$", colour, xycoords="axes fraction")
    right.set(xscale="log", yscale="log", xlabel=r"examples per input, $\alpha$")
    right.set(ylabel=r"mean of $\lambda^k$", yticks=(1, 3, 10, 30), xticks=(1, 10))
    marks.plain_ticks(right.xaxis, right.yaxis)
    right.set_title("moments", weight="normal")
