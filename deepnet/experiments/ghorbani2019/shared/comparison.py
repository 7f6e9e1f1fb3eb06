"""Two nets are compared along their trainings, at equal steps and at equal training loss."""

from collections.abc import Sequence

import numpy as np

from deepnet.experiments.experiment import Measure
from deepnet.experiments.ghorbani2019.shared.protocol import COMPARED
from deepnet.experiments.store import Arrays


def compared(measure: Measure) -> Measure:
    """The measure where both nets trained, with batch norm and without; else nan."""

    def where_trained(arrays: Arrays) -> float:
        trained = not any(arrays[f"{name}:fate"] for name in COMPARED)
        return measure(arrays) if trained else float("nan")

    return where_trained


def after_the_start(arrays: Arrays, name: str, quantity: str) -> np.ndarray:
    """``quantity`` of the net ``name`` at all records but the record of the untrained net."""
    return arrays[f"{name}:{quantity}"][1:]


def at_equal_loss(
    losses: Sequence[np.ndarray], values: Sequence[np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The losses at records of either net within the range of both, and both nets' values there.

    Values are linear in the loss between the records. All three are empty where the ranges do not
    meet.

    >>> at_equal_loss([np.array([3.0, 1.0]), np.array([2.0, 0.5])], [[0.0, 4.0], [1.0, 7.0]])
    (array([1., 2.]), array([4., 2.]), array([5., 1.]))
    """
    low, high = max(column.min() for column in losses), min(column.max() for column in losses)
    common = np.unique(np.concatenate(losses))
    common = common[(common >= low) & (common <= high)]
    one, other = (
        np.interp(common, loss[np.argsort(loss)], np.asarray(value)[np.argsort(loss)])
        for loss, value in zip(losses, values, strict=True)
    )
    return common, one, other


def outermost(values: np.ndarray, middle: float) -> float:
    """The value among positive ``values`` that differs from ``middle`` by the largest factor.

    The result is nan where one of the values is nan.

    >>> outermost(np.array([0.2, 0.5]), middle=0.3)
    0.5
    """
    if np.isnan(values).any():
        return float("nan")
    return float(values[np.abs(np.log(values / middle)).argmax()])
