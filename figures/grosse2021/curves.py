"""What the figures of the rates share: points spread over a curve, and a key above the panels."""

from collections.abc import Iterable

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D


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


def key(fig: Figure, nets: Iterable[tuple[str, str]]) -> None:
    """Above all panels, which share them: the words and the colour of each net."""
    marked = [
        (Line2D([], [], color=colour, marker="o", ls="", ms=4), word) for word, colour in nets
    ]
    handles, words = zip(*marked, strict=True)
    fig.legend(handles, words, loc="outside upper center", ncols=len(words), handletextpad=0.1)
