"""Layers on a tape: the inputs of each layer, and the loss's slopes in its outputs (grosse2021).

A dense or convolutional layer computes s = W x + b for n examples, t places per example, N inputs
and k outputs per place. The places of a convolution are the pixels that it puts out, and its inputs
there are the patch under the filter. A dense layer has one place. Patches, and the rows of W, are
in PyTorch's order: channels, rows, columns. With a bias a constant 1 is the last input, and b is
the last column of W.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from deepnet import ops
from deepnet.backend import array_module
from deepnet.ops.algorithm import asking
from deepnet.tape import Linearised
from deepnet.vectors import from_pytorch, to_pytorch

Array = Any


@dataclass(frozen=True)
class RecordedLayer:
    """A layer on a tape: the names of its weights, and the number of its ``node``.

    ``deepnet.nets.layer.Layer`` is a layer of a net, before it is recorded.
    """

    weight: str
    bias: str | None
    node: int

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its weights."""
        return (self.weight,) if self.bias is None else (self.weight, self.bias)


def layers(part: Linearised) -> dict[str, RecordedLayer]:
    """The dense and convolutional layers on the tape, by the name of their weight, in order.

    A bias is a shift of such an operation's own outputs. Raises ValueError where two layers share
    a weight.
    """
    leaves = list(part.weights)  # they come first on a tape
    recorded: dict[str, RecordedLayer] = {}
    weight_of: dict[int, str] = {}
    for index, node in enumerate(part.tape.nodes):
        if node.operation is None:
            continue
        _, second = (*node.inputs, None)[:2]
        if second is None or second >= len(leaves):
            continue
        if node.operation in (ops.dense, ops.conv):
            weight = weight_of[index] = leaves[second]
            if weight in recorded:
                raise ValueError(f"two layers share the weight {weight!r}: no Kronecker factors")
            recorded[weight] = RecordedLayer(weight, None, index)
        elif node.operation is ops.channel_shift and node.inputs[0] in weight_of:
            weight = weight_of[node.inputs[0]]
            recorded[weight] = RecordedLayer(weight, leaves[second], recorded[weight].node)
    return recorded


def inputs(part: Linearised, layer: RecordedLayer) -> Array:
    """The inputs x (n, t, N) that the layer multiplies by its weights, with a bias's 1."""
    node = part.tape.nodes[layer.node]
    assert node.operation is not None, "a layer is an operation"
    x, weight, attrs, _ = node.saved
    xp, (_, *unit) = array_module(weight), to_pytorch(weight).shape
    size = weight[0].size
    # The identity for a weight: a layer then puts out its inputs, entry by entry
    identity = from_pytorch(xp.eye(size, dtype=weight.dtype).reshape(size, *unit))
    with asking("direct"):  # without rounding
        outputs, _ = node.operation.forward(x, identity, **attrs)
    patches = outputs.reshape(len(x), -1, size)
    if layer.bias is None:
        return patches
    return xp.concatenate([patches, xp.ones((*patches.shape[:2], 1), patches.dtype)], axis=2)


def slopes(part: Linearised, wanted: Iterable[RecordedLayer], u: Array) -> list[Array]:
    """J'u, (n, t, k) per layer: J is the Jacobian of the net's outputs in the layer's outputs.

    ``u`` (n, outputs) may be any cotangent of the net's outputs.
    """
    cotangents = part.tape.pull({outputs_at(part): u})
    images = [cotangents[layer.node] for layer in wanted]
    return [image.reshape(len(u), -1, image.shape[-1]) for image in images]


def output_hessians(part: Linearised) -> Array:
    """H, (n, c, c): the second derivatives of each example's loss in its c outputs.

    The loss is the tape's last operation, the mean over the examples, as in ``Problem``.
    """
    xp, loss = array_module(part.outputs), part.tape.nodes[-1]
    assert loss.operation is not None, "the loss is an operation on the outputs"
    one, columns = part.loss * 0 + 1, []
    for c in range(part.outputs.shape[-1]):
        dz = xp.zeros_like(part.outputs)
        dz[:, c] = 1
        dy = loss.operation.push(loss.saved, dz, None)
        column, _ = loss.operation.bend(loss.saved, (dz, None), dy, one, None, (True, False))
        columns.append(column)
    return len(part.outputs) * xp.stack(columns, axis=2)


def outputs_at(part: Linearised) -> int:
    """The number of the outputs' node. The outputs are the first argument of the loss."""
    index = part.tape.nodes[-1].inputs[0]
    assert index is not None, "the loss is an operation on the outputs"
    return index
