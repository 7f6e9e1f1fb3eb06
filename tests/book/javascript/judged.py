"""Whether a value of JavaScript is that of Python, up to rounding and what magnifies it.

The condition is measured by Python alone: how far its value moves where every number that it is
given moves by half a unit or one of its last place, and how far NumPy's floats are off there.
"""

import sys
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from tests.close import Closeness, rounded
from tests.theory.points import FAR
from theory import arguments
from theory.claim import Claim
from theory.domain import Array, DomainError, Integer, Parameter
from theory.evaluator import Evaluator
from theory.formula import Formula

EPS = sys.float_info.epsilon
#: How often every number is moved.
MOVES = 3
MIRRORED = ("symmetric", "psd", "definite")


class Judge:
    """The values of a formula by Python at one point, and how they move.

    ``size`` is that of terms that were added and are no part of the value: a difference between a
    limit and what is measured at a finite size has the size of the limit.
    """

    def __init__(self, formula: Formula, values: Mapping[str, Any], size: float = 0.0) -> None:
        self.parameters = {each.name: each for each in formula.parameters}
        self.evaluator = Evaluator(formula._named, formula.parameters)
        self.named = formula.named
        self.values = values
        self.size = size
        self.counts_zeros = "nonzeros" in str(formula.expression)

    @cached_property
    def expected(self) -> dict[str, Any]:
        """The parts of the value by name."""
        return self.evaluator.floats(self.values)

    @cached_property
    def has_a_value(self) -> bool:
        """Whether Python finds a real number."""
        try:
            return bool(self.expected)
        except DomainError:
            return False

    def agrees(self, observed: Any) -> Closeness:
        """Whether a value is the expected one; the condition is measured where it must be."""
        with np.errstate(all="ignore"):
            return self._agrees(observed)

    def _agrees(self, observed: Any) -> Closeness:
        parts = observed if self.named else {"": observed}
        found = Closeness(0.0)
        for name, expected in self.expected.items():
            value = bare(parts[name])
            close = rounded(value, expected, self._terms(name, 0))
            if not close:
                close = rounded(value, expected, self._terms(name, self._moved[name]))
            if not close and np.isnan(value).any() and not self._is_a_float(name):
                close = Closeness(0.0)  # where NumPy says nothing, the page may say nothing
            found = max(found, close, key=lambda each: each.excess)
        return found

    def _terms(self, name: str, moved: Any) -> Any:
        finite = np.abs(np.asarray(self.expected[name], float))
        largest = np.max(finite, initial=0, where=np.isfinite(finite))
        # below the smallest normal number rounding does not shrink any further
        return max(largest, self.size, sys.float_info.min) + moved / EPS

    @cached_property
    def _moved(self) -> dict[str, Any]:
        """How far each part moves at most, entry by entry."""
        farthest = {name: np.zeros(np.shape(value)) for name, value in self.expected.items()}
        for move in range(MOVES):
            random = np.random.default_rng(move)
            near = {
                name: nudged(self.parameters.get(name), value, random, self.counts_zeros)
                for name, value in self.values.items()
            }
            try:
                with np.errstate(all="ignore"):
                    there = self.evaluator.floats(near)
            except DomainError:  # no value beside the point, as beside the end of a root
                continue
            for name, value in there.items():
                for other in (self.expected[name], self._plain(name, near, value)):
                    with np.errstate(invalid="ignore"):
                        gap = np.abs(np.asarray(value) - other)
                    farthest[name] = np.fmax(farthest[name], np.where(np.isfinite(gap), gap, 0))
        return {name: np.max(value, initial=0) for name, value in farthest.items()}

    def _plain(self, name: str, values: Mapping[str, Any], otherwise: Any) -> Any:
        """A part in NumPy's floats, step by step as the formula is written, where NumPy has it.

        Steps magnify rounding as well, as where two of them nearly cancel.
        """
        compiled = self._steps[name]
        try:
            with np.errstate(all="ignore"):
                return np.reshape(np.asarray(compiled(values), float), np.shape(otherwise))
        except (TypeError, ValueError, NameError, OverflowError):
            return otherwise

    @cached_property
    def _steps(self) -> dict[str, Any]:
        """Each part as a function of NumPy."""
        expressions = self.evaluator.expressions
        return {name: self.evaluator._compiled(each) for name, each in expressions.items()}

    def _is_a_float(self, name: str) -> bool:
        """Whether arithmetic of floats alone, as NumPy has it, gives a part a value."""
        with np.errstate(all="ignore"):
            return bool(np.all(np.isfinite(self.evaluator._parts[name](self.values))))


def nudged(
    parameter: Parameter | None, value: Any, random: np.random.Generator, keep_zeros: bool
) -> Any:
    """A value whose numbers are moved by a unit of their last place at most."""
    if parameter is None or isinstance(parameter.domain, Integer):
        return value
    domain = parameter.domain
    largest = np.max(np.abs(value))  # an entry that is 0 came from a difference, perhaps
    size = np.where(value == 0, 0, largest) if keep_zeros else largest
    moved = value + EPS * size * random.choice([-1, 0.5, 1], size=np.shape(value))
    if isinstance(domain, Array):
        return (moved + moved.T) / 2 if domain.kind in MIRRORED else moved
    return float(moved) if domain.contains(float(moved)) else value


def bare(value: Any) -> Any:
    """A value as Python's evaluator returns it: columns are flat, a single number is a number."""
    value = np.asarray(value, float)
    if value.size == 1:
        return float(value.reshape(()))
    return value[:, 0] if value.ndim == 2 and value.shape[1] == 1 else value


def is_ordinary(values: Mapping[str, Any]) -> bool:
    """Whether fourth powers of all numbers, and their inverses, are floats."""
    sizes = np.abs(
        np.concatenate([np.ravel(np.asarray(x, float)) for x in values.values()] or [[]])
    )
    return bool(np.all((sizes == 0) | ((sizes > 1 / FAR) & (sizes < FAR))))


def with_sizes(claim: Claim, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values and the sizes of their arrays."""
    by_name = {each.name: each for each in claim.parameters}
    return {**values, **arguments.sizes(by_name, values)}
