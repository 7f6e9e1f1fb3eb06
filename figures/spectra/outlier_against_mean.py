"""The largest eigenvalue against the mean of the inputs. Below the threshold
|m| = sqrt(v)/(Np)^(1/4) it stays at the bulk's edge; above, it follows (v + t)(v/alpha + t)/t with
t = N m^2, not the population value N m^2 + v. Points: mean of random draws with two standard
errors."""

import numpy as np
from matplotlib.figure import Figure

from companion.estimate import Estimate
from companion.references import cite
from companion.scale import Scale
from figures import marks
from sim.ensembles import gaussian
from theory import spectra

SOURCE = cite("whybatchnorm", "lambda_N = N m^2 + v")
SHOWS = (spectra.outlier,)

N, ALPHA, V = 400, 0.5, 1.0


def data(scale: Scale) -> dict:
    """Means of the largest eigenvalue on a grid of means m."""
    rng = np.random.default_rng(0)
    draws = scale.pick(4, 100, 1000)
    grid = np.linspace(0.0, 0.2, 21)
    estimates = [
        Estimate.of(gaussian(rng, N, int(ALPHA * N), m, V).largest() for _ in range(draws))
        for m in grid
    ]
    return {
        "m": grid,
        "mean": np.array([estimate.mean for estimate in estimates]),
        "stderr": np.array([estimate.stderr for estimate in estimates]),
        "note": f"N = {N}, p = {int(ALPHA * N)}, v = 1, {draws} Gaussian draws a point",
    }


def draw(fig: Figure, data: dict) -> None:
    """Theory as a line, the source's value dashed, measurement as points."""
    ax = fig.subplots()
    fine = np.linspace(0, data["m"][-1], 400)
    marks.theory(ax, fine, spectra.outlier(N=N, alpha=ALPHA, m=fine, v=V))
    marks.printed(ax, fine, N * fine**2 + V)
    marks.measured(ax, data["m"], data["mean"], data["stderr"])
    ax.set(xlabel="mean of an input, m", ylabel="largest eigenvalue of R")
