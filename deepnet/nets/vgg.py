"""VGG-A and VGG-16 take images of 32 x 32 pixels (santurkar2018, oxford2021, simonyan2015).

conv1, conv2, ... are 3 x 3 convolutions, padded by 1, in five groups. Each group ends with a
maximum pool of 2. dense1 and dense2 of 512 units follow, and then dense3. The nets for large images
have 4,096 units and dropout there. All layers have biases. All layers except the last have norm and
activation. At width 1 and without scale and shift VGG-A has 9,750,922 weights, VGG-16 15,245,130.

The sources say "VGG-like" and "VGG-16" and show a thirteenth layer. The dense part is our choice.
"""

from collections.abc import Mapping
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import Any, Literal

from deepnet import ops
from deepnet.nets.layer import Layer, Place, alike, normed_of, shapes_of
from deepnet.nets.modes import Norm
from deepnet.nets.net import Activation, Net
from deepnet.nets.width import widened

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
    """The net at ``width`` times its filters and units. ``Layer`` explains the options."""
    filters = [widened(count, width) for group in GROUPS[form] for count in group]
    units = [filters[-1], *(widened(count, width) for count in DENSE)]
    shapes: dict[str, tuple[int, ...]] = {
        f"conv{i}": (after, 3, 3, before)
        for i, (before, after) in enumerate(pairwise([3, *filters]), 1)
    }
    shapes |= {f"dense{i}": (after, before) for i, (before, after) in enumerate(pairwise(units), 1)}
    pooled = [f"conv{i}" for i in accumulate(len(group) for group in GROUPS[form])]
    hidden = alike(
        shapes, pooled, activation=activation, norm=norm, bias=bias, affine=affine, pad=1
    )
    last = Layer(name=f"dense{len(units)}", shape=(classes, units[-1]), bias=bias)

    def forward(weights: Mapping[str, Any], x: Any, batch_norm: Norm) -> Any:
        h = x
        for layer in hidden:
            h = layer(weights, h, batch_norm)
            if layer.name == pooled[-1]:
                h = ops.flatten(h)
        return last(weights, h, batch_norm)

    return Net(form, shapes_of([*hidden, last]), normed_of(hidden), forward)
