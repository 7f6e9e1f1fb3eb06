"""The images of the lecture's nets are averaged, and standardised for the mlp."""

from dataclasses import fields, replace
from functools import cached_property
from typing import Any

import numpy as np

from companion.errors import UsageError
from deepnet.backend import beside, to_host
from deepnet.data import Dataset
from deepnet.experiments.context import Context


class Standardised(Dataset):
    """Images whose inputs have mean 0 and variance 1 over the training images.

    An input that never varies is 0.
    """

    @cached_property
    def input_moments(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard deviation of each input over the training images, on 0..1."""
        x = to_host(self.x_train).astype(float) / 255
        return x.mean(0), x.std(0)

    def normalised(self, x: np.ndarray, dtype: Any = np.float32) -> np.ndarray:
        """See the class."""
        mean, spread = self.input_moments
        inverse = np.divide(1, spread, out=np.zeros_like(spread), where=spread > 0)
        mean, inverse = beside(x, (mean.astype(dtype), inverse.astype(dtype)))
        return (x.astype(dtype) / 255 - mean) * inverse


def prepared(context: Context, standardised: bool = True) -> Context:
    """The context with its images averaged down to the configuration's side.

    Each input is ``standardised`` for the mlp, each channel for the convolutional net.

    Raises UsageError where halving its images does not lead to that side.
    """
    data, side = context.data, context.config["side"]
    rows, columns = data.x_train.shape[1:3]
    while data.x_train.shape[1] > side:
        data = data.halved()
    if data.x_train.shape[1:3] != (side, side):
        raise UsageError(
            f"{data.name} has images {rows} x {columns}; give squares of {side}, {2 * side}, ... "
            "pixels a side"
        )
    if standardised:
        data = Standardised(**{entry.name: getattr(data, entry.name) for entry in fields(data)})
    return replace(context, data=data)


def first_images(context: Context, count: int) -> Context:
    """The context with its first ``count`` training images alone."""
    data = context.data
    first = replace(data, x_train=data.x_train[:count], y_train=data.y_train[:count])
    return replace(context, data=first)
