"""An estimate carries its standard error and says how many independent draws made it."""

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Estimate:
    """Mean of ``draws`` independent values with its standard error s / sqrt(draws)."""

    mean: float
    stderr: float
    draws: int

    @classmethod
    def of(cls, values: Iterable[float]) -> "Estimate":
        """The estimate from independent draws. Raises ValueError for fewer than two, or inf or nan.

        >>> Estimate.of([1.0, 2.0, 3.0])
        Estimate(mean=2.0, stderr=0.5773502691896258, draws=3)
        """
        values = [float(value) for value in values]
        if not all(map(math.isfinite, values)):
            raise ValueError(f"an estimate needs finite draws, got {values}")
        if len(values) < 2:
            raise ValueError(f"an estimate needs two draws or more, got {len(values)}")
        stderr = statistics.stdev(values) / math.sqrt(len(values))
        return cls(statistics.fmean(values), stderr, len(values))
