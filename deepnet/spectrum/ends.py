"""Both ends of the Hessian's spectrum, with loss and gradient, of any problem over batches."""

import math
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from companion.errors import UsageError
from companion.progress import track
from deepnet.backend import to_host
from deepnet.curvature import Batches, Eigenpairs, hessian, lanczos


@dataclass(frozen=True)
class Ends:
    """What is asked of the ends: the ``top`` largest and the ``bottom`` smallest eigenvalues.

    Lanczos stops after ``products`` Hessian products, or where each residual |Hv - value v| is at
    most ``tolerance`` |value|. Its start vector is drawn from ``seed``.
    """

    top: int
    bottom: int
    products: int
    tolerance: float
    seed: int


def facts(batches: Batches, asked: Ends) -> dict[str, Any]:
    """The mean loss, the gradient's length, and the ends with their residuals.

    Raises UsageError where more eigenvalues are asked for than there are, or than the products
    give; where a batch is too small for its norm; and where a number is not finite.
    """
    _require_enough(batches.parameters, asked)
    loss, gradient = at_weights(batches)
    pairs = _pairs(batches, asked)
    listed = [
        {"value": float(value), "residual": float(residual)}
        for value, residual in zip(pairs.values, pairs.residuals, strict=True)
    ]
    return {
        "loss": loss,
        "grad_norm": float(np.linalg.norm(gradient)),
        "top": listed[: asked.top],
        "bottom": listed[asked.top :],
        "products": pairs.products,
    }


def settled(row: dict[str, Any], asked: Ends) -> bool:
    """Whether Lanczos stopped by itself, or all residuals in ``row`` are within the tolerance."""
    if row["products"] < asked.products or row["products"] == row["parameters"]:
        return True
    pairs = [*row["top"], *row["bottom"]]
    return all(pair["residual"] <= asked.tolerance * abs(pair["value"]) for pair in pairs)


def print_row(row: dict[str, Any]) -> None:
    """Print the ends in ``row`` as a table."""
    print("               eigenvalue   residual")
    for end in ("top", "bottom"):
        for place, pair in enumerate(row[end], 1):
            print(f"{end:<6} {place:<3} {pair['value']:>15.10g}   {pair['residual']:.1e}")
    print(f"\n{row['products']} products in {row['seconds']:.3g} s")


def at_weights(batches: Batches) -> tuple[float, np.ndarray]:
    """The mean loss over ``batches`` and its gradient, (parameters,) in flat order.

    Raises UsageError where a batch is too small for its norm, or they are not finite.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # an overflow is an error of its own
        try:
            loss, gradient = batches.loss(), to_host(batches.gradient())
        except ValueError as error:  # a batch of one value for its norm
            raise UsageError(str(error)) from error
    if not (math.isfinite(loss) and np.isfinite(gradient).all()):
        raise UsageError(f"the loss is {loss:.3g}, its gradient not finite; use other weights")
    return loss, gradient


def _require_enough(parameters: int, asked: Ends) -> None:
    wanted = asked.top + asked.bottom
    if not 1 <= wanted <= parameters:
        raise UsageError(
            f"--top {asked.top} --bottom {asked.bottom} asks for {wanted} of {parameters} "
            f"eigenvalues; give 1 to {parameters}"
        )
    if asked.products <= wanted and asked.products < parameters:
        raise UsageError(f"--products {asked.products} are too few for {wanted} eigenvalues")


def _pairs(batches: Batches, asked: Ends) -> Eigenpairs:
    """The eigenpairs, those of the top first."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # an overflow is an error of its own
        try:
            return lanczos(
                hessian(batches),
                np.random.default_rng(asked.seed),
                asked.top,
                asked.bottom,
                products=asked.products,
                tolerance=asked.tolerance,
                watch=lambda steps: track(steps, asked.products, "products (at most)"),
            )
        except FloatingPointError as error:
            raise UsageError("a Hessian product is not finite; use other weights") from error
