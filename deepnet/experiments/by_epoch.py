"""The records of a training are averaged epoch by epoch."""

import numpy as np

from deepnet.training import State


def by_epoch(state: State, name: str) -> np.ndarray:
    """The means of the record ``name`` over the steps of each whole epoch, (epochs,).

    An epoch that inf or nan ended early has no mean.

    >>> records = {"epoch": [0.5, 1, 1.5], "loss": [3, 1, 9]}
    >>> by_epoch(State({}, {}, records=records, epoch=1), "loss")
    array([2.])
    """
    epochs = np.ceil(state.records["epoch"])
    column = np.array(state.records[name], float)
    return np.array([column[epochs == epoch].mean() for epoch in range(1, state.epoch + 1)])
