"""Multilayer perceptrons are linear, ReLU or tanh, with batch norm before or after the
activation."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from deepnet import ops
from deepnet.nets.layer import Layer, Place, alike, normed_of, shapes_of
from deepnet.nets.modes import Norm
from deepnet.nets.net import Activation, Net


def mlp(
    widths: Sequence[int],
    activation: Activation | None = None,
    norm: Place = "pre",
    bias: bool = False,
    affine: bool = False,
) -> Net:
    """Dense layers of ``widths``, from the inputs to the outputs. Without an activation the net is
    linear.

    Layers are named dense1, dense2, ... The last layer has neither norm nor activation. ``Layer``
    explains the options.
    """
    shapes = {f"dense{i}": (k, n) for i, (n, k) in enumerate(pairwise(widths[:-1]), 1)}
    hidden = alike(shapes, activation=activation, norm=norm, bias=bias, affine=affine)
    last = Layer(name=f"dense{len(widths) - 1}", shape=(widths[-1], widths[-2]), bias=bias)

    def forward(weights: Mapping[str, Any], x: Any, batch_norm: Norm) -> Any:
        h = ops.flatten(x)
        for layer in hidden:
            h = layer(weights, h, batch_norm)
        return last(weights, h, batch_norm)

    return Net("mlp", shapes_of([*hidden, last]), normed_of(hidden), forward)


def deep_linear(depth: int = 25, width: int = 10, affine: bool = False) -> Net:
    """The deep linear net of santurkar2018, without biases.

    It has ``depth`` dense layers of ``width`` units each. It also has ``width`` inputs and
    ``width`` outputs. Batch norm follows all layers except the last.
    """
    return mlp((width,) * (depth + 1), affine=affine)
