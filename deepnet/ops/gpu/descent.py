"""A step of gradient descent: ``deepnet.training.sgd`` on the GPU."""

from typing import Any

import numpy as np

from deepnet.ops.gpu.launch import mapped

Array = Any


def descended(
    w: Array, velocity: Array, g: Array, lr: float, momentum: float, decay: float, nesterov: bool
) -> tuple[Array, Array]:
    """The weight and its velocity after the step, in one pass."""
    numbers = [w.dtype.type(number) for number in (lr, momentum, decay)]
    return mapped("descended", [w, velocity, g], scalars=[*numbers, np.int32(nesterov)], results=2)
