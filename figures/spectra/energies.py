"""One linear neuron with a mean explains two observations on trained networks. Left: the outlier is
one direction of N. Its share is drawn in the sum of all eigenvalues (L1 energy) and in the squared
length of the gradient from a random start, for m^2 = v. It holds half of the L1 energy and almost
all of the gradient. Middle: the cosine between the gradient and the way to the minimum is drawn,
without a mean. Lines are closed forms. Points are random data with random starts, with 2 standard
errors. Right: this cosine is drawn against the condition number, for inputs with a mean. Dots are
random starts and triangles are the worst start. No dot enters the shaded region below the bound,
and the worst start reaches the bound."""

import numpy as np
from matplotlib.figure import Figure

from companion.estimate import Estimate
from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.ensembles import gaussian
from theory import spectra

SOURCE = cite("whybatchnorm", "L1 Energy", "Figure 11", "Figure 12")
SHOWS = (
    spectra.energy_l1,
    spectra.energy_gradient,
    spectra.energy_cosine,
    spectra.energy_cosine_bound,
)

M, V = 1.0, 1.0
INPUTS = np.array([2, 4, 8, 16, 32, 64, 128, 256, 512])
MANY = 10_000  # examples per input, nearly the population
ALPHAS = np.array([0.25, 0.5, 1, 2, 4, 8, 16])
MEANS = (0.0, 0.1, 0.2, 0.5, 1.0)


def _cosine(lam: np.ndarray, start: np.ndarray) -> float:
    """The cosine between gradient and displacement, d'Rd/(|d| |Rd|), in the eigenbasis of R."""
    return float(lam @ start**2 / np.linalg.norm(start) / np.linalg.norm(lam * start))


def data(scale: Scale) -> dict:
    """Shares of the top direction, and cosines on bulks and on spectra with an outlier."""
    rng = np.random.default_rng(0)
    draws, size = scale.pick((8, 60), (100, 300), (1000, 1000))

    def shares(N: int) -> tuple[float, np.ndarray]:
        lam = gaussian(rng, N, MANY * N, M, V).eigenvalues()
        gradient = (lam * rng.normal(size=N)) ** 2
        return float(lam[-1] / lam.sum()), gradient

    linear, squared = [], []
    for N in INPUTS:
        drawn = [shares(N) for _ in range(draws)]
        linear.append(Estimate.of(share for share, _ in drawn))
        tops = np.array([gradient[-1] for _, gradient in drawn])
        totals = np.array([gradient.sum() for _, gradient in drawn])
        squared.append(_ratio(tops, totals))

    def bulk_cosine(alpha: float) -> float:
        lam = gaussian(rng, size, int(alpha * size), variance=V).eigenvalues()
        return _cosine(lam, rng.normal(size=size))

    clouds, worst = [], []
    for mean in MEANS:
        for alpha in (1.5, 2, 4, 16):
            lam = gaussian(rng, 100, int(alpha * 100), mean, V).eigenvalues()
            kappa = lam[-1] / lam[0]
            extreme = np.zeros(100)
            extreme[[0, -1]] = np.sqrt(kappa), 1.0  # Kantorovich's equality
            clouds += [(kappa, _cosine(lam, rng.normal(size=100))) for _ in range(8)]
            worst.append((kappa, _cosine(lam, extreme)))
    return {
        "linear": linear,
        "squared": squared,
        "cosines": [Estimate.of(bulk_cosine(alpha) for _ in range(draws)) for alpha in ALPHAS],
        "cloud": np.array(clouds),
        "worst": np.array(worst),
        "note": f"Gaussian inputs, {draws} draws per point, N = {size} (middle), N = 100 (right)",
    }


def _ratio(tops: np.ndarray, totals: np.ndarray) -> Estimate:
    """The ratio of two means, with the error of the linearised ratio."""
    ratio = tops.mean() / totals.mean()
    return Estimate(ratio, Estimate.of((tops - ratio * totals) / totals.mean()).stderr, len(tops))


def draw(fig: Figure, data: dict) -> None:
    """Draw shares against N, the cosine against alpha, and the cosine against kappa."""
    fig.set_size_inches(6.4, 2.8)
    left, middle, right = fig.subplots(1, 3)
    fine = np.unique(np.geomspace(2, 600, 80).astype(int))
    for claim, name, colour in (
        (spectra.energy_gradient, "squared", marks.SECOND),
        (spectra.energy_l1, "linear", marks.THEORY),
    ):
        marks.theory(left, fine, claim(N=fine, m=M, v=V), colour)
        marks.estimated(left, INPUTS, data[name], colour)
    marks.label(left, (600, 0.85), "gradient energy", marks.SECOND, ha="right")
    marks.label(left, (600, 0.6), "L1 energy", marks.THEORY, ha="right")
    left.set(xscale="log", xlabel="number of inputs $N$", ylabel="share of the outlier")
    left.set(ylim=(0, 1.04), xticks=(2, 10, 100))

    fine = np.geomspace(0.2, 20, 100)
    marks.theory(middle, fine, spectra.energy_cosine(alpha=fine))
    marks.estimated(middle, ALPHAS, data["cosines"])
    marks.label(middle, (1.2, 0.62), r"$\sqrt{\alpha/(1 + \alpha)}$", marks.THEORY)
    middle.set(xscale="log", xlabel=r"examples per input, $\alpha$", ylabel="cosine")
    middle.set(ylim=(0, 1.04), xticks=(0.3, 1, 3, 10))

    kappas = np.geomspace(2, 1.2 * data["worst"][:, 0].max(), 60)
    bounds = [
        spectra.energy_cosine_bound(R=np.diag([1.0, kappa]), u=np.array([1.0, 0.0]))["lower"]
        for kappa in kappas
    ]
    marks.band(right, kappas, 0, bounds)
    marks.theory(right, kappas, bounds)
    marks.measured(right, data["cloud"][:, 0], data["cloud"][:, 1], markersize=1.6)
    right.plot(*data["worst"].T, "^", color=marks.THEORY, markersize=4)
    marks.label(right, (2.2, 0.1), "forbidden", marks.THEORY, path_effects=[])
    right.set(xscale="log", xlabel=r"condition number $\kappa$", ylabel="cosine", ylim=(0, 1.04))
    marks.plain_ticks(left.xaxis, middle.xaxis)
