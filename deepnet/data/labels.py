"""The labels of a set of examples: their shape, and the classes that no example has."""

from itertools import islice

import numpy as np

Array = np.ndarray
#: The number of empty classes that a line names.
NAMED = 5


def as_vector(labels: Array) -> Array:
    """``labels`` (n,), given as (n,) or as a column (n, 1). Other arrays stay as they are.

    >>> as_vector(np.array([[3], [1]]))
    array([3, 1])
    """
    return labels[:, 0] if labels.ndim == 2 and labels.shape[1] == 1 else labels


def begin_at_one(labels: Array, classes: int) -> bool:
    """Whether ``labels`` (n,) have each class among 0, ..., ``classes`` - 1 except 0.

    >>> begin_at_one(np.array([2, 1, 2, 3]), classes=4)
    True
    """
    return bool(empty_classes(labels, classes) == 1 and labels.min() == 1)


def empty_classes(labels: Array, classes: int) -> int:
    """The number of classes among 0, ..., ``classes`` - 1 that ``labels`` (n,) do not have.

    >>> empty_classes(np.array([3, 1, 3]), classes=4)
    2
    """
    return classes - len(np.unique(labels))


def doubts(labels: Array, classes: int) -> str:
    """One line on the classes without a training image. The text is empty if each class has one.

    ``labels`` (n,) are numbers among 0, ..., ``classes`` - 1, with one number per training image.

    >>> doubts(np.array([0, 3, 3]), classes=4)
    '2 of 4 classes have no training image (1, 2); the nets get 4 outputs'
    >>> doubts(np.array([2, 1, 2]), classes=3)
    'no training image has the label 0; the nets get 3 outputs; if labels begin at 1, subtract 1'
    """
    outputs = f"the nets get {classes} outputs"
    if begin_at_one(labels, classes):
        return f"no training image has the label 0; {outputs}; if labels begin at 1, subtract 1"
    count, present = empty_classes(labels, classes), set(labels.tolist())
    if not count:
        return ""
    named = islice((label for label in range(classes) if label not in present), NAMED)
    numbers = ", ".join([*map(str, named), *(["..."] if count > NAMED else [])])
    have = "has" if count == 1 else "have"
    return f"{count} of {classes} classes {have} no training image ({numbers}); {outputs}"
