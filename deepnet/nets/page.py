"""The batch-norm post's net of eight layers, and its variants (page2019).

prep - layer1 (pool 2) - layer1_extra - layer2 (pool 2) - layer2_extra - layer3 (pool 2) -
layer3_extra (pool 4) - classifier. All are 3 x 3 convolutions, padded by 1, with norm and
activation, but the classifier, which is 1 x 1 and multiplied by 0.125/sqrt(6). Inputs are divided
by sqrt(2). At width 1 the net has 4,651,712 weights.
"""

from collections.abc import Mapping
from fractions import Fraction
from functools import partial
from typing import Any, Literal

from deepnet import ops
from deepnet.nets.net import Activation, Net
from deepnet.nets.norm_mode import Norm

Variant = Literal["pre", "post", "classifier"]

INPUT_SCALE = 2**-0.5
OUTPUT_SCALE = 0.125 / 6**0.5
#: The true softplus with beta = 10; the post's literal one is softplus_literal, threshold 2.5.
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
) -> Net:
    """The net at ``width`` times its channels.

    ``norm``: before the activation ("pre"), after it ("post"), or one before the classifier only
    ("classifier"). ``shortcuts`` adds the input of each _extra layer to its output.
    """
    shapes: dict[str, tuple[int, ...]] = {}
    before = 3
    for layer, full in CHANNELS.items():
        channels = max(1, round(full * width))
        shapes[layer] = (channels, 3, 3, before)
        before = channels
    shapes["classifier"] = (classes, 1, 1, before)
    normed = ("classifier",) if norm == "classifier" else tuple(CHANNELS)

    def forward(weights: Mapping[str, Any], x: Any, how: Norm) -> Any:
        h = ops.scale(x, by=x.dtype.type(INPUT_SCALE))
        for layer in CHANNELS:
            entered = h
            h = ops.conv(h, weights[layer], stride=1, pad=1)
            if norm == "pre":
                h = activation(how(layer, h))
            elif norm == "post":
                h = how(layer, activation(h))
            else:
                h = activation(h)
            if shortcuts and layer.endswith("_extra"):
                h = ops.add(h, entered)
            if layer in POOLED:
                h = ops.max_pool(h, size=2)
        h = ops.max_pool(h, size=4)
        if norm == "classifier":
            h = how("classifier", h)
        h = ops.conv(h, weights["classifier"], stride=1, pad=0)
        return ops.flatten(ops.scale(h, by=x.dtype.type(OUTPUT_SCALE)))

    return Net("page", shapes, normed, forward)
