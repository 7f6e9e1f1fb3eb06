"""Checks of the chapter ``invariance`` take derivatives of scale-invariant losses, and run
descents.

Derivatives are complex steps and Cauchy's formula on losses of the weights. Growth, equilibria and
schedules are read off descents that are run step by step. No observation uses a closed form.
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
