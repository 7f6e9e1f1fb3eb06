"""The memory that a linearised pass takes, counted from its tape.

    peak = kept + later + product + sums

    kept     the saved values and the cotangents, each array once, without the weights
    later    a second derivative for each curved activation
    product  a tangent for each value, and two arrays of the weights' sizes
    sums     the sums of the gradient of the largest weight, in blocks of images

Each term is a number of bytes per image, times the images, plus what does not depend on the images.
Nothing is measured, since each value on the tape has a known shape.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from typing import Any

from deepnet.backend import on_host
from deepnet.ops.blocks import BLOCKS
from deepnet.ops.families import Pointwise
from deepnet.tape import Linearised

Array = Any
#: How many numbers the transform of a filter's direction takes per weight: 6 x 6 for 3 x 3.
TRANSFORMED = 4


@dataclass(frozen=True)
class Footprint:
    """The bytes of a linearised pass, on the device of its arrays.

    ``kept``: what the pass holds now: saved values and cotangents, without the weights.
    ``later``: what stays beside them after the first product: second derivatives. Not counted are
    filters of fewer than 16 channels, which a product transforms and a pass does not: 8 numbers per
    weight of such a layer, 37 kB in all of ``page``.
    ``product``: what a product takes while it runs, mostly a tangent for each value.
    ``sums``: the most that its largest convolution takes beside its operands.
    """

    kept: int
    later: int
    product: int
    sums: int

    @property
    def peak(self) -> int:
        """The bytes that are in use at the height of a product."""
        return self.kept + self.later + self.work

    @property
    def work(self) -> int:
        """The bytes that a product takes while it runs, and then gives back."""
        return self.product + self.sums


def footprint(part: Linearised) -> Footprint:
    """The memory that ``part`` takes, counted array by array."""
    nodes, weights = part.tape.nodes, _owners(part.weights)
    kept = _owners(node.saved for node in nodes) | _owners(part.cotangents)
    inner = (i for i in part.cotangents if nodes[i].operation is not None)
    sizes = [weight.nbytes for weight in part.weights.values()]
    return Footprint(
        kept=sum(size for owner, size in kept.items() if owner not in weights),
        later=sum(_second(node.operation, node.saved) for node in nodes),
        product=sum(int(part.cotangents[i].nbytes) for i in inner) + 2 * sum(sizes),
        sums=(min(BLOCKS, len(part.outputs)) + TRANSFORMED) * max(sizes, default=0),
    )


def _second(operation: Any, saved: Any) -> int:
    """The bytes of a second derivative that is not computed yet."""
    curved = isinstance(operation, Pointwise) and operation.second is not None
    return int(saved.x.nbytes) if curved and saved.second is None else 0


def _owners(tree: Any) -> dict[int, int]:
    """{address: bytes} of the arrays that own the memory of all arrays in a ``tree``."""
    return {_address(owner): int(owner.nbytes) for owner in map(_owner, _arrays(tree))}


def _owner(array: Array) -> Array:
    while isinstance(array.base, type(array)):
        array = array.base
    return array


def _address(array: Array) -> int:
    return int(array.ctypes.data if on_host(array) else array.data.ptr)


def _arrays(tree: Any) -> Iterator[Array]:
    """The arrays in a tree of dictionaries, sequences, and objects that hold saved values."""
    if hasattr(tree, "nbytes"):
        if tree.ndim:
            yield tree
    elif isinstance(tree, Mapping):
        yield from _arrays(tree.values())
    elif isinstance(tree, Iterable) and not isinstance(tree, str):
        for each in tree:
            yield from _arrays(each)
    elif is_dataclass(tree):
        yield from _arrays(vars(tree))
    else:
        yield from _arrays(getattr(tree, name) for name in getattr(tree, "__slots__", ()))
