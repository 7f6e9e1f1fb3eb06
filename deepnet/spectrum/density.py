"""The density of all the Hessian's eigenvalues: ``python -m deepnet spectrum --density``.

Lanczos quadrature gives the histogram and the smoothed density. Each number has two errors: the
interval of the probes, which contains the truth with a chance of 95 per cent, and the change from
half the steps. Eigenvalues that all probes have found are counted, and have no error.
"""

from collections.abc import Callable, Sequence
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
#: An error of this share of a number is rounding.
ROUNDING = 1e-12
#: What is said of each quantity. See ``deepnet.curvature.Density``.
NUMBERS = ("mean", "stderr", "quadrature", "low", "high")


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

    def answer(self, batches: Batches, operator: LinearOperator) -> dict[str, Any]:
        """The mean loss, the gradient's length, sums over the eigenvalues, and their density.

        ``operator`` is the Hessian over ``batches``. Raises UsageError where a batch is too small
        for its norm, or a number is not finite.
        """
        loss, gradient = at_weights(batches)
        watch = partial(track, total=self.probes * self.steps, what="products")
        rng = np.random.default_rng([self.seed, STREAM])
        try:
            estimate = quadrature(operator, rng, self.probes, self.steps, watch=watch)
        except FloatingPointError as error:
            raise UsageError("a Hessian product is not finite; use other weights") from error
        return {
            "loss": loss,
            "grad_norm": float(np.linalg.norm(gradient)),
            **_results(estimate, self.kernel),
            "probes": self.probes,
            "steps": estimate.rule.nodes.shape[1],
        }

    def print_row(self, row: dict[str, Any]) -> None:
        """Print the sums and the histogram in ``row`` as tables.

        A star stands beside the larger of the two errors.
        """
        print("sum over eigenvalues   probes, 95 %                  quadrature")
        for key, name in {"trace": "value", "absolute": "|value|", "squares": "value^2"}.items():
            numbers = [row[key][number] for number in NUMBERS]
            print(f"{name:<7} {numbers[0]:>12.6g}   {_errors(numbers, '{:.6g}'.format, 28)}")
        print("\neigenvalues from          to   how many   probes, 95 %         quadrature")
        part = row["histogram"]
        counts = np.array([part[number] for number in NUMBERS]).T * row["parameters"]
        for low, high, numbers in zip(
            part["edges"], part["edges"][1:], counts.tolist(), strict=False
        ):
            if numbers[0] >= NONE:
                errors = _errors(numbers, _count, 19)
                print(f"{low:>16.6g} {high:>11.6g} {_count(numbers[0]):>10}   {errors}")
        known, parameters = len(row["known"]), row["parameters"]
        print(f"\n{known:,} of {parameters:,} eigenvalues are known exactly; * is the larger error")
        print(f"{row['probes']} probes of {row['steps']} steps in {row['seconds']:.3g} s")

    def doubts(self, row: dict[str, Any]) -> str:
        """The empty text: each number in ``row`` has its errors beside it."""
        return ""


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


def _results(estimate: Quadrature, kernel: float | None) -> dict[str, Any]:
    variance = kernel_variance(estimate) if kernel is None else share_of_range(estimate, kernel)
    points = grid(estimate, variance)
    edges = np.linspace(points[0], points[-1], BINS + 1)
    return {
        "trace": _sum(estimate, estimate.integral(lambda x: x)),
        "absolute": _sum(estimate, estimate.integral(np.abs)),
        "squares": _sum(estimate, estimate.integral(np.square)),
        "known": estimate.eigenvalues,
        "histogram": _listed("edges", histogram(estimate, edges)),
        "density": _listed("at", density(estimate, points, variance)),
        "kernel_variance": variance,
        "nodes": estimate.rule.nodes,
        "weights": estimate.rule.weights,
    }


def _sum(estimate: Quadrature, mean: Integral) -> dict[str, float]:
    """The sum over all eigenvalues."""
    return {name: estimate.size * value for name, value in _numbers(mean).items()}


def _listed(at: str, curve: Density) -> dict[str, Any]:
    return {at: curve.points, **_numbers(curve)}


def _numbers(estimate: Any) -> dict[str, Any]:
    return {name: getattr(estimate, name) for name in NUMBERS}


def _count(number: float) -> str:
    return f"{number:,.1f}".removesuffix(".0")


def _errors(numbers: Sequence[float], written: Callable[[float], str], width: int) -> str:
    """The interval of the probes and the change by the quadrature, the larger with a star."""
    mean, _, quadrature, low, high = numbers
    probes = max(high - mean, mean - low)
    if max(probes, quadrature) <= ROUNDING * abs(mean):
        return "exact"
    interval = f"{written(low)} to {written(high)}" + "*" * (probes > quadrature)
    return f"{interval:<{width}}  ±{quadrature:.1e}" + "*" * (quadrature > probes)
