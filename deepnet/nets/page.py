"""The batch-norm post's net has eight layers, and variants (page2019).

prep - layer1 (pool 2) - layer1_extra - layer2 (pool 2) - layer2_extra - layer3 (pool 2) -
layer3_extra (pool 4) - classifier. All layers except the classifier are 3 x 3 convolutions, padded
by 1, with norm and activation. The classifier is 1 x 1, and its outputs are multiplied by
0.125/sqrt(6). Inputs are divided by sqrt(2). At width 1 the net has 4,651,712 weights. The post's
batch norm has no scale and shift.

The last pool takes all pixels that are left, 4 x 4 of images of 32 x 32 pixels. Images may be
squares whose side is any multiple of 8.
"""

from collections.abc import Mapping
from fractions import Fraction
from functools import partial
from itertools import pairwise
from typing import Any, Literal

from deepnet import ops
from deepnet.nets.layer import Layer, affine_of, affine_shapes, alike, normed_of, shapes_of, side
from deepnet.nets.modes import Norm
from deepnet.nets.net import Activation, Net
from deepnet.nets.width import widened

Variant = Literal["pre", "post", "classifier"]

INPUT_SCALE = 2**-0.5
OUTPUT_SCALE = 0.125 / 6**0.5
#: The true softplus with beta = 10. The post's literal form is softplus_literal, threshold 2.5.
SOFTPLUS = partial(ops.softplus, beta=10.0)
CHANNELS = {
    "prep": 64,
    "layer1": 128,
    "layer1_extra": 128,
    "layer2": 256,
    "layer2_extra": 256,
    "layer3": 512,
    "layer3_extra": 512,
}
POOLED = ("layer1", "layer2", "layer3")


def page(
    width: Fraction | float = 1,
    activation: Activation = SOFTPLUS,
    norm: Variant = "pre",
    shortcuts: bool = False,
    classes: int = 10,
    affine: bool = False,
) -> Net:
    """The net at ``width`` times its channels.

    ``norm``: before the activation ("pre"), after it ("post"), or once before the classifier
        ("classifier").
    ``shortcuts``: the input of each _extra layer is added to its output.
    ``affine``: batch norm learns a scale and a shift.
    """
    place = None if norm == "classifier" else norm
    widths = [3, *(widened(full, width) for full in CHANNELS.values())]
    convs = {
        name: (after, 3, 3, before)
        for name, (before, after) in zip(CHANNELS, pairwise(widths), strict=True)
    }
    layers = alike(convs, POOLED, activation=activation, norm=place, affine=affine, pad=1)
    classifier = Layer(name="classifier", shape=(classes, 1, 1, widths[-1]))
    shapes = shapes_of([*layers, classifier])
    if norm == "classifier" and affine:
        shapes |= affine_shapes("classifier", widths[-1])

    def forward(weights: Mapping[str, Any], x: Any, batch_norm: Norm) -> Any:
        h = ops.scale(x, by=x.dtype.type(INPUT_SCALE))
        for layer in layers:
            entered = h
            h = layer(weights, h, batch_norm)
            if shortcuts and layer.name.endswith("_extra"):
                h = ops.add(h, entered)
        h = ops.max_pool(h, size=side(h))
        if norm == "classifier":
            h = batch_norm("classifier", h, *affine_of(weights, "classifier"))
        h = classifier(weights, h, batch_norm)
        return ops.flatten(ops.scale(h, by=x.dtype.type(OUTPUT_SCALE)))

    normed = ("classifier",) if norm == "classifier" else normed_of(layers)
    return Net("page", shapes, normed, forward)
