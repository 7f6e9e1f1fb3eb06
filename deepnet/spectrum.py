"""The spectrum of one's own weights: loss, gradient norm, and eigenvalues at both ends.

The analysis of any problem. ``deepnet.own_nets`` has the nets that the command knows by name,
``deepnet.own_weights`` reads their weights and data.
"""

import math
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from companion.errors import UsageError
from deepnet.backend import to_host
from deepnet.curvature import Batches, Eigenpairs, hessian, lanczos


@dataclass(frozen=True)
class Spectrum:
    """The mean loss over the data, |gradient|, and ``pairs``: the top, then the bottom ones."""

    loss: float
    grad_norm: float
    pairs: Eigenpairs


def at_weights(batches: Batches) -> tuple[float, np.ndarray]:
    """The mean loss over ``batches`` and its gradient.

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


def spectrum(
    batches: Batches,
    top: int = 10,
    bottom: int = 5,
    *,
    seed: int = 0,
    products: int = 1000,
    tolerance: float = 1e-3,
    watch: Callable[[Iterable[int]], Iterable[int]] = iter,
) -> Spectrum:
    """Loss, gradient and the extreme eigenvalues of the Hessian over ``batches``; see ``lanczos``.

    Raises UsageError where a batch is too small for its norm, or the loss or a product not finite.
    """
    loss, gradient = at_weights(batches)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # an overflow is an error of its own
        try:
            pairs = lanczos(
                hessian(batches),
                np.random.default_rng(seed),
                top,
                bottom,
                products=products,
                tolerance=tolerance,
                watch=watch,
            )
        except FloatingPointError as error:
            raise UsageError("a Hessian product is not finite; use other weights") from error
    return Spectrum(loss, float(np.linalg.norm(gradient)), pairs)
