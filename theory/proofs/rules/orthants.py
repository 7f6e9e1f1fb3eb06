"""Rules of events: one letter given, three Gaussians, and angles with one cosine."""

from itertools import combinations
from typing import Any

import sympy as sp

from theory.functions.heads_of_chance import E, Prob
from theory.laws import Normal
from theory.proofs.kernel import equality
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.moments import expected, random_letters
from theory.proofs.kernel.ranges import homogeneous
from theory.proofs.rules.chance import is_linear_in_gaussians
from theory.proofs.uses import rule


@rule
def given(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The probability of events is the mean of their probability given a letter.

    Each event says that a form is positive. A form of the given letter alone is a step. An
    independent Gaussian that is less than a form of it has its distribution function there.
    """
    if relation != "=" or not isinstance(left, E) or not isinstance(right, Prob):
        return False
    (value,), forms = left.args, positive_forms(right)
    here = random_letters(kernel, value)
    if forms is None or len(here) != 1:
        return False
    chance, taken = sp.Integer(1), set(here)
    for form in forms:
        others = [x for x in random_letters(kernel, form) if x not in here]
        if not others:
            chance *= sp.Heaviside(form, 0)
            continue
        if len(others) != 1 or others[0] in taken:
            return False
        (other,), law = others, kernel.laws[others[0]]
        if any(sp.sympify(part).has(*kernel.laws) for part in vars(law).values()):
            return False  # a law given another letter
        factor = -sp.diff(form, other)
        taken.add(other)
        if (
            not isinstance(law, Normal)
            or factor.has(*taken)
            or not kernel.has_sign(factor, "is_positive")
        ):
            return False
        place = sp.expand((form + factor * other) / factor)
        chance *= (1 + sp.erf((place - law.mean) / sp.sqrt(2 * law.variance))) / 2
    return kernel.same(homogeneous(value), homogeneous(chance))


@rule
def three_positive(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """Three Gaussians of mean 0 are all positive with half the sum of the probabilities of each
    two, less 1/4: all are negative as often, and events outside of all are counted by these."""
    forms = positive_forms(left) if isinstance(left, Prob) else None
    if relation != "=" or forms is None or len(forms) != 3:
        return False
    for form in forms:
        mean, square = expected(kernel, form), expected(kernel, form**2)
        if not is_linear_in_gaussians(kernel, form) or not equality.vanishes(kernel.number(mean)):
            return False
        if not kernel.has_sign(square, "is_positive"):
            return False
    pairs = (Prob(sp.And(one > 0, other > 0)) for one, other in combinations(forms, 2))
    return bool(sp.expand(right - sp.Add(*pairs) / 2 + sp.Rational(1, 4)) == 0)


@rule
def same_cosine(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """Two angles between 0 and pi that have the same cosine are equal."""
    sides = [sp.sympify(side) for side in (left, right)]
    if relation != "=" or any(side.free_symbols for side in sides):
        return False
    if not all(0 < sp.N(side, 30) < sp.N(sp.pi, 30) for side in sides):
        return False
    first, second = (sp.expand_trig(sp.cos(side)) for side in sides)
    return equality.vanishes(sp.expand(first - second))


def positive_forms(probability: Prob) -> list[Any] | None:
    """What an event says is positive; None where it says anything else."""
    (event,) = probability.args
    parts = event.args if isinstance(event, sp.And) else (event,)
    if not all(isinstance(part, (sp.Gt, sp.Lt)) for part in parts):
        return None
    return [part.gts - part.lts for part in parts]
