"""A step of gradient descent: ``deepnet.training.sgd`` on the GPU."""

from typing import Any

import numpy as np

from deepnet.backend import scalar
from deepnet.ops.gpu.launch import mapped

Array = Any


def descended(
    w: Array, velocity: Array, g: Array, lr: Any, momentum: float, decay: float, nesterov: bool
) -> tuple[Array, Array]:
    """The weight and its velocity after the step, in one pass.

    The rate is read when the kernel runs.
    """
    numbers = [scalar(w, lr), w.dtype.type(momentum), w.dtype.type(decay), np.int32(nesterov)]
    return mapped("descended", [w, velocity, g], scalars=numbers, results=2)
