"""Whether an executed step gives a link, once its letters are read."""

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp

from theory.chain import Link
from theory.claim import Step
from theory.proofs.kernel.binding import bound_letters, under_a_slope
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.ranges import as_angles
from theory.proofs.reading import letters_in


def step_says(
    kernel: Kernel, step: Step, letters: Mapping[Any, Any], left: Any, link: Link
) -> bool:
    """Whether an executed step gives the link, once its letters are read.

    Every rule that the step uses must be true of what its letters mean, and so must every sign that
    its letters assume: a rule is a lemma and not a licence.
    """
    if step.scope != "general" or not _states_what_it_proves(step):
        return False
    met = letters_in(step.statement)
    here = {letter: image for letter, image in letters.items() if letter in met}
    used = used_rules(step)
    for pattern, image in used.items():
        here |= {x: letters[x] for x in letters_in(pattern) | letters_in(image) if x in letters}
    inside = kernel.within(here)
    if not all(_may_mean(inside, letter, image) for letter, image in here.items()):
        return False
    changed = [letter for letter, image in here.items() if letter != image]
    if any(side.has(letter) for side in (left, link.right) for letter in changed):
        return False  # a letter of the claim means itself
    bound = bound_letters(step.statement)
    if any(sp.sympify(image).free_symbols & bound for image in here.values()):
        return False
    if not all(inside.same(a, b) for a, b in used.items()):
        return False
    return _gives(inside, step, letters, left, link) and step.holds()


def _states_what_it_proves(step: Step) -> bool:
    """Whether a tactic of the house made the step, and nobody has changed its statement since."""
    if step.restate is None or not step.proof.__module__.startswith("theory.proofs."):
        return False
    factor = sp.Symbol("any_factor", positive=True)
    first, second = step.statement.args
    again = step.restate(factor).statement
    if not isinstance(step.statement, sp.Eq):
        return bool(again.args[0] == -first and second == 0)
    if second == 0 or getattr(second, "is_ZeroMatrix", False):
        return bool(again.args[0] == first and not again.args[1].has(factor))
    return bool(again.args[0] == first and again.args[1] == factor * second)


def _may_mean(inside: Kernel, letter: Any, image: Any) -> bool:
    """Whether what a letter assumes of itself is true of what it means."""
    image = sp.sympify(image)
    if not isinstance(letter, sp.Symbol) or not isinstance(image, sp.Expr):
        return True
    signs: dict[str, Callable[[], Any]] = {
        "positive": lambda: inside.has_sign(image, "is_positive"),
        "nonnegative": lambda: inside.nonnegative(image),
        "negative": lambda: inside.has_sign(-image, "is_positive"),
        "nonpositive": lambda: inside.nonnegative(-image),
        "nonzero": lambda: inside.has_sign(image**2, "is_positive"),
        "integer": lambda: image.is_integer,
        "real": lambda: any(
            each.is_real for each in (image, inside.number(image), as_angles(inside, image))
        ),
    }
    assumed = {name for name, is_so in letter._assumptions_orig.items() if is_so}
    return all(signs[name]() if name in signs else False for name in assumed - {"commutative"})


def _gives(inside: Kernel, step: Step, letters: Mapping[Any, Any], left: Any, link: Link) -> bool:
    statement = step.statement
    if isinstance(statement, sp.Eq):
        if link.relation != "=":
            return False
        first, second = statement.args
        for one, other in ((first, second), (second, first)):
            if inside.same(one, left) and inside.same(other, link.right):
                return True
            old, new = _read(one, letters), _read(other, letters)
            stands = old != new and left.has(old) and not under_a_slope(left, old)
            if stands and inside.same(left.xreplace({old: new}), link.right):
                return True
        return False
    if link.relation == "=":  # an inequality, expression >= 0 or > 0
        return False
    difference = link.right - left if link.relation == "<=" else left - link.right
    return inside.same(difference, statement.args[0])


def _read(expression: Any, letters: Mapping[Any, Any]) -> Any:
    return sp.sympify(expression).xreplace(dict(letters))


def used_rules(step: Step) -> dict[Any, Any]:
    """The rules of a step that can touch its statement, by themselves or after one another."""
    met = letters_in(step.statement)
    rules = {sp.sympify(a): sp.sympify(b) for a, b in (step.rules or {}).items()}
    used: dict[Any, Any] = {}
    while fresh := {a: b for a, b in rules.items() if a not in used and letters_in(a) <= met}:
        used |= fresh
        met = met.union(*(letters_in(b) for b in fresh.values()))
    return used
