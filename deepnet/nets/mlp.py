"""Multilayer perceptrons: linear, ReLU or tanh, with batch norm before or after the activation."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from deepnet import ops
from deepnet.nets.net import Activation, Net
from deepnet.nets.norm_mode import Norm


def mlp(
    widths: Sequence[int],
    activation: Activation | None = None,
    norm: Literal["pre", "post"] = "pre",
    bias: bool = False,
) -> Net:
    """Dense layers of ``widths`` (inputs first, outputs last); no activation makes it linear.

    Layers are named dense1, dense2, ...; the last has neither norm nor activation.
    """
    names = [f"dense{i}" for i in range(1, len(widths))]
    shapes: dict[str, tuple[int, ...]] = {}
    for name, before, after in zip(names, widths[:-1], widths[1:], strict=True):
        shapes[name] = (after, before)
        if bias:
            shapes[f"{name}_bias"] = (after,)

    def layer(weights: Mapping[str, Any], name: str, h: Any) -> Any:
        h = ops.dense(h, weights[name])
        return ops.channel_shift(h, weights[f"{name}_bias"]) if bias else h

    def forward(weights: Mapping[str, Any], x: Any, how: Norm) -> Any:
        h = ops.flatten(x)
        for name in names[:-1]:
            h = layer(weights, name, h)
            if norm == "pre":
                h = how(name, h)
            if activation is not None:
                h = activation(h)
            if norm == "post":
                h = how(name, h)
        return layer(weights, names[-1], h)

    return Net("mlp", shapes, tuple(names[:-1]), forward)
