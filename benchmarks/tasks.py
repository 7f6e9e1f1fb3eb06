"""The tasks that are timed, their number of runs, and the allowed difference of their results.

A way of doing a task is a function that is timed, and a function that reads its result untimed
afterwards.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

#: The number of eigenpairs, and the residual over |eigenvalue| that each pair must reach.
TOP, RESIDUAL = 10, 1e-3
#: The number of Lanczos quadratures of a density, and the number of steps of each.
PROBES, STEPS = 2, 40


@dataclass(frozen=True)
class Task:
    """A row of the table.

    ``repeats``: a round takes the best of this number of runs.
    ``rounds``: the largest number of rounds.
    ``vectors``: times are divided by this number.
    ``tolerance``: results agree where their difference is at most this number times their norm.

    The tolerance is coarse. In float32 a unit at its kink, or a tie in a pool, falls on either
    side. In float64 ``benchmarks.rounds`` sees that the engines compute equal results.
    """

    name: str
    title: str
    repeats: int = 3
    rounds: int | None = None
    vectors: int = 1
    tolerance: float = 0.02

    @property
    def long(self) -> bool:
        """Whether one run of the task takes many products."""
        return self.repeats == 1


#: The ends of a density are compared. They are Ritz values from different probes.
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
    """The ``value`` in which engines should agree, and further words."""

    value: np.ndarray
    notes: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Way:
    """``do`` does the task and is timed. ``read`` reads what it returned, untimed."""

    do: Callable[[], Any]
    read: Callable[[Any], Result]
    comparable: bool = True


def eigenvalues(values: np.ndarray, residuals: np.ndarray, products: int | None) -> Result:
    """Descending eigenvalues, the largest residual over |eigenvalue|, the number of products."""
    notes = {"residual": float((residuals / np.abs(values)).max())}
    counted = {} if products is None else {"products": products}
    return Result(np.sort(values)[::-1], notes | counted)
