"""Multilayer perceptrons: linear, ReLU or tanh, with batch norm before or after the activation."""

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
    """Dense layers of ``widths`` (inputs first, outputs last); no activation makes it linear.

    Layers are named dense1, dense2, ...; the last has neither norm nor activation. See ``Layer``
    for the options.
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
    """The deep linear net of santurkar2018: ``depth`` dense layers of ``width`` units each, inputs
    and outputs too, without biases, with batch norm after all but the last.
    """
    return mlp((width,) * (depth + 1), affine=affine)
