"""Units that no longer learn: dead at every example, or saturated at many examples.

A gradient that passes back through an activation is multiplied by its slope. Slopes are measured as
shares of the function's largest slope: 1 - y^2 for tanh, 4 y (1 - y) for the logistic function, 0
or 1 for ReLU.
"""

from typing import Any

import numpy as np

from deepnet.backend import to_host
from deepnet.watch.activations import Activation

Array = Any
#: A share of the slope at which a bounded unit counts as saturated: |tanh| > 0.975.
SATURATED = 0.05


def dead(activation: Activation, slope: float = 0.0) -> np.ndarray:
    """Whether each unit is dead on a batch.

        dead_u = (slope[i, u] <= threshold at all examples and pixels i)

    The answer is exact for this batch. More examples can only turn dead units into living ones, so
    that a batch gives an upper bound of the share of dead units over all data.

    Args:
        activation: The values and slopes of a layer. See ``activations``.
        slope: The threshold, as a share of the largest slope of the function.

    Returns:
        Booleans (units,). Their mean is the share of dead units.

    Reference:
        grosse2021, Preventing dead or saturated units

    Example:
        >>> z = np.array([[-1.0, 2.0], [-3.0, -1.0]])
        >>> dead(Activation("relu", z, np.maximum(z, 0), 1.0 * (z > 0))).tolist()
        [True, False]
    """
    return to_host((_rows(activation.slope) <= slope).all(0))


def saturated(activation: Activation, slope: float = SATURATED) -> np.ndarray:
    """How often each unit is saturated on a batch.

        saturated_u = share of the examples and pixels i with slope[i, u] <= threshold

    The share is exact for this batch, and unbiased for all data where the examples are a random
    draw and no batch statistics mix them. For a ReLU it is the share of zeros.

    Args:
        activation: The values and slopes of a layer. See ``activations``.
        slope: The threshold, as a share of the largest slope of the function. 1/20 is reached at
            |tanh| = 0.975.

    Returns:
        Shares (units,), without unit.

    Reference:
        grosse2021, Preventing dead or saturated units

    Example:
        >>> z = np.array([[-1.0, 2.0], [-3.0, -1.0]])
        >>> saturated(Activation("relu", z, np.maximum(z, 0), 1.0 * (z > 0))).tolist()
        [1.0, 0.5]
    """
    return to_host((_rows(activation.slope) <= slope).mean(0))


def _rows(values: Array) -> Array:
    return values.reshape(-1, values.shape[-1])
