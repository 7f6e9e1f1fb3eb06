"""What a definition is evaluated in: the values of its letters, and how finely it is looked at.

A number is an mpf of mpmath or a float, a matrix an array of them with two last axes. In floats
there may be axes before: one draw each. ``Scope.of`` evaluates an expression by the table of
meanings that the scope holds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import mpmath
import numpy as np
import sympy as sp

from theory.functions.directions import direction
from theory.functions.frames import frame
from theory.functions.large import gaussian, independent, uniform_direction

Meaning = Callable[[Any, "Scope"], Any]
Key = tuple[str, bool]

#: Decimal places of numbers that are not floats.
PLACES = 120


class NoMeaningError(NotImplementedError):
    """What is only stated: one line that says what it is."""


class FloatsError(ArithmeticError):
    """What is drawn or searched for is evaluated in floats."""


@dataclass
class Notes:
    """How a value was found: whether by chance, whether by a limit that is cut off."""

    chance: bool = False
    refined: bool = False
    error: float = 0.0  # what quadratures say of themselves
    share: float = 0.0  # what searches leave, as a share of the value
    climbed: bool = False  # whether a supremum is the best of some climbs
    drawn: dict[Any, Any] = field(default_factory=dict)  # letters that mean one draw, or any value


@dataclass(frozen=True)
class Scope:
    """The letters' values by (name, whether a matrix), with what decides how to evaluate.

    ``start`` holds the letters where functions such as ``smooth`` state their slopes.
    ``level`` grows as limits, steps and searches are refined. ``laws`` are of random letters.
    ``seed`` draws those; ``arbitrary`` chooses values of letters that may be anything.
    """

    letters: Mapping[Key, Any]
    start: Mapping[Key, Any]
    meanings: Mapping[type, Meaning]
    laws: Mapping[Any, Any]
    precise: bool
    level: int
    random: np.random.Generator
    arbitrary: int
    notes: Notes
    copied: Mapping[Key, Any] = field(default_factory=dict)

    def of(self, expression: Any) -> Any:
        """The value of an expression; NoMeaningError where it has none."""
        e = sp.sympify(expression)
        if e.is_Number or e.is_NumberSymbol:
            return self.number(e)
        for kind in type(e).__mro__:
            if kind in self.meanings:
                return self.meanings[kind](e, self)
        raise NoMeaningError(f"{type(e).__name__} has no meaning in numbers")

    def number(self, e: Any) -> Any:
        """A constant."""
        if not self.precise:
            return float(e)
        if isinstance(e, sp.Rational):
            return mpmath.mpf(int(e.p)) / int(e.q)
        return mpmath.mpf(sp.N(e, PLACES)) if e.is_finite else mpmath.mpf(float(e))

    def array(self, entries: Any) -> np.ndarray:
        """Entries of any numbers as an array of this scope's."""
        values = np.asarray(entries)
        if not self.precise:
            return values.astype(float)
        return (
            np.frompyfunc(exactly, 1, 1)(values)
            if values.ndim
            else np.asarray(exactly(values.item()))
        )

    def whole(self, e: Any) -> int:
        """A size or a count."""
        return round(float(self.of(e)))

    def shape(self, e: Any) -> tuple[int, int]:
        """Rows and columns of a matrix."""
        return self.whole(e.shape[0]), self.whole(e.shape[1])

    def bound(self, values: Mapping[Any, Any]) -> "Scope":
        """Letters set: where they stand, functions state their slopes too."""
        new = {key(letter): value for letter, value in values.items()}
        return replace(self, letters={**self.letters, **new}, start={**self.start, **new})

    def moved(self, values: Mapping[Any, Any]) -> "Scope":
        """Letters moved: functions state their slopes where they were before."""
        new = {key(letter): value for letter, value in values.items()}
        return replace(self, letters={**self.letters, **new})

    @property
    def at_start(self) -> "Scope":
        """The letters where they were before they moved."""
        return replace(self, letters=self.start)

    def letter(self, e: Any) -> Any:
        """The value of a letter; one that is free is drawn once and kept."""
        if key(e) in self.letters:
            return self.letters[key(e)]
        if not isinstance(e, sp.MatrixSymbol):
            raise NoMeaningError(f"the letter {e} has no value and is not said to be arbitrary")
        shape = self.shape(e)
        place = (key(e), shape)
        if place not in self.notes.drawn:
            self.notes.drawn[place] = self._drawn(e, shape)
        return self.notes.drawn[place]

    def _drawn(self, e: Any, shape: tuple[int, int]) -> np.ndarray:
        if isinstance(e, (independent, uniform_direction)):
            self.by_chance()
            if isinstance(e, gaussian) or not isinstance(e, independent):
                return self.random.standard_normal(shape)
            side = np.sqrt(3)  # any law of variance 1 that has a density
            return self.random.uniform(-side, side, shape)
        seed = [self.arbitrary, *map(ord, str(e)), *shape]
        entries = np.random.default_rng(seed).standard_normal(shape)
        if isinstance(e, direction):
            for other in e.across:
                column = np.asarray(self.letter(other), dtype=float)
                entries -= column * (column.T @ entries) / (column.T @ column)
            if self.precise:
                return self._unit(entries, [self.letter(other) for other in e.across])
            return entries / np.linalg.norm(entries)
        if isinstance(e, frame):
            if self.precise:
                raise FloatsError
            return np.linalg.qr(entries)[0]
        return self.array(entries)

    def _unit(self, entries: np.ndarray, across: list[np.ndarray]) -> np.ndarray:
        column = self.array(entries)
        for other in across:
            column = column - other * (other * column).sum() / (other * other).sum()
        return column / mpmath.sqrt((column * column).sum())

    def refine(self) -> None:
        """Say that the value depends on the level."""
        self.notes.refined = True

    def within(self, error: float, relative: bool = False) -> None:
        """Say that a part of the value is off by at most an error."""
        if relative:
            self.notes.share = max(self.notes.share, error)
        else:
            self.notes.error += error

    def by_chance(self) -> None:
        """Say that the value is drawn."""
        self.in_floats()
        self.notes.chance = True

    def in_floats(self) -> None:
        """FloatsError where numbers have more digits."""
        if self.precise:
            raise FloatsError


def is_matrix(e: Any) -> bool:
    """Whether an expression is a matrix."""
    return bool(getattr(e, "is_Matrix", False))


def key(letter: Any) -> Key:
    """What tells letters apart: the name, and whether it is a matrix."""
    return str(letter), is_matrix(letter)


def exactly(x: Any) -> Any:
    """A float or a fraction with all its digits."""
    if isinstance(x, sp.Basic):
        return mpmath.mpf(int(x.p)) / int(x.q)
    if hasattr(x, "numerator") and not isinstance(x, (float, np.floating)):
        return mpmath.mpf(int(x.numerator)) / int(x.denominator)
    return x if isinstance(x, mpmath.mpf) else mpmath.mpf(float(x))
