"""Checks of the chapter ``quadratic`` compare identities to rounding and run descent step by step.

The loss is summed example by example. Derivatives are differences, which are exact for a quadratic
at any step. Minima come from least squares on the data. Rates come from descents, and from the
matrix by which one step of the algorithm multiplies. No observation uses a closed form.
"""

from sim.quadratic import surface, minima, modes, stability, speed, best_rates, fan_in
