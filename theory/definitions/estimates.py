"""A definition as a number with its error: exact, by a limit that is cut off, or by chance."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import mpmath
import numpy as np

from theory import arguments
from theory.definitions import (
    arrays,
    chance,
    columns,
    elementary,
    limits,
    nets,
    searches,
    slopes,
    spectra,
)
from theory.definitions.letters import asked_of
from theory.definitions.scope import PLACES, FloatsError, Key, Notes, Scope, exactly, key
from theory.domain import Array, Parameter

MEANINGS = {
    **elementary.MEANINGS,
    **arrays.MEANINGS,
    **columns.MEANINGS,
    **spectra.MEANINGS,
    **slopes.MEANINGS,
    **chance.MEANINGS,
    **limits.MEANINGS,
    **nets.MEANINGS,
    **searches.MEANINGS,
}

#: Sizes of what is arbitrary, where no value tells them.
SIZES = {"N": 3, "n": 2, "p": 4, "B": 3, "M": 3, "P": 5, "dim": 2}
#: Inputs where the number of examples per input is given: examples come in whole numbers.
MANY = 200
#: Independent evaluations of what is drawn: Student's law is used from 64 on.
REPEATS = 64
#: The levels of what is drawn; those of a limit that is not, from the first to at most the last.
DRAWN, LEVELS = (1, 2), (0, 5)
#: What floats may leave of a value that is exact in real numbers, as a share of its largest entry.
#: At random points of 14 claims up to 3e-15 was left; matrices of a worse condition leave more.
FLOATS = 1e-12
#: What is left of a limit, over its change when the size doubles, where it errs as size^(-1/2): no
#: limit here is slower. Of one that errs as 1/size as much is left as it changed.
SLOWEST = 1 / (math.sqrt(2) - 1)
#: A limit is left where it changes by less than this share.
SETTLED = 1e-9


@dataclass(frozen=True)
class Estimate:
    """The value of a definition, and how far off it may be.

    ``value`` is a number or an array.
    ``stderr`` is its standard error where it is drawn, else 0.
    ``bias`` is what a quadrature, a search or a limit that is cut off may leave, else 0.
    ``draws`` is how many independent evaluations it is the mean of, 1 where nothing is drawn.
    ``how`` says it in a word or two.
    """

    value: Any
    stderr: Any = 0.0
    bias: Any = 0.0
    draws: int = 1
    how: str = "exact"

    @property
    def words(self) -> str:
        """How it was found, and for an array the largest error of an entry."""
        off = float(np.max(self.stderr + self.bias))
        most = f"each +- at most {off:.2g}; " if off > 0 and np.ndim(self.value) else ""
        return f"{most}{self.how}"

    def __str__(self) -> str:
        off = float(np.max(self.stderr + self.bias))
        if np.ndim(self.value):
            return f"{np.array2string(self.value, max_line_width=64)} ({self.words})"
        if not off > 0:
            return f"{self.value:.10g} ({self.how})"
        places = max(0, 1 - math.floor(math.log10(off)))
        return f"{self.value:.{min(places, 12)}f} +- {off:.2g} ({self.how})"


class Stated(Protocol):
    """What is evaluated: a definition, by the fields that are read here."""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The letters whose values are given."""
        ...

    @property
    def laws(self) -> Mapping[Any, Any]:
        """The laws of random letters."""
        ...

    @property
    def axes(self) -> tuple[Any, ...]:
        """The letters for a column of the identity."""
        ...

    @property
    def name(self) -> str:
        """The claim's."""
        ...


def estimate(
    definition: Stated,
    expression: Any,
    values: Mapping[str, Any],
    seed: int = 0,
    floats: bool = True,
) -> Estimate:
    """One expression of a definition at checked ``values``, numbers and arrays by name.

    Raises FloatsError where 120 digits are not enough and ``floats`` is False.
    """

    def at(level: int, turn: int, precise: bool) -> tuple[Any, Notes]:
        notes = Notes()
        letters = _letters(definition.parameters, values, precise)
        random = np.random.default_rng([seed, turn, level])
        scope = Scope(letters, letters, MEANINGS, definition.laws, precise, level, random, 0, notes)
        with mpmath.workdps(PLACES), np.errstate(all="ignore"):
            scope = scope.bound(asked_of(definition, expression, scope))
            return _plain(scope.of(expression)), notes

    try:
        first, notes = at(DRAWN[0], 0, True)
        precise = True
    except FloatsError:
        if not floats:
            raise
        first, notes = at(DRAWN[0], 0, False)
        precise = False
    if notes.chance:
        return _drawn(lambda level, turn: at(level, turn, False), notes)
    size = np.abs(np.where(np.isfinite(first), first, 0))  # of inf there is no share
    bias: Any = notes.error + notes.share * size
    if notes.refined:
        first, more = _settled(lambda level: at(level, 0, precise)[0])
        return Estimate(first, bias=bias + more, how="a limit, cut off")
    if np.any(bias > 0):
        return Estimate(first, bias=bias, how=_searched(notes))
    if not precise:
        return Estimate(first, bias=FLOATS * np.max(size), how="in floats")
    return Estimate(first)


def _searched(notes: Notes) -> str:
    if notes.climbed:
        return "the best of some climbs: a lower bound"
    return "a search" if notes.share else "quadrature"


def _settled(at: Callable[[int], Any]) -> tuple[Any, Any]:
    """A limit, as far as the levels go: each change is about a share of the one before, so that the
    rest is about a geometric series. Twice that is stated, since the share may still grow."""
    before, here = at(LEVELS[0]), at(LEVELS[0] + 1)
    change, share = np.abs(here - before), 0.5
    for level in range(LEVELS[0] + 2, LEVELS[1] + 1):
        if np.all(change <= SETTLED * np.abs(here)):
            break
        before, here = here, at(level)
        last, change = change, np.abs(here - before)
        with np.errstate(all="ignore"):
            share = np.nanmax(np.where(last > 0, change / last, 0))
    share = min(max(float(share), 0.5), 0.95)
    return here, 2 * change * share / (1 - share)


def _drawn(at: Callable[[int, int], Any], notes: Notes) -> Estimate:
    """The mean of repeated evaluations; a limit at two levels, whose difference bounds the rest.

    A quotient of means, or another function of them, is off by a multiple of their variance in one
    evaluation. The bias that is stated does not hold this.
    """
    levels = DRAWN if notes.refined else DRAWN[:1]
    found = [np.array([at(level, turn)[0] for turn in range(REPEATS)]) for level in levels]
    value = found[-1].mean(axis=0)
    stderr = found[-1].std(axis=0, ddof=1) / np.sqrt(REPEATS)
    bias = 0.0 * value
    if notes.refined:
        change = np.abs(value - found[0].mean(axis=0))
        noise = np.hypot(stderr, found[0].std(axis=0, ddof=1) / np.sqrt(REPEATS))
        bias = SLOWEST * (change + 2 * noise)  # the change is drawn, too
    if not value.ndim:
        value, stderr, bias = float(value), float(stderr), float(bias)
    return Estimate(value, stderr, bias + notes.error, REPEATS, f"{REPEATS} draws")


def _letters(
    parameters: tuple[Parameter, ...], values: Mapping[str, Any], precise: bool
) -> dict[Key, Any]:
    found: dict[Key, Any] = {(name, False): size for name, size in SIZES.items()}
    found |= {(name, False): int(values[name]) for name in values if _is_size(name, parameters)}
    if "p" not in values and "N" in values:
        found["p", False] = int(values["N"]) + 2  # so that a covariance has full rank
    if "p" not in values and "alpha" in values:
        found["N", False] = int(values.get("N", MANY))
        found["p", False] = round(float(values["alpha"]) * found["N", False])
    for each in parameters:
        value = values[each.name]
        if isinstance(each.domain, Array):
            shape = arguments.shape(value, each)
            array = np.array(arguments.flat(value), dtype=object).reshape(shape)
            found[key(each.symbol)] = _numbers(array, precise)
        else:
            found[key(each.symbol)] = _numbers(np.asarray(value, dtype=object), precise).item()
    return found


def _is_size(name: str, parameters: tuple[Parameter, ...]) -> bool:
    return all(each.name != name for each in parameters)


def _numbers(array: np.ndarray, precise: bool) -> np.ndarray:
    if not precise:
        return np.asarray(array, dtype=float)
    with mpmath.workdps(PLACES):
        return np.asarray(np.frompyfunc(exactly, 1, 1)(array), dtype=object)


def _plain(value: Any) -> Any:
    """Floats: a number, a vector for a column, else an array."""
    array = np.asarray(value)
    if array.dtype == object:
        array = np.frompyfunc(lambda x: float(mpmath.re(x)), 1, 1)(array)
        array = np.asarray(array, dtype=float)
    array = array.astype(float)
    if array.size == 1:
        return float(array.reshape(()))
    return array[:, 0] if array.ndim == 2 and array.shape[1] == 1 else array
