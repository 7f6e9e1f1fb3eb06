"""VGG-A and VGG-16 for images of 32 x 32 pixels (santurkar2018, oxford2021, simonyan2015).

conv1, conv2, ... are 3 x 3 convolutions, padded by 1, in five groups, each with a maximum pool of 2
at its end; then dense1, dense2 of 512 units and dense3, not the 4,096 units for large images, and
without their dropout. All have biases and, but for the last, norm and activation. At width 1 and
without scale and shift VGG-A has 9,750,922 weights, VGG-16 15,245,130.

The sources say "VGG-like" and "VGG-16" and show a thirteenth layer; the dense part is our choice.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Literal

from deepnet import ops
from deepnet.nets.layer import Layer, Place, normed_of, shapes_of, widened
from deepnet.nets.net import Activation, Net
from deepnet.nets.norm_mode import Norm

Form = Literal["vgg_a", "vgg16"]
#: The filters of each convolution, by groups.
GROUPS: dict[Form, tuple[tuple[int, ...], ...]] = {
    "vgg_a": ((64,), (128,), (256, 256), (512, 512), (512, 512)),
    "vgg16": ((64, 64), (128, 128), (256,) * 3, (512,) * 3, (512,) * 3),
}
DENSE = (512, 512)


def vgg(
    form: Form,
    width: Fraction | float = 1,
    activation: Activation = ops.relu,
    norm: Place = "pre",
    bias: bool = True,
    affine: bool = False,
    classes: int = 10,
) -> Net:
    """The net at ``width`` times its filters and units; see ``Layer`` for the options."""
    groups: list[list[Layer]] = []
    before, number = 3, 0
    how_all: dict[str, Any] = {"activation": activation, "norm": norm, "affine": affine}
    for counts in GROUPS[form]:
        groups.append([])
        for count in counts:
            after, number = widened(count, width), number + 1
            shape = (after, 3, 3, before)
            groups[-1].append(Layer(name=f"conv{number}", shape=shape, pad=1, bias=bias, **how_all))
            before = after
    dense: list[Layer] = []
    for place, count in enumerate(DENSE, 1):
        shape = (widened(count, width), before)
        dense.append(Layer(name=f"dense{place}", shape=shape, bias=bias, **how_all))
        before = shape[0]
    dense.append(Layer(name=f"dense{len(DENSE) + 1}", shape=(classes, before), bias=bias))

    def forward(weights: Mapping[str, Any], x: Any, how: Norm) -> Any:
        h = x
        for group in groups:
            for layer in group:
                h = layer(weights, h, how)
            h = ops.max_pool(h, size=2)
        h = ops.flatten(h)
        for layer in dense:
            h = layer(weights, h, how)
        return h

    layers = [*(layer for group in groups for layer in group), *dense]
    return Net(form, shapes_of(layers), normed_of(layers), forward)
