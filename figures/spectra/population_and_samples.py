"""Samples tend to the population. Left: all eigenvalues of R for 10 inputs of mean 1 and variance 2
are drawn against the number of examples, with one random draw for each number (dots). Lines are the
population, with one eigenvalue N m^2 + v and nine equal to v. Middle: the sum of all eigenvalues
has the mean N(m^2 + v) at every number of examples. Points are means of draws with 2 standard
errors. Right: without a mean the variance only scales the spectrum. Points are the largest
eigenvalues of four data sets multiplied by sqrt(v). Lines are v times the largest eigenvalue of
each unscaled set."""

import numpy as np
from matplotlib.figure import Figure

from companion.estimate import Estimate
from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.ensembles import gaussian, spectrum
from theory import spectra

SOURCE = cite("whybatchnorm", "R*U_N = (Nm^2+v)*U_N", "trace(R)")
SHOWS = (spectra.population, spectra.trace, spectra.variance_scaling)

N, M, V = 10, 1.0, 2.0
EXAMPLES = np.unique(np.geomspace(2, 100_000, 25).astype(int))
SEVERAL = np.array([2, 10, 100, 1000, 10_000])
VARIANCES = np.linspace(0.5, 4, 8)


def data(scale: Scale) -> dict:
    """Eigenvalues of single draws, mean traces, and rescaled data sets."""
    rng = np.random.default_rng(0)
    draws = scale.pick(8, 200, 2000)
    fans = [gaussian(rng, N, p, M, V).eigenvalues() for p in EXAMPLES]
    traces = [
        Estimate.of(gaussian(rng, N, p, M, V).eigenvalues().sum() for _ in range(draws))
        for p in SEVERAL
    ]
    tables = [rng.normal(size=(N, p)) for p in (5, 10, 20, 80)]
    scaled = [[spectrum(np.sqrt(v) * X)[-1] for v in VARIANCES] for X in tables]
    return {
        "fans": fans,
        "traces": traces,
        "tables": tables,
        "scaled": scaled,
        "note": f"N = {N} Gaussian inputs; middle: {draws} draws per point",
    }


def draw(fig: Figure, data: dict) -> None:
    """Draw a fan of eigenvalues, their sum, and their scale."""
    fig.set_size_inches(6.4, 2.7)
    left, middle, right = fig.subplots(1, 3)
    population = spectra.population(N=N, m=M, v=V)
    for p, values in zip(EXAMPLES, data["fans"], strict=True):
        marks.measured(left, np.full(N, p), values, markersize=1.6)
    for value in population.values():
        left.axhline(value, color=marks.THEORY, zorder=1)
    marks.label(left, (1e5, population["outlier"] + 1.2), "$Nm^2 + v$", marks.THEORY, ha="right")
    marks.label(left, (1e5, population["others"] + 1), "$v$", marks.THEORY, ha="right")
    left.set(xscale="log", xlabel="number of examples $p$", ylabel="eigenvalues")
    left.set_title("population", weight="normal")

    middle.axhline(spectra.trace(N=N, m=M, v=V), color=marks.THEORY)
    marks.estimated(middle, SEVERAL, data["traces"])
    marks.label(middle, (1e4, 31), "$N(m^2 + v)$", marks.THEORY, ha="right", va="bottom")
    middle.set(xscale="log", xlabel="number of examples $p$", ylabel="sum of the eigenvalues")
    middle.set(ylim=(20, 40), yticks=(20, 25, 30, 35, 40))
    middle.set_title("trace", weight="normal")

    fine = np.linspace(0.05, 4.2, 3)
    rows = zip(data["tables"], data["scaled"], marks.RAMP[1:], strict=True)
    for X, scaled, colour in rows:
        marks.theory(right, fine, [spectra.variance_scaling(X=X, v=v) for v in fine], colour)
        marks.measured(right, VARIANCES, scaled, colour=colour)
        end = spectra.variance_scaling(X=X, v=4.2)
        marks.label(right, (4.3, end), f"$p = {X.shape[1]}$", colour)
    right.set(xlabel="variance $v$", ylabel="largest eigenvalue", xlim=(0, 5.6))
    right.set_title("no mean", weight="normal")
