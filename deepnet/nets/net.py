"""A net has named weights with shapes, and a forward pass that is written in operations."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from deepnet.fit import require_all, require_real
from deepnet.nets.modes import Norm

Array = Any
Weights = dict[str, Array]
Activation = Callable[[Any], Any]


@dataclass(frozen=True)
class Net:
    """Layers in order, the shape of each weight, and ``forward(weights, x, norm)``.

    Convolution weights are (k, r, s, c): filters, rows, columns, channels in. Dense weights are (k,
    i): units, inputs. Biases, scales and shifts are (k,) and named as in ``deepnet.nets.layer``.
    ``normed`` names the layers that have a batch norm.
    """

    name: str
    shapes: Mapping[str, tuple[int, ...]]
    normed: tuple[str, ...]
    forward: Callable[[Mapping[str, Any], Any, Norm], Any]

    @property
    def parameters(self) -> int:
        """The number of weights."""
        return sum(int(np.prod(shape)) for shape in self.shapes.values())

    def own(self, weights: Weights) -> Weights:
        """The ``weights`` in the net's order, which is the order of all flat vectors.

        Raises ValueError for a missing weight, a weight that the net does not have, a shape that
        differs from ``shapes``, and numbers that are not floating-point.
        """
        require_all("the weight", weights, self.shapes)
        for name, weight in weights.items():
            require_real(f"the weight of {name!r}", weight)
        return {name: weights[name] for name in self.shapes}


def fan_in(shape: tuple[int, ...]) -> int:
    """The number of inputs of one unit."""
    return int(np.prod(shape[1:]))


def fan_out(shape: tuple[int, ...]) -> int:
    """The number of units. In a convolution it is the number of filters times places."""
    return int(np.prod(shape[:1] + shape[1:-1]))
