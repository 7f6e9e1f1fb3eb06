"""What ``python -m deepnet spectrum --density`` computes and prints: the density of eigenvalues.

Histogram and smoothed density are by Lanczos quadrature, each number with two errors: the standard
error over the probes, and the change from half the steps.
"""

import time
from functools import partial
from typing import Any

import numpy as np

from companion.command import Exit, strict_json
from companion.errors import UsageError
from companion.progress import track
from deepnet.curvature import (
    Density,
    Integral,
    Quadrature,
    density,
    hessian,
    histogram,
    kernel_variance,
    quadrature,
)
from deepnet.spectrum import at_weights

BINS = 20
POINTS = 500
#: A bin of less than this many eigenvalues has none: it is left out of the table.
NONE = 0.1


def print_density(options: Any, batches: Any) -> int:
    """Compute the density at the options' weights and print it; the exit code."""
    started = time.perf_counter()
    loss, gradient = at_weights(batches)
    watch = partial(track, total=options.probes * options.steps, what="products")
    try:
        found = quadrature(
            hessian(batches),
            np.random.default_rng(options.seed),
            options.probes,
            options.steps,
            watch=watch,
        )
    except FloatingPointError as error:
        raise UsageError("a Hessian product is not finite; use other weights") from error
    row = {
        "net": options.net,
        "norm": options.norm,
        "parameters": batches.parameters,
        "examples": batches.examples,
        "loss": loss,
        "grad_norm": float(np.linalg.norm(gradient)),
        **_results(found),
        "probes": options.probes,
        "steps": found.rule.nodes.shape[1],
        "dtype": options.dtype,
        "seconds": time.perf_counter() - started,
    }
    print(strict_json(row)) if options.json else _print(row)
    return Exit.OK


def _results(found: Quadrature) -> dict[str, Any]:
    variance = kernel_variance(found)
    low, high = found.rule.nodes.min(), found.rule.nodes.max()
    margin = 4 * variance**0.5
    ends = low - margin, high + margin
    return {
        "trace": _sum(found, found.integral(lambda x: x)),
        "absolute": _sum(found, found.integral(np.abs)),
        "squares": _sum(found, found.integral(np.square)),
        "histogram": _listed("edges", histogram(found, np.linspace(*ends, BINS + 1))),
        "density": _listed("at", density(found, np.linspace(*ends, POINTS), variance)),
        "kernel_variance": variance,
        "nodes": found.rule.nodes,
        "weights": found.rule.weights,
    }


def _sum(found: Quadrature, mean: Integral) -> dict[str, float]:
    """The sum over all eigenvalues."""
    errors = {"mean": mean.mean, "stderr": mean.stderr, "quadrature": mean.quadrature}
    return {name: found.size * value for name, value in errors.items()}


def _listed(at: str, found: Density) -> dict[str, Any]:
    return {
        at: found.points,
        "mean": found.mean,
        "stderr": found.stderr,
        "quadrature": found.quadrature,
    }


def _print(row: dict[str, Any]) -> None:
    n = row["parameters"]
    print(
        f"net {row['net']}, norm {row['norm']}, {n:,} parameters, "
        f"{row['examples']:,} examples, {row['dtype']}"
    )
    print(f"loss           {row['loss']:.12g}\ngradient norm  {row['grad_norm']:.12g}\n")
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
        count, stderr, change = (n * each for each in share)
        if count >= NONE:
            print(f"{low:>19.6g} {high:>10.6g} {count:>11.1f}   {_errors(count, stderr, change)}")
    print(f"\n{row['probes']} probes of {row['steps']} steps in {row['seconds']:.3g} s")


def _errors(mean: float, stderr: float, quadrature: float) -> str:
    return f"±{stderr:.1e}    ±{quadrature:.1e}"
