"""The density of all the Hessian's eigenvalues: ``python -m deepnet spectrum --density``.

Lanczos quadrature gives the histogram and the smoothed density. Each number has two errors: the
standard error over the probes, and the change from half the steps.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from scipy.sparse.linalg import LinearOperator

from companion.errors import UsageError
from companion.progress import track
from deepnet.curvature import (
    Batches,
    Density,
    Integral,
    Quadrature,
    density,
    grid,
    hessian,
    histogram,
    kernel_variance,
    quadrature,
    share_of_range,
)
from deepnet.spectrum.ends import STREAM, at_weights

BINS = 20
#: The standard deviation of the kernel of the smoothed density, as a share of the range.
KERNEL = 0.005
#: The kernel of this source is not a share of the range.
GHORBANI = "ghorbani2019"
#: A bin of less than this many eigenvalues has none: it is left out of the table.
NONE = 0.1


@dataclass(frozen=True)
class Probes:
    """The random vectors from which the density is estimated, with Lanczos from each of them.

    probes  the number of vectors
    steps   the number of Hessian products per vector
    seed    the seed from which the vectors are drawn
    kernel  the standard deviation of the density's kernel, as a share of the range of the
            eigenvalues (None: the kernel of ghorbani2019)
    """

    probes: int
    steps: int
    seed: int
    kernel: float | None = KERNEL


def kernel_of(text: str) -> float | None:
    """The kernel that an option names: a share of the range, or None for "ghorbani2019".

    Raises UsageError for any other text.
    """
    if text == GHORBANI:
        return None
    try:
        share = float(text)
    except ValueError:
        share = 0.0
    if not 0 < share <= 1:
        raise UsageError(
            f"--kernel {text}: give a share of the range above 0 and at most 1, such as {KERNEL}, "
            f"or {GHORBANI}"
        )
    return share


def facts(
    batches: Batches, asked: Probes, operator: LinearOperator | None = None
) -> dict[str, Any]:
    """The mean loss, the gradient's length, sums over the eigenvalues, and their density.

    ``operator`` is the Hessian, such as ``checkpointed`` returns (None: ``hessian(batches)``).
    Raises UsageError where a batch is too small for its norm, or a number is not finite.
    """
    loss, gradient = at_weights(batches)
    watch = partial(track, total=asked.probes * asked.steps, what="products")
    rng = np.random.default_rng([asked.seed, STREAM])
    operator = hessian(batches) if operator is None else operator
    try:
        estimate = quadrature(operator, rng, asked.probes, asked.steps, watch=watch)
    except FloatingPointError as error:
        raise UsageError("a Hessian product is not finite; use other weights") from error
    return {
        "loss": loss,
        "grad_norm": float(np.linalg.norm(gradient)),
        **_results(estimate, asked.kernel),
        "probes": asked.probes,
        "steps": estimate.rule.nodes.shape[1],
    }


def _results(estimate: Quadrature, kernel: float | None) -> dict[str, Any]:
    variance = kernel_variance(estimate) if kernel is None else share_of_range(estimate, kernel)
    points = grid(estimate, variance)
    edges = np.linspace(points[0], points[-1], BINS + 1)
    return {
        "trace": _sum(estimate, estimate.integral(lambda x: x)),
        "absolute": _sum(estimate, estimate.integral(np.abs)),
        "squares": _sum(estimate, estimate.integral(np.square)),
        "histogram": _listed("edges", histogram(estimate, edges)),
        "density": _listed("at", density(estimate, points, variance)),
        "kernel_variance": variance,
        "nodes": estimate.rule.nodes,
        "weights": estimate.rule.weights,
    }


def _sum(estimate: Quadrature, mean: Integral) -> dict[str, float]:
    """The sum over all eigenvalues."""
    errors = {"mean": mean.mean, "stderr": mean.stderr, "quadrature": mean.quadrature}
    return {name: estimate.size * value for name, value in errors.items()}


def _listed(at: str, curve: Density) -> dict[str, Any]:
    return {
        at: curve.points,
        "mean": curve.mean,
        "stderr": curve.stderr,
        "quadrature": curve.quadrature,
    }


def print_row(row: dict[str, Any]) -> None:
    """Print the sums and the histogram in ``row`` as tables."""
    print("sum over eigenvalues        probes      quadrature")
    names = {"trace": "value", "absolute": "|value|", "squares": "value^2"}
    for key, name in names.items():
        part = row[key]
        print(
            f"{name:<10} {part['mean']:>15.6g}   ±{part['stderr']:.1e}    ±{part['quadrature']:.1e}"
        )
    print("\n   eigenvalues from         to    how many   probes      quadrature")
    part = row["histogram"]
    columns = (part["edges"], part["edges"][1:], part["mean"], part["stderr"], part["quadrature"])
    for low, high, *share in zip(*columns, strict=False):
        count, stderr, change = (row["parameters"] * each for each in share)
        if count >= NONE:
            print(f"{low:>19.6g} {high:>10.6g} {count:>11.1f}   {_errors(count, stderr, change)}")
    print(f"\n{row['probes']} probes of {row['steps']} steps in {row['seconds']:.3g} s")


def _errors(mean: float, stderr: float, quadrature: float) -> str:
    return f"±{stderr:.1e}    ±{quadrature:.1e}"
