"""The figure shows the spectrum of a large Kronecker product of two random second-moment matrices.
Each matrix has size N and is made of N examples. Left: the histogram of the N^2 eigenvalues is
drawn over their logarithm, as means of draws with 2 standard errors. The line is the multiplicative
convolution of the two densities. Middle: the moments of the product are the products of the moments
of its factors. The line is from one pair A and S, and points are from its product. Right: the
standard deviation of the mean eigenvalue is drawn against N. It falls as for N + N independent
eigenvalues, and not as for N^2 (dotted)."""

import numpy as np
from matplotlib.figure import Figure

from companion.estimate import Estimate
from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.ensembles import gaussian
from theory import kronecker

SOURCE = cite("grosse2021", "the eigenvalues of A (x) B are the products")
SHOWS = (kronecker.product_density, kronecker.product_moments, kronecker.product_fluctuation)

BINS = np.geomspace(1e-4, 16, 26)
ORDERS = np.arange(1, 7)
SIZES = (4, 8, 16, 32, 64)
P = 20


def data(scale: Scale) -> dict:
    """Histograms of products of eigenvalues, and mean eigenvalues of small products."""
    rng = np.random.default_rng(0)
    N, draws = scale.pick((60, 8), (200, 64), (1000, 256))
    steps, rows = np.diff(np.log(BINS)), []
    for _ in range(draws):
        first, second = (gaussian(rng, N, N).eigenvalues() for _ in range(2))
        rows.append(np.histogram(np.outer(first, second), BINS)[0] / N**2 / steps)
    A, S = (np.cov(rng.normal(size=(size, 12)), bias=True) for size in (5, 4))
    eigenvalues = np.linalg.eigvalsh(np.kron(A, S))
    count = scale.pick(64, 1000, 20000)
    spreads = []
    for size in SIZES:
        traces = [rng.chisquare(size * P, count) / (size * P) for _ in range(2)]
        spreads.append(np.prod(traces, axis=0).std(ddof=1))
    return {
        "heights": [Estimate.of(column) for column in np.transpose(rows)],
        "A": A,
        "S": S,
        "moments": [np.mean(eigenvalues**k) for k in ORDERS],
        "spreads": np.array(spreads),
        "errors": np.array(spreads) / np.sqrt(2 * count),
        "note": f"left: N = {N}, {draws} draws; right: {P} examples, {count} draws per point",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw the density, the moments and the fluctuation."""
    fig.set_size_inches(6.8, 2.5)
    left, middle, right = fig.subplots(1, 3)
    heights = [each.mean for each in data["heights"]]
    left.stairs(heights, BINS, fill=True, color="#D0D0D0", zorder=0)
    middles = np.sqrt(BINS[1:] * BINS[:-1])
    marks.estimated(left, middles, data["heights"], "#555555", fmt="none", capsize=0)
    lam = np.geomspace(BINS[0], BINS[-1], 300)
    marks.theory(left, lam, lam * kronecker.product_density(lam=lam, v=1.0))
    left.set(xscale="log", xlabel=r"eigenvalue $\lambda$", ylabel=r"density of $\log\lambda$")
    left.set(xticks=(1e-3, 0.1, 10), ylim=(0, None))
    marks.plain_ticks(left.xaxis)
    left.set_title("convolution", weight="normal")

    predicted = [kronecker.product_moments(A=data["A"], S=data["S"], order=int(k)) for k in ORDERS]
    marks.theory(middle, ORDERS, predicted)
    marks.measured(middle, ORDERS, data["moments"])
    middle.set(yscale="log", xlabel="order $k$", ylabel=r"mean of $\lambda^k$", xticks=ORDERS)
    middle.set_title("moments multiply", weight="normal")

    fine = np.arange(3, 90)
    right.set(xscale="log", yscale="log")
    variance = [kronecker.product_fluctuation(N=N, n=N, p=P, v=1.0)["variance"] for N in fine]
    marks.theory(right, fine, np.sqrt(variance))
    twin = kronecker.product_fluctuation.twins["of N n eigenvalues"]
    few = [twin(N=N, n=N, p=P, v=1.0)["variance"] for N in fine]
    right.plot(fine, np.sqrt(few), ":", color=marks.QUIET)
    marks.measured(right, SIZES, data["spreads"], data["errors"])
    marks.label(right, (12, 0.16), "$2N$", marks.THEORY)
    marks.label(right, (5, 0.024), "$N^2$", marks.QUIET)
    right.set(xlabel="size $N$", ylabel="std of the mean eigenvalue", xticks=(4, 10, 30))
    right.set(yticks=(0.01, 0.1))
    marks.plain_ticks(right.xaxis, right.yaxis)
    right.set_title("fluctuation", weight="normal")
