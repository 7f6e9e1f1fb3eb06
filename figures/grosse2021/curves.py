"""Points that are spread over a curve, and means over parts of a curve, for figures of rates."""

import numpy as np


def spread(steps: np.ndarray, count: int = 14) -> np.ndarray:
    """Indices of about ``count`` of the ``steps``, from the first positive step on.

    They are evenly spread over the logarithms of the steps.
    """
    positive = np.flatnonzero(steps > 0)
    wanted = np.geomspace(steps[positive[0]], steps[-1], count)
    return np.unique(positive[0] + np.searchsorted(steps[positive], wanted))


def whole_numbers(first: float, last: float, count: int = 60) -> np.ndarray:
    """At most ``count`` whole numbers from ``first`` (at least 1) to ``last``.

    They are evenly spread in logarithm.
    """
    return np.unique(np.geomspace(max(1, first), max(1, last), count).round().astype(int))


def means(values: np.ndarray, parts: int = 12) -> np.ndarray:
    """The means of ``values`` over ``parts`` successive parts.

    If there are fewer values than parts, each value is its own part.
    """
    return np.array([part.mean() for part in np.array_split(values, min(parts, len(values)))])
