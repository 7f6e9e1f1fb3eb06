"""Every claim is checked by simulation, with a stated error rate.

``sim.check(claim)`` gives the row that ``python -m sim`` prints. ``sim.observe(claim)`` gives the
draw behind the row. ``sim.ensembles`` draws the random matrices. ``sim.inputs.analyse(X)`` analyses
the user's own data.
"""

from sim import inputs
from sim.check import Row, check, observe

__all__ = ["Row", "check", "inputs", "observe"]
