"""Units that no longer learn: dead at every example, or saturated at many.

What passes back through an activation is multiplied by its slope; slopes are measured as shares of
the function's largest (tanh 1 - y^2, logistic 4y(1 - y), ReLU 0 or 1).
"""

from typing import Any

import numpy as np

from deepnet.backend import to_host
from deepnet.watch.activations import Activation

Array = Any
#: A share of the slope at which a bounded unit counts as saturated: |tanh| > 0.975.
SATURATED = 0.05


def dead(activation: Activation, slope: float = 0.0) -> np.ndarray:
    """Whether each unit's slope is at most ``slope`` at all examples and pixels, (units,).

    ``dead(...).mean()`` is the share of dead units.
    """
    return to_host((_rows(activation.slope) <= slope).all(0))


def saturated(activation: Activation, slope: float = SATURATED) -> np.ndarray:
    """The share of examples and pixels at which each unit's slope is at most ``slope``, (units,).

    For a ReLU it is the share of zeros.
    """
    return to_host((_rows(activation.slope) <= slope).mean(0))


def _rows(values: Array) -> Array:
    return values.reshape(-1, values.shape[-1])
