"""Mutations: every way in which the tests make a claim slightly wrong.

The mutant is judged by the draw that the claim was judged by. One name of a named result is mutated
at a time. ``size`` scales the amounts, which are stated here for size 1.

- *numbers*: all that are not zero, x 1.05; *whole numbers* (the expression is an integer for SymPy
  and no constant), + 1, those that are zero apart from the others;
- *zeros* (to rounding): + one scale unit, the largest size that the name has in the draw, or 1
  where it has none;
- *infinities*: one scale unit instead, of the same sign;
- *nothing*: not a number, wherever the name is asked for. So every name is looked at;
- *branches* of a piecewise result: each alone, x 1.05, or + 1 if it is zero or a whole number. So
  every branch is looked at.

A bound promises to be attained or approached somewhere, not everywhere. So a side is mutated as a
whole, numbers and zeros together, *tightened* and *loosened*; and the two sides are *reversed*.

A limit has exponents: that of each *letter* of its parameters, + and - 1/2 (the result x letter^1/2
or letter^(-1/2)); that of N in the *deviation* at finite size; and that of a fitted *order*.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
import sympy as sp

from sim.evidence import Bounded, Evidence, Fitted, Form, Student
from sim.power import changed, expressions, is_whole, refutes, sizes
from theory.claim import Claim
from theory.domain import Array

AMOUNT = sp.Rational(1, 20)
HALF = 0.5
#: What is smaller than this, in scale units, is zero.
ROUNDING = 64 * np.finfo(float).eps


@dataclass(frozen=True)
class Mutant:
    """A wrong form, or the right one judged by wrong evidence; ``truth`` is what is right."""

    words: str
    evidence: list[Evidence]
    form: Form
    truth: Form
    seen: Callable[[], bool] = lambda: True
    optional: bool = False  # whether it may be that no such value is there

    def survives(self, share):
        """Whether the evidence does not refute it, all but once in a million, at level ``share``;
        or, unless it is optional, nowhere sees it."""
        with np.errstate(all="ignore"):  # what is wrong may also be badly defined
            refuted = all(refutes(self.evidence, self.form, self.truth, share))
        return not (refuted if self.seen() else self.optional)


class Watched:
    """A closed form whose values are changed; it remembers whether a change was seen."""

    def __init__(self, truth: Form, wrong: Form):
        self.truth, self.wrong, self.seen = truth, wrong, False

    def __call__(self, **values):
        true, wrong = self.truth(**values), self.wrong(**values)
        pairs = [(true[name], wrong[name]) for name in true] if named(true) else [(true, wrong)]
        self.seen |= not all(np.array_equal(a, b, equal_nan=True) for a, b in pairs)
        return wrong


def mutants(claim: Claim, evidence: list[Evidence], size=1.0) -> Iterator[Mutant]:
    """All mutants of ``claim``, to be judged by the ``evidence`` that was drawn for it."""
    yield from of_values(claim, evidence, size)
    if claim.relation == "bound":
        yield reversed_bound(claim, evidence)
    else:
        yield from of_branches(claim, evidence, size)
    if claim.relation == "limit":
        yield from of_letters(claim, evidence, size)
        yield from of_deviation(claim, evidence, size)
    yield from of_orders(claim, evidence, size)


def of_values(claim, evidence, size):
    units = scale_units(claim, evidence)
    for name, expression in expressions(claim).items():
        whole = is_whole(expression)
        unit = 1.0 if whole else units[name]
        if claim.relation == "bound":
            changes = side_changes(name, whole, unit, size)
        else:
            changes = value_changes(whole, unit, size)
        for kind, change in changes.items():
            form = changed(
                claim.closed_form, name, lambda value, values, change=change: change(value)
            )
            optional = kind in ("numbers", "zeros", "infinities")
            yield watched(f"{name} {kind}".strip(), claim, evidence, form, optional)


def scale_units(claim, evidence):
    """The largest size that each name has in the draw, 1 where it has none."""
    found = {name: sizes(evidence, claim.closed_form, name) for name in expressions(claim)}
    return {name: float(max(each, default=0)) or 1.0 for name, each in found.items()}


def value_changes(whole, unit, size):
    """How each kind of value is mutated, by the name of the kind."""
    factor = 1 + float(AMOUNT) * size

    def is_zero(value):
        return np.abs(value) <= ROUNDING * unit

    def numbers(value):
        wrong = value + 1 if whole else factor * value
        return np.where(is_zero(value) | np.isinf(value), value, wrong)

    def zeros(value):
        return np.where(is_zero(value), value + unit, value)

    def infinities(value):
        return np.where(np.isinf(value), np.sign(value) * unit, value)

    def nothing(value):
        return np.full(value.shape, np.nan)

    return {"numbers": numbers, "zeros": zeros, "infinities": infinities, "nothing": nothing}


def side_changes(side, whole, unit, size):
    """A bound's side moved towards the other one, and away from it."""

    def moved(sign):
        def change(value):
            amount = np.where(value == 0, unit, float(AMOUNT) * size * np.abs(value))
            return value + sign * (1 if whole else amount)

        return change

    inwards = {"lower": 1, "upper": -1}[side]
    return {"tightened": moved(inwards), "loosened": moved(-inwards)}


def of_branches(claim, evidence, size):
    for name, expression in expressions(claim).items():
        for number, wrong in enumerate(branch_changes(expression, size), 1):
            whole = {**expressions(claim), name: wrong}
            form = claim.formula(whole if claim.closed_form.named else wrong)
            yield watched(f"{name} branch {number}".strip(), claim, evidence, form)


def branch_changes(expression, size):
    """The piecewise ``expression`` with one branch wrong, for each of its branches."""
    if not expression.has(sp.Piecewise):
        return
    branches = list(sp.piecewise_fold(expression).args)
    for number, (branch, condition) in enumerate(branches):
        wrong = branch * (1 + AMOUNT * sp.nsimplify(size))
        wrong = branch + 1 if branch == 0 or branch.is_integer else wrong
        yield sp.Piecewise(*branches[:number], (wrong, condition), *branches[number + 1 :])


def reversed_bound(claim, evidence):
    """What is said to lie above lies below: all pieces with their sides taken for each other."""
    turned = [
        replace(piece, predict=lambda form, piece=piece: tuple(reversed(piece.predict(form))))
        for piece in evidence
        if isinstance(piece, Bounded)
    ]
    return Mutant("reversed", turned, claim.closed_form, claim.closed_form)


def of_letters(claim, evidence, size):
    letters = [p.name for p in claim.parameters if not isinstance(p.domain, Array)]
    for name in expressions(claim):
        for letter in letters:
            for power in (HALF * size, -HALF * size):

                def change(value, values, letter=letter, power=power):
                    base = np.abs(np.asarray(values[letter], float))
                    return value * np.where(base == 0, 1.0, base) ** power

                words = f"{name} letter {letter} {exponent(power)}".strip()
                yield watched(words, claim, evidence, changed(claim.closed_form, name, change))


def of_deviation(claim, evidence, size):
    if claim.finite_size is None:
        return
    sampled = [piece for piece in evidence if isinstance(piece, Student)]

    def predictions():
        return [float(piece.predict(claim.closed_form)) for piece in sampled]

    right = predictions()
    pieces = [
        replace(piece, predict=lambda numbers, number=number: numbers[number])
        for number, piece in enumerate(sampled)
    ]
    for power in (HALF * size, -HALF * size):
        with deviating(claim, power):
            wrong = predictions()
        seen = wrong != right
        words = f"deviation {exponent(power)}"
        yield Mutant(words, pieces, wrong, right, lambda seen=seen: seen)


@contextmanager
def deviating(claim, power):
    """The claim's deviation at finite size, times N^power."""
    right = claim.finite_size

    def wrong(**values):
        scaled = values["N"] ** power
        found = right(**values)
        return {k: v * scaled for k, v in found.items()} if named(found) else found * scaled

    vars(claim)["finite_size"] = wrong  # where the cached property keeps its value
    try:
        yield
    finally:
        vars(claim)["finite_size"] = right


def of_orders(claim, evidence, size):
    for number, piece in enumerate(evidence, 1):
        if isinstance(piece, Fitted):
            for power in (HALF * size, -HALF * size):
                wrong = [replace(piece, order=piece.order + power)]
                words = f"order of piece {number} {exponent(power)}"
                yield Mutant(words, wrong, claim.closed_form, claim.closed_form)


def watched(words, claim, evidence, form, optional=False):
    """A mutant of the closed form, with an eye on what the evidence asks of it."""
    watch = Watched(claim.closed_form, form)
    return Mutant(words, evidence, watch, claim.closed_form, lambda: watch.seen, optional)


def named(found):
    return isinstance(found, Mapping)


def exponent(power):
    return "+ 1/2" if power > 0 else "- 1/2"
