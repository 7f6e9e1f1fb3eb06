"""Checks of the chapter ``quadratic``: identities to rounding, descent run step by step.

The loss is summed example by example, derivatives are differences (exact for a quadratic, at any
step), minima come from least squares on the data, and rates from descents and from the matrix
that one step of the algorithm multiplies by. None of them uses a closed form.
"""

# ruff: noqa: I001, RUF022 -- the order is the reading order

from sim.quadratic import surface
from sim.quadratic import minima
from sim.quadratic import modes
from sim.quadratic import stability
from sim.quadratic import speed
from sim.quadratic import best_rates
from sim.quadratic import fan_in

__all__ = ["surface", "minima", "modes", "stability", "speed", "best_rates", "fan_in"]
