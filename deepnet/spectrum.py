"""The spectrum of one's own weights: loss, gradient norm, and eigenvalues at both ends.

A net is named as the command names it (``net_of``, ``activation_of``, ``NORMS``); its weights and
data are read by ``deepnet.own_weights``; ``spectrum`` is the analysis, of any problem.
"""

import itertools
import math
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any, Literal

import numpy as np

from companion.command import unknown
from companion.errors import UsageError
from deepnet import ops
from deepnet.backend import to_host
from deepnet.curvature import Batches, Eigenpairs, hessian, lanczos
from deepnet.nets.mlp import mlp
from deepnet.nets.net import Activation, Net
from deepnet.nets.norm_mode import Mode
from deepnet.nets.page import CHANNELS, page
from deepnet.own_weights import Archive

#: The command's norms: where the batch norm stands, and its mode.
NORMS: dict[str, tuple[Literal["pre", "post"], Mode]] = {
    "active": ("pre", "active"),
    "frozen": ("pre", "frozen"),
    "none": ("pre", "none"),
    "post": ("post", "active"),
    "post-frozen": ("post", "frozen"),
}
PLAIN: dict[str, Activation | None] = {
    "relu": ops.relu,
    "tanh": ops.tanh,
    "sigmoid": ops.sigmoid,
    "linear": None,
}


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


def activation_of(text: str) -> Activation | None:
    """The activation named "relu", "tanh", "sigmoid", "linear" or "softplus:BETA[:THRESHOLD]".

    softplus(x) = log(1 + exp(beta x))/beta; with a threshold it is PyTorch's literal one, the
    identity where beta x is above. Raises UsageError for any other text.
    """
    name, *numbers = text.split(":")
    if name in PLAIN and not numbers:
        return PLAIN[name]
    if name not in (*PLAIN, "softplus"):
        raise UsageError(unknown("activation", name, [*PLAIN, "softplus:10", "softplus:10:2.5"]))
    try:
        values = [float(number) for number in numbers]
    except ValueError:
        values = []
    usable = name == "softplus" and all(0 < value < math.inf for value in values)
    if usable and len(values) == 1:
        return partial(ops.softplus, beta=values[0])
    if usable and len(values) == 2:
        return partial(ops.softplus_literal, beta=values[0], threshold=values[1])
    raise UsageError(f"no activation is {text!r}; give relu, softplus:10 or softplus:10:2.5")


def net_of(name: str, archive: Archive, width: Fraction, norm: str, activation: str) -> Net:
    """The net that the weights in ``archive`` belong to; an MLP's widths are read from them.

    Raises UsageError where they belong to no such net.
    """
    place, act = NORMS[norm][0], activation_of(activation)
    if name == "mlp":
        widths, bias = _layers(archive)
        return mlp(widths, act, place, bias)
    if act is None:
        raise UsageError("net page has an activation; linear is for --net mlp")
    archive.require(["w:prep", "w:classifier"])
    classes, prep = (archive.array(f"w:{layer}").shape[:1] for layer in ("classifier", "prep"))
    net = page(width, act, place, classes=int(*classes) if classes else 10)
    if prep and prep[0] != net.shapes["prep"][0]:
        own = Fraction(prep[0], CHANNELS["prep"])
        raise UsageError(
            f"w:prep of {archive.path} has {prep[0]} filters, net page at width {width} has "
            f"{net.shapes['prep'][0]}; give --width {own}"
        )
    return net


def _layers(archive: Archive) -> tuple[Sequence[int], bool]:
    """The widths of an MLP, inputs first, and whether its layers have biases."""
    dense = [name for name in archive.names if name.startswith("w:dense")]
    biases = [name for name in dense if name.endswith("_bias")]
    names = [f"w:dense{i + 1}" for i in range(max(len(dense) - len(biases), 1))]
    archive.require(names)
    shapes: list[Any] = [archive.array(name).shape for name in names]
    flat = all(len(shape) == 2 for shape in shapes)
    if not flat or any(a[0] != b[1] for a, b in itertools.pairwise(shapes)):
        raise UsageError(
            f"{archive.path} has {', '.join(names)} of shapes {', '.join(map(str, shapes))}; "
            "each must be (out, in), and in the out of the one before"
        )
    return [shapes[0][1], *(shape[0] for shape in shapes)], bool(biases)
