"""Derivatives of analytic functions are exact to rounding. Nothing here knows a closed form.

First derivatives are complex steps. Derivatives of any order come from Cauchy's formula, a mean
over a circle of complex displacements. The functions take complex numbers.
"""

from collections.abc import Callable
from math import factorial
from typing import Any

import numpy as np

Array = np.ndarray
#: A step so short that nothing of second order is left.
TINY = 1e-30
#: The number of points of a circle. The circle has a quarter of the radius at which the function
#: stops being analytic. The part that the mean leaves out is then 4^-48.
POINTS = 48


def complex_gradient(f: Callable[[Array], Any], at: Array) -> Array:
    """The derivatives of ``f`` in each entry of ``at``, in the shape of ``at``.

    Where ``f`` gives an array, each place has an array. The derivatives of a gradient are the
    Hessian.

    >>> complex_gradient(lambda x: x[0] ** 2 * x[1], np.array([3.0, 2.0]))
    array([12.,  9.])
    """
    steps = 1j * TINY * np.eye(at.size).reshape(at.size, *at.shape)
    slopes = np.array([np.imag(f(at + step)) / TINY for step in steps])
    return slopes.reshape(*at.shape, *slopes.shape[1:])


def derivative(f: Callable[[complex], Any], radius: float, order: int = 1) -> Any:
    """The derivative of ``f`` at 0, to rounding of f over radius^order.

    ``f`` is analytic in a circle of four times ``radius``.

    >>> round(float(derivative(np.exp, 1.0, 3)), 12)
    1.0
    """
    terms = [f(radius * turn) * turn**-order for turn in turns()]
    return np.real(sum(terms)) / POINTS * factorial(order) / radius**order


def turns() -> Array:
    """The points of the unit circle at which Cauchy's formula takes a function."""
    return np.exp(2j * np.pi * np.arange(POINTS) / POINTS)
