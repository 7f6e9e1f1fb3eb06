"""LeNet-5 with ReLU takes images of 32 x 32 pixels in three colours (oxford2021, lecun1998).

conv1 (pool 2) - conv2 (pool 2) - dense1 - dense2 - dense3, of 6, 16, 120, 84 and 10 units. The
convolutions are 5 x 5 and unpadded, so that the second one leaves 5 x 5 pixels to dense1. Here
dense1 is a convolution over all 25 pixels. All layers have biases. All layers except the last have
norm and activation. The pools take maxima. At width 1 the net has 62,006 weights without scale and
shift.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from deepnet import ops
from deepnet.nets.layer import Layer, Place, alike, normed_of, shapes_of
from deepnet.nets.modes import Norm
from deepnet.nets.net import Activation, Net
from deepnet.nets.width import widened

POOLED = ("conv1", "conv2")
UNITS = {"conv1": 6, "conv2": 16, "dense1": 120, "dense2": 84}


def lenet(
    width: Fraction | float = 1,
    activation: Activation = ops.relu,
    norm: Place = "pre",
    bias: bool = True,
    affine: bool = False,
    classes: int = 10,
) -> Net:
    """The net at ``width`` times its units. ``Layer`` explains the options."""
    conv1, conv2, dense1, dense2 = (widened(units, width) for units in UNITS.values())
    shapes = {
        "conv1": (conv1, 5, 5, 3),
        "conv2": (conv2, 5, 5, conv1),
        "dense1": (dense1, 5, 5, conv2),
        "dense2": (dense2, dense1),
    }
    layers = alike(shapes, POOLED, activation=activation, norm=norm, bias=bias, affine=affine)
    last = Layer(name="dense3", shape=(classes, dense2), bias=bias)

    def forward(weights: Mapping[str, Any], x: Any, batch_norm: Norm) -> Any:
        h = x
        for layer in layers:
            h = layer(weights, h, batch_norm)
            if layer.name == "dense1":
                h = ops.flatten(h)
        return last(weights, h, batch_norm)

    return Net("lenet", shapes_of([*layers, last]), normed_of(layers), forward)
