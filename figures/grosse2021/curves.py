"""What the figures of the rates share: points spread over a curve, and means."""

import numpy as np


def spread(steps: np.ndarray, count: int = 14) -> np.ndarray:
    """Indices of about ``count`` of the ``steps``, evenly spread over their logarithms from the
    first positive one on."""
    positive = np.flatnonzero(steps > 0)
    wanted = np.geomspace(steps[positive[0]], steps[-1], count)
    return np.unique(positive[0] + np.searchsorted(steps[positive], wanted))


def whole_numbers(first: float, last: float, count: int = 60) -> np.ndarray:
    """At most ``count`` whole numbers from ``first``, at least 1, to ``last``, evenly in logs."""
    return np.unique(np.geomspace(max(1, first), max(1, last), count).round().astype(int))


def means(values: np.ndarray, parts: int = 12) -> np.ndarray:
    """The means of ``values`` over so many successive parts, or over each alone if there are
    fewer."""
    return np.array([part.mean() for part in np.array_split(values, min(parts, len(values)))])
