"""The tasks: what is timed, how often, and how close results must be.

A way of doing a task is a function to time and one that reads its result afterwards, untimed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

#: Eigenpairs asked for, and the residual over |eigenvalue| that each must reach.
TOP, RESIDUAL = 10, 1e-3
#: Lanczos quadratures of a density, and steps of each.
PROBES, STEPS = 2, 40


@dataclass(frozen=True)
class Task:
    """A row of the table.

    A round takes the best of ``repeats``; there are at most ``rounds`` rounds. Times are divided by
    ``vectors``. Results agree where their difference is at most ``tolerance`` times their norm:
    in float32 a unit at its kink or a tie in a pool falls on either side, so that this is coarse;
    that the engines compute the same is seen in float64 (``benchmarks.rounds``).
    """

    name: str
    title: str
    repeats: int = 3
    rounds: int | None = None
    vectors: int = 1
    tolerance: float = 0.02

    @property
    def long(self) -> bool:
        """Whether one run of it takes many products."""
        return self.repeats == 1


#: Of a density the ends are compared: Ritz values from different probes.
TASKS = {
    task.name: task
    for task in (
        Task("step", "training step"),
        Task("gradient", "gradient"),
        Task("product", "Hessian product"),
        Task("block", "8 Hessian products at once, each", repeats=1, vectors=8),
        Task("eigenpairs", f"top {TOP} eigenpairs", 1, rounds=3),
        Task("density", f"density, {PROBES} probes, {STEPS} steps", 1, rounds=3, tolerance=0.05),
    )
}


@dataclass(frozen=True)
class Result:
    """The ``value`` in which engines should agree, and what else is worth a word."""

    value: np.ndarray
    notes: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Way:
    """``do`` it, which is timed, and ``read`` what it returned, untimed."""

    do: Callable[[], Any]
    read: Callable[[Any], Result]
    comparable: bool = True


def eigenvalues(values: np.ndarray, residuals: np.ndarray, products: int | None) -> Result:
    """Descending eigenvalues, the largest residual over |eigenvalue|, the number of products."""
    notes = {"residual": float((residuals / np.abs(values)).max())}
    counted = {} if products is None else {"products": products}
    return Result(np.sort(values)[::-1], notes | counted)
