"""Batches of images with targets are made here, and a data set's size and shape are checked.

A batch is a pair (x, targets). The images ``x`` (n, rows, columns, channels) are normalised. The
``targets`` (n, classes) are rows with a single 1, or smoothed as ``deepnet.ops.smoothed`` says.
"""

from typing import Any, Literal

import numpy as np

from companion.errors import UsageError
from deepnet import ops
from deepnet.backend import to_host
from deepnet.data import Dataset

Array = Any
Batch = tuple[Array, Array]
Rows = slice | np.ndarray


def require(data: Dataset, count: int) -> None:
    """Raise UsageError where ``data`` has fewer than ``count`` training images."""
    if len(data.x_train) < count:
        raise UsageError(
            f"{data.name} has {len(data.x_train)} training images; give {count} or more"
        )


def require_shape(data: Dataset, *shape: int) -> None:
    """Raise UsageError where the images are not of the ``shape`` (rows, columns, channels)."""
    given = data.x_train.shape[1:]
    if given != shape:
        raise UsageError(f"{data.name} has images {given}; the nets take {shape}")


def batch(data: Dataset, rows: Rows, smoothing: float = 0.0, dtype: Any = np.float32) -> Batch:
    """The training images in ``rows`` as one batch."""
    return with_labels(data, rows, data.y_train[rows], smoothing, dtype)


def with_labels(
    data: Dataset, rows: Rows, labels: Array, smoothing: float = 0.0, dtype: Any = np.float32
) -> Batch:
    """The training images in ``rows`` as one batch with the given ``labels`` (n,)."""
    x = data.normalised(data.x_train[rows], dtype)
    return x, ops.smoothed(labels, data.classes, smoothing, x.dtype)


def whole(
    data: Dataset, part: Literal["train", "test"] = "train", dtype: Any = np.float32
) -> Batch:
    """All images of the ``part`` as one batch."""
    x = data.normalised(getattr(data, f"x_{part}"), dtype)
    return x, ops.smoothed(getattr(data, f"y_{part}"), data.classes, 0.0, x.dtype)


def in_turn(count: int, size: int, first: int = 0) -> list[slice]:
    """The rows of batches of ``size`` images, from the image ``first`` on, for ``count`` images.

    The last batch has ``size`` images too, if the data set has them, so that it may go beyond
    ``count``.

    >>> in_turn(count=5, size=3)
    [slice(0, 3, None), slice(3, 6, None)]
    """
    return [slice(start, start + size) for start in range(first, first + count, size)]


def in_batches(
    data: Dataset, count: int, size: int, first: int = 0, smoothing: float = 0.0
) -> list[Batch]:
    """The batches of ``in_turn``: ``count`` training images in batches of ``size``.

    Raises UsageError where there are too few images.
    """
    require(data, first + count)
    parts = in_turn(count, size, first)
    return [batch(data, rows, smoothing) for rows in parts]


def split(rows: np.ndarray, size: int) -> list[np.ndarray]:
    """The ``rows`` (n,) in batches of ``size``. The last batch has the rest.

    >>> split(np.array([4, 1, 3]), size=2)
    [array([4, 1]), array([3])]
    """
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def balanced(labels: np.ndarray, count: int, skip: int = 0) -> np.ndarray:
    """The indices of ``count`` examples in which the classes take turns.

    ``skip`` is the number of examples that are left out before them.

    >>> balanced(np.array([1, 1, 0, 1, 0, 2]), 4)
    array([2, 0, 5, 4])
    """
    labels = to_host(labels)
    rank = np.empty(len(labels), int)
    for label in np.unique(labels):
        rank[labels == label] = np.arange(np.sum(labels == label))
    return np.lexsort((labels, rank))[skip : skip + count]


def balanced_batches(
    data: Dataset, count: int, size: int, skip: int = 0, dtype: Any = np.float32
) -> list[Batch]:
    """``count`` training images in which the classes take turns, in batches of ``size``.

    ``skip`` is the number of images that are left out before them. Raises UsageError where there
    are too few images.
    """
    require(data, skip + count)
    rows = balanced(data.y_train, count, skip)
    return [batch(data, part, dtype=dtype) for part in split(rows, size)]
