"""Checks of the chapter ``invariance``: derivatives of scale-invariant losses, and descents.

Derivatives are complex steps and Cauchy's formula on losses of the weights; growth, equilibria and
schedules are read off descents that are run step by step. None of them uses a closed form.
"""

# ruff: noqa: I001, RUF022 -- the order is the reading order

from sim.invariance import homogeneity
from sim.invariance import sphere
from sim.invariance import growth
from sim.invariance import weight_decay
from sim.invariance import schedules
from sim.invariance import other_updates

__all__ = ["homogeneity", "sphere", "growth", "weight_decay", "schedules", "other_updates"]
