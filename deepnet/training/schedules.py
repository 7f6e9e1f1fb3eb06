"""Learning rates as functions of the epoch, a number that grows by 1 per epoch."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import pairwise

Schedule = Callable[[float], float]


def constant(rate: float) -> Schedule:
    """lr(e) = rate."""
    return lambda epoch: rate


def piecewise_linear(*knots: Sequence[float]) -> Schedule:
    """The polygon through the ``knots`` (epoch, rate), constant before them and after them.

    >>> piecewise_linear((0, 0.0), (1, 2.0), (5, 0.0))(0.5)
    1.0

    Raises ValueError where the epochs do not increase.
    """
    epochs, rates = zip(*knots, strict=True)
    if any(after <= before for before, after in pairwise(epochs)):
        raise ValueError(f"epochs of a schedule must increase, got {epochs}")

    def rate(epoch: float) -> float:
        i = bisect_right(epochs, epoch)
        if i in (0, len(epochs)):
            return float(rates[max(0, i - 1)])
        share = (epoch - epochs[i - 1]) / (epochs[i] - epochs[i - 1])
        return float((1 - share) * rates[i - 1] + share * rates[i])

    return rate


def triangle(peak: float, turn: float, end: float) -> Schedule:
    """From 0 up to ``peak`` at epoch ``turn`` and down to 0 at epoch ``end``, as in page2019."""
    return piecewise_linear((0, 0.0), (turn, peak), (end, 0.0))


def exponential(start: float, growth: float) -> Schedule:
    """lr(e) = start growth^e."""
    return lambda epoch: float(start * growth**epoch)
