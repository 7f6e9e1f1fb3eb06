"""Checks of the chapter ``invariance``: derivatives of scale-invariant losses, and descents.

Derivatives are complex steps and Cauchy's formula on losses of the weights; growth, equilibria and
schedules are read off descents that are run step by step. None of them uses a closed form.
"""

from sim.invariance import (
    homogeneity,
    curvature,
    sphere,
    energy,
    growth,
    weight_decay,
    schedules,
    other_updates,
)
