"""Residual nets of depth 6 b + 2 take small images (ghorbani2019, he2016): 14, 20, 32, ...

conv1 - stage1 - stage2 - stage3 - mean over all pixels - dense. A stage has b blocks. A block has
two convolutions, stage<s>_block<b>_conv1 and _conv2. All convolutions are 3 x 3, padded by 1,
without biases. They have 16 filters in conv1 and stage1, 32 in stage2 and 64 in stage3. The first
convolution of stage2 and of stage3 has the stride 2. Batch norm follows each convolution, before
the activation. The shortcut is added after a block's second norm, and the activation comes next.
Where a stage begins with a stride, the shortcut has one of the kinds of ``deepnet.nets.shortcut``,
and a projection is named stage<s>_block1_shortcut. ``dense`` has a bias.

Images are squares whose side is a multiple of 4.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from deepnet import ops
from deepnet.nets.layer import Layer, normed_of, shapes_of, side
from deepnet.nets.modes import Norm
from deepnet.nets.net import Activation, Net, Weights
from deepnet.nets.shortcut import STRIDE, Shortcut, shortcut_of
from deepnet.nets.width import widened

STAGES = 3
FILTERS = 16


def resnet(
    depth: int = 20,
    width: Fraction | float = 1,
    activation: Activation = ops.relu,
    affine: bool = False,
    classes: int = 10,
    shortcut: Shortcut = "pool",
) -> Net:
    """The net of ``depth`` at ``width`` times its filters.

    The filters of the first stage are rounded. The later stages have 2 and 4 times this number.
    ``deepnet.nets.shortcut`` says what the kinds of ``shortcut`` are.

    Raises ValueError for a depth that is not 8, 14, 20, 26, 32, ..., and for an unknown kind.
    """
    if depth < 8 or depth % 6 != 2:
        raise ValueError(f"no residual net has the depth {depth}; give 8, 14, 20, 26, 32, ...")
    narrow = widened(FILTERS, width)

    def conv(name: str, before: int, after: int, last: bool = False, stride: int = 1) -> Layer:
        return Layer(
            name=name,
            shape=(after, 3, 3, before),
            activation=None if last else activation,
            norm="pre",
            affine=affine,
            stride=stride,
            pad=1,
        )

    first, blocks, before = conv("conv1", 3, narrow), [], narrow
    for stage in range(STAGES):
        channels = narrow * 2**stage
        for block in range((depth - 2) // (2 * STAGES)):
            name, narrows = f"stage{stage + 1}_block{block + 1}", bool(stage and not block)
            one = conv(f"{name}_conv1", before, channels, stride=STRIDE if narrows else 1)
            two = conv(f"{name}_conv2", channels, channels, last=True)
            past = shortcut_of(shortcut, f"{name}_shortcut", before, channels, affine)
            blocks.append((one, two, past if narrows else None))
            before = channels
    dense = Layer(name="dense", shape=(classes, before), bias=True)

    def forward(weights: Mapping[str, Any], x: Any, batch_norm: Norm) -> Any:
        h = first(weights, x, batch_norm)
        for one, two, past in blocks:
            beside = past(weights, h, batch_norm) if past else h
            h = two(weights, one(weights, h, batch_norm), batch_norm)
            h = activation(ops.add(h, beside))
        h = ops.average_pool(h, size=side(h))
        return dense(weights, ops.flatten(h), batch_norm)

    layers = [first, *(part for block in blocks for part in block if isinstance(part, Layer))]
    return Net(f"resnet{depth}", shapes_of([*layers, dense]), normed_of(layers), forward)


def tempered(weights: Weights) -> Weights:
    """Weights for the net without batch norm (ghorbani2019).

    Each block's second convolution is divided by the root of the number of blocks. The sum of all
    blocks then has the size of one block.
    """
    blocks = sum(name.endswith("_conv2") for name in weights)
    return {
        name: w * w.dtype.type(blocks**-0.5) if name.endswith("_conv2") else w
        for name, w in weights.items()
    }
