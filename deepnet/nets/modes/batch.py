"""The modes of batch norm that use the batch's own mean and variance: active, detached, ghost.

The outputs are y = (x - mu)/sigma. The mean mu and sigma^2 = mean((x - mu)^2) + eps of a channel
are over all entries of the channel: examples, and pixels of images. ``deepnet.ops.norm`` has the
derivatives.

active      derivatives go through mu and sigma
detached    mu and sigma are constants of the derivatives
ghost       active, with mu and sigma of each group of consecutive examples
"""

from dataclasses import dataclass
from typing import Any

from deepnet import ops
from deepnet.nets.modes.constant import Frozen
from deepnet.nets.modes.norm import Fusing, Norm, Statistics
from deepnet.ops import norm
from deepnet.ops.norm import EPS

Array = Any


class BatchNorm(Norm):
    """A norm that uses statistics of the batch. After training it is frozen at their averages."""

    @property
    def uses_batch(self) -> bool:
        return True

    def moments(self, x: Array) -> tuple[Array, Array]:
        return norm.moments(x)

    def frozen(self, statistics: Statistics) -> Norm:
        return Frozen(statistics, self.eps)


@dataclass(frozen=True)
class Active(BatchNorm, Fusing):
    """Batch norm y = (x - mu)/sigma with the batch's mu and sigma, differentiated through.

    Raises ValueError for a batch with a single value per channel.

    >>> import numpy as np
    >>> Active(eps=0.0)("dense1", np.array([[1.0], [3.0]]))
    array([[-1.],
           [ 1.]])
    """

    eps: float = EPS

    def normalise(self, layer: str, x: Any, moments: tuple[Array, Array] | None = None) -> Any:
        return ops.normalise(x, eps=self.eps, moments=moments)

    def fused(
        self, layer: str, x: Array, moments: tuple[Array, Array] | None = None
    ) -> dict[str, Any]:
        return {"eps": self.eps, "moments": moments}


@dataclass(frozen=True)
class Detached(BatchNorm):
    """The values of ``Active``, where mu and sigma are constants of the derivatives.

    Raises ValueError for a batch with a single value per channel.
    """

    eps: float = EPS

    def normalise(self, layer: str, x: Any, moments: tuple[Array, Array] | None = None) -> Any:
        return ops.normalise_detached(x, eps=self.eps)


@dataclass(frozen=True)
class Ghost(BatchNorm):
    """``Active`` within each group of consecutive examples.

    ``group`` is the number of examples per group. The number 0 makes the whole batch one group.
    Raises ValueError where ``group`` does not divide the batch, and for a single value per channel.
    """

    group: int
    eps: float = EPS

    def normalise(self, layer: str, x: Any, moments: tuple[Array, Array] | None = None) -> Any:
        return ops.normalise(x, eps=self.eps, group=self.group)
