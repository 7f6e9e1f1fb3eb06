"""Checks of the chapter ``quadratic``: identities to rounding, descent run step by step.

The loss is summed example by example, derivatives are differences (exact for a quadratic, at any
step), minima come from least squares on the data, and rates from descents and from the matrix
that one step of the algorithm multiplies by. None of them uses a closed form.
"""

from sim.quadratic import surface, minima, modes, stability, speed, best_rates, fan_in
