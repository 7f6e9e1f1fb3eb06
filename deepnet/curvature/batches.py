"""A problem over a data set in batches, at fixed weights. Curvature is taken of its mean loss.

The loss is the mean over all n examples of the data set, computed batch by batch: batch b with n_b
examples counts with the share n_b/n. With batch norm in the mode active (or detached) each batch
has its own statistics. Loss, gradient and Hessian are then the means of the batches' losses,
gradients and Hessians. They do not belong to one large batch.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from companion.progress import say
from deepnet.backend import beside, on_host
from deepnet.footprint import footprint
from deepnet.memory import available
from deepnet.problem import Problem
from deepnet.tape import Linearised
from deepnet.vectors import to_vector

Array = Any
Weights = dict[str, Array]


class Batches:
    """The mean loss over a data set in batches, at fixed weights w.

        L(w) = sum_b (n_b/n) L_b(w)

    L_b is the mean loss of ``problem`` over the n_b examples of batch b, and n = sum_b n_b. The sum
    is exact to rounding. With batch norm in the mode active (or detached) each batch has its own
    statistics. L then is not the loss of one large batch.

    Iterating gives one pair (n_b/n, linearised L_b) per batch.

    Args:
        problem: The net, its norm and its loss.
        weights: The point w, {name: array}.
        data: The batches, a sequence of pairs (x, targets) with n_b examples each.
        keep: How many batches, from the first on, are linearised once and kept (None: all). The
            other batches are linearised again in each pass, which saves memory. The number is
            lowered to the batches for which there is room, and a line on stderr says so. The number
            changes no result.

    Raises:
        ValueError: There is no example, ``data`` is no sequence of pairs, or the weights are not
            the net's.

    Example:
        >>> from deepnet.curvature.least_squares import least_squares
        >>> batches = least_squares(np.diag([1.0, 2.0]), np.array([1.0, 3.0]))
        >>> batches.parameters, batches.loss(), batches.gradient().tolist()
        (2, 9.25, [0.5, 6.0])
    """

    def __init__(
        self,
        problem: Problem,
        weights: Weights,
        data: Sequence[tuple[Array, Array]],
        keep: int | None = None,
    ) -> None:
        if not all(isinstance(batch, (tuple, list)) and len(batch) == 2 for batch in data):
            raise ValueError("the data are no batches; give [(x, targets), ...]")
        self.examples = sum(len(x) for x, _ in data)
        if self.examples == 0:
            raise ValueError("the data set has no examples")
        self.problem, self.data = problem, data
        self.weights = beside(data[0][0], problem.net.own(weights))
        self.keep = len(data) if keep is None else keep
        self._kept: dict[int, Linearised] = {}

    def __iter__(self) -> Iterator[tuple[float, Linearised]]:
        for index, (x, targets) in enumerate(self.data):
            part = self._kept.get(index)
            if part is None:
                part = self.problem.linearise(self.weights, x, targets)
                self._consider(index, part)
            yield len(x) / self.examples, part
            del part  # before the next one is computed

    def _consider(self, index: int, part: Linearised) -> None:
        """Keep the pass if there is then room for the work on it, and on another.

        There must be room for what a first product adds to the kept passes, for the product itself,
        and for two passes, since a caller's loop may hold one while the next one is computed. After
        the last batch no other one comes. On a device, libraries take workspaces in their place.
        """
        if index >= self.keep:
            return
        size, x = footprint(part), self.data[index][0]
        more = index + 1 < len(self.data) or not on_host(x)
        passes = 2 * (size.kept + size.later) if more else 0
        if passes + (index + 1) * size.later + size.work <= available(x):
            self._kept[index] = part
            return
        self.keep = index
        say(
            "deepnet",
            f"{'the memory' if on_host(x) else 'the GPU'} has room to keep the passes of {index} "
            f"of {len(self.data)} batches, {size.kept / 1e9:.3g} GB each; those of the others are "
            "computed again for each product, which takes up to 1.8 times as long",
        )

    @property
    def parameters(self) -> int:
        """The number of weights."""
        return sum(int(np.prod(weight.shape)) for weight in self.weights.values())

    def loss(self) -> float:
        """The mean loss L(w)."""
        return sum(share * float(part.loss) for share, part in self)

    def gradient(self) -> Array:
        """The gradient dL/dw of the mean loss, (parameters,) in flat order, float64."""
        return sum(share * to_vector(part.grad()).astype("float64") for share, part in self)
