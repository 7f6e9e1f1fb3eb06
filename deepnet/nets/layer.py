"""A layer of a net has a weight, perhaps a bias, batch norm, an activation and a pool.

Its weights are named <layer>, <layer>_bias, <layer>_scale and <layer>_shift. Batch norm learns the
last two. A bias before an active batch norm changes nothing: the mean takes it off, and its
gradient is zero. Only a frozen batch norm sees it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from deepnet import ops
from deepnet.nets.modes import Norm
from deepnet.nets.net import Activation

Place = Literal["pre", "post"]


@dataclass(frozen=True, kw_only=True)
class Layer:
    """A convolution where ``shape`` is (k, r, s, c), a dense layer where ``shape`` is (k, i).

    ``Net`` says what the letters are. Batch norm stands before the activation ("pre"), after it
    ("post") or nowhere (None). Where the layer is ``affine``, a learnable scale and shift follow
    batch norm at once. A maximum pool of ``pool`` x ``pool`` pixels comes last.
    """

    name: str
    shape: tuple[int, ...]
    activation: Activation | None = None
    norm: Place | None = None
    bias: bool = False
    affine: bool = False
    stride: int = 1
    pad: int = 0
    pool: int = 1

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of the layer's weights by name."""
        shapes = {self.name: self.shape}
        if self.bias:
            shapes[f"{self.name}_bias"] = self.shape[:1]
        if self.affine and self.norm is not None:
            shapes |= affine_shapes(self.name, self.shape[0])
        return shapes

    def __call__(self, weights: Mapping[str, Any], h: Any, batch_norm: Norm) -> Any:
        """The layer's outputs at the inputs ``h``."""
        if len(self.shape) == 4:
            h = ops.conv(h, weights[self.name], stride=self.stride, pad=self.pad)
        else:
            h = ops.dense(h, weights[self.name])
        if self.bias:
            h = ops.channel_shift(h, weights[f"{self.name}_bias"])
        if self.norm == "pre":
            if batch_norm.fuses(h) and (curve := ops.curve(self.activation, self.pool)) is not None:
                return batch_norm.activated(self.name, h, affine_of(weights, self.name), curve)
            h = batch_norm(self.name, h, *affine_of(weights, self.name))
        if self.activation is not None:
            h = self.activation(h)
        if self.norm == "post":
            h = batch_norm(self.name, h, *affine_of(weights, self.name))
        return h if self.pool == 1 else ops.max_pool(h, size=self.pool)


def alike(
    shapes: Mapping[str, tuple[int, ...]], pooled: Collection[str] = (), **options: Any
) -> list[Layer]:
    """One layer for each of the ``shapes``, with a pool of 2 after the layers ``pooled``.

    All other options are equal for all layers.
    """
    return [
        Layer(name=name, shape=shape, pool=2 if name in pooled else 1, **options)
        for name, shape in shapes.items()
    ]


def side(images: Any) -> int:
    """The number of rows of square ``images`` (n, rows, columns, c).

    Raises ValueError for other images.
    """
    shape: tuple[int, ...] = images.shape
    if len(shape) != 4 or shape[1] != shape[2]:
        raise ValueError(f"images of shape {shape}; give squares, (n, side, side, channels)")
    return shape[1]


def affine_of(weights: Mapping[str, Any], name: str) -> tuple[Any, Any]:
    """The scale and shift of the batch norm of the layer ``name``, or None where it has no such
    weights."""
    return weights.get(f"{name}_scale"), weights.get(f"{name}_shift")


def affine_shapes(name: str, channels: int) -> dict[str, tuple[int, ...]]:
    """The shapes of the learnable scale and shift of the batch norm of the layer ``name``."""
    return {f"{name}_scale": (channels,), f"{name}_shift": (channels,)}


def shapes_of(layers: Sequence[Layer]) -> dict[str, tuple[int, ...]]:
    """The shapes of all weights of ``layers``, in their order."""
    return {name: shape for layer in layers for name, shape in layer.shapes.items()}


def normed_of(layers: Sequence[Layer]) -> tuple[str, ...]:
    """The names of the ``layers`` that have a batch norm."""
    return tuple(layer.name for layer in layers if layer.norm is not None)
