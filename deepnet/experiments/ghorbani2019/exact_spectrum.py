"""Lanczos quadrature of a small dense net's Hessian is compared with its whole spectrum.

The spectrum is computed exactly in double precision. The comparison is about the densities, which
are smoothed alike, the trace and the sum of squares.
"""

from functools import partial
from typing import Any, Literal

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet import ops
from deepnet.curvature import Batches, Integral, density, hessian, kernel_variance, quadrature
from deepnet.experiments import images
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.ghorbani2019.shared.measures import QUADRATURE, from_arrays, to_arrays
from deepnet.experiments.outcome import by_accuracy
from deepnet.experiments.reasons import SEEN
from deepnet.experiments.store import Arrays
from deepnet.experiments.trained import at_constant_rate
from deepnet.nets.initialise import initialise
from deepnet.nets.mlp import mlp
from deepnet.nets.modes import norm_named
from deepnet.problem import Problem
from deepnet.training import SGD, beginning, train

VERSION = 3
SOURCE = cite("ghorbani2019", "accuracy of the spectrum's estimate, by an exact one")
NETS: tuple[Literal["active", "none"], ...] = ("active", "none")


def configuration(scale: Scale) -> dict[str, Any]:
    """Return the configuration: a perceptron of at most 1,440 weights on averaged images.

    ``probes``, ``steps``, ``kernel`` and ``points`` are the authors' own, but at tiny.
    """
    return {
        "train": scale.pick(40, 5000, 50_000),
        "test": scale.pick(10, 1000, 1000),
        "halvings": scale.pick(4, 3, 3),
        "hidden": scale.pick([6], [20, 16], [20, 16]),
        "batch": scale.pick(20, 100, 100),
        "epochs": 2,
        "rate": 0.1,
        "examples": scale.pick(20, 500, 500),
        "probes": scale.pick(3, 10, 10),
        "steps": scale.pick(10, 90, 90),
        "kernel": 1e-5,
        "points": scale.pick(200, 10_000, 10_000),
    }


def run(context: Context) -> Arrays:
    """The exact spectrum and its quadrature for the net with batch norm and the net without.

    "<net>:eigenvalues" (n,): the exact eigenvalues.
    "<net>:nodes" and so on: the quadrature as ``to_arrays`` stores it.
    "<net>:variance": the variance of the kernel.
    "<net>:difference" and so on: what ``compare`` returns.

    Raises UsageError where images cannot be averaged.
    """
    arrays: Arrays = {}
    for name in NETS:
        spectra = context.stage(name, partial(_spectra, name, context))
        spectra |= compare(spectra, float(spectra["variance"]), context.config["points"])
        arrays |= {f"{name}:{quantity}": array for quantity, array in spectra.items()}
    return arrays


def _spectra(name: Literal["active", "none"], context: Context) -> Arrays:
    config = context.config
    data = context.data
    for _ in range(config["halvings"]):
        data = data.halved()
    inputs = int(np.prod(data.x_train.shape[1:]))
    net = mlp((inputs, *config["hidden"], data.classes), ops.relu)
    problem = Problem(net, norm_named(name))
    counts = {"epochs": config["epochs"], "batch": config["batch"], "seed": context.seed}
    training = at_constant_rate(config["rate"], SGD(momentum=0.9), **counts)
    weights = initialise(net, context.rng("weights"), "he_normal", "float64")
    *_, state = train(problem, data, training, beginning(weights, training))
    examples = images.batch(data, slice(config["examples"]), dtype=float)
    operator = hessian(Batches(problem, state.weights, [examples]))
    whole = operator @ np.eye(operator.shape[0])
    H = context.checkpointed(operator, state.weights)
    estimate = quadrature(H, context.rng("probes"), config["probes"], config["steps"])
    return to_arrays(estimate) | {
        "eigenvalues": np.linalg.eigvalsh((whole + whole.T) / 2),
        "variance": np.array(kernel_variance(estimate, config["kernel"])),
        "fate": np.array(by_accuracy(state, data, training)),
    }


def compare(spectra: Arrays, variance: float, points: int) -> Arrays:
    """Distances between the quadrature and the exact spectrum.

    Densities are smoothed by kernels of this ``variance``.

    ``difference``: the integral of |density - exact density|.
    ``stderr``: the integral of the density's standard error over probes.
    ``semicircle``: the integral of |semicircle - exact density|, with equal mean and mean square.
    ``trace``: the mean minus the exact mean, in standard errors as ``_in_errors`` counts them.
    ``squares``: the mean square minus the exact mean square, in standard errors.
    """
    q, values = from_arrays(spectra), spectra["eigenvalues"]
    ends = np.array([values.min(), values.max()])
    # the grid is fine, since points between narrow kernels would miss them
    margin = 5 * np.sqrt(variance)
    grid = np.linspace(ends[0] - margin, ends[1] + margin, points)
    step = grid[1] - grid[0]
    ours = density(q, grid, variance)
    theirs = smoothed(values, grid, variance)
    other = smoothed(semicircle(values), grid, variance)
    arrays = {
        "difference": np.abs(ours.mean - theirs).sum() * step,
        "stderr": ours.stderr.sum() * step,
        "semicircle": np.abs(other - theirs).sum() * step,
    }
    for moment, power in (("trace", np.positive), ("squares", np.square)):
        arrays[moment] = np.array(_in_errors(q.integral(power), power(values)))
    return {moment: np.asarray(value) for moment, value in arrays.items()}


def _in_errors(estimate: Integral, exact: np.ndarray) -> float:
    """The deviation from the mean of ``exact`` in standard errors, which are rounding at least.

    Where all eigenvalues are known, the standard error is 0. The rounding of a mean of n numbers is
    below n units in the last place of the largest number.
    """
    rounding = len(exact) * np.finfo(float).eps * np.abs(exact).max()
    return float((estimate.mean - exact.mean()) / max(estimate.stderr, rounding))


def smoothed(eigenvalues: np.ndarray, grid: np.ndarray, variance: float) -> np.ndarray:
    """The mean over ``eigenvalues`` of the normal density of this variance at each, on ``grid``."""
    total = np.zeros(len(grid))
    for eigenvalue in eigenvalues:
        total += np.exp(-((grid - eigenvalue) ** 2) / (2 * variance))
    return total / len(eigenvalues) / np.sqrt(2 * np.pi * variance)


def semicircle(eigenvalues: np.ndarray) -> np.ndarray:
    """Quantiles (n,) of the semicircle that has the mean and mean square of the ``eigenvalues``."""
    from scipy.stats import semicircular

    n = len(eigenvalues)
    quantiles = semicircular.ppf((np.arange(n) + 0.5) / n)
    return np.asarray(eigenvalues.mean() + 2 * eigenvalues.std() * quantiles)


def _excess(difference: str) -> Measure:
    """``difference`` minus four standard errors, the larger of both nets."""
    return lambda arrays: float(
        max(arrays[f"{name}:{difference}"] - 4 * arrays[f"{name}:stderr"] for name in NETS)
    )


def _errors(arrays: Arrays) -> float:
    """The largest deviation of trace and sum of squares, in standard errors."""
    errors = [abs(arrays[f"{name}:{moment}"]) for name in NETS for moment in ("trace", "squares")]
    return float(max(errors))


def _errors_of_the_other(arrays: Arrays) -> float:
    """Null: the deviation from the other net's exact sum of squares, in standard errors."""
    errors = []
    for name, other in zip(NETS, NETS[::-1], strict=True):
        q = from_arrays({part: arrays[f"{name}:{part}"] for part in QUADRATURE})
        elsewhere = arrays[f"{other}:eigenvalues"] ** 2
        errors.append(abs(_in_errors(q.integral(np.square), elsewhere)))
    return float(max(errors))


OBSERVATIONS = (
    Observation(
        "exact_spectrum.density_less_four_errors",
        says=(
            "The density by quadrature differs from the exact density by at most 0.02 plus four "
            "standard errors, integrated, with batch norm and without."
        ),
        exact=True,
        band=(-np.inf, 0.02),
        measure=_excess("difference"),
        null=_excess("semicircle"),
    ),
    Observation(
        "exact_spectrum.moments_in_errors",
        says=(
            "The quadrature's trace and sum of squares lie within four standard errors of the "
            "exact ones, with batch norm and without."
        ),
        exact=True,
        band=(0.0, 4.0),
        measure=_errors,
        null=_errors_of_the_other,
        stated="after",
        was="Deviations were divided by the standard error itself.",
        why=f"The standard error is 0 where all eigenvalues are known, or is rounding. {SEEN}",
    ),
)
