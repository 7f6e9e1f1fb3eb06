"""Rules of use: an equation inside an expression, an inequality under a root or times a factor.

Each asks for another use ``by``, of a rule or a theorem, which it runs itself.
"""

from collections.abc import Mapping
from typing import Any

import sympy as sp

from theory.proofs.kernel.binding import replaced
from theory.proofs.kernel.decide import Kernel
from theory.proofs.uses import Use, rule

#: What a letter may assume of itself, besides being real.
SIGNS = ("positive", "nonnegative")


def is_new(kernel: Kernel, letter: Any) -> bool:
    """Whether the kernel knows nothing of a letter."""
    known = {*kernel.images, *kernel.kinds, *kernel.symmetric, *kernel.semidefinite}
    return letter not in known and not any(
        factor.has(letter) for word in kernel.rules for factor in word
    )


@rule
def inside(
    kernel: Kernel, left: Any, right: Any, relation: str, by: Use, old: Any, new: Any
) -> bool:
    """Equals may be put for equals inside an expression: ``new`` for ``old``."""
    there = replaced(left, old, new)
    return (
        relation == "="
        and there is not None
        and by.holds(kernel, sp.sympify(old), new, "=")
        and kernel.same(there, right)
    )


@rule
def equals(kernel: Kernel, left: Any, right: Any, relation: str, are: Mapping[Any, Any]) -> bool:
    """Equals may be put for equals inside an expression: ``are`` = {old: new}, each pair equal by
    calculation."""
    return (
        relation == "="
        and all(replaced(left, old, new) is not None for old, new in are.items())
        and all(kernel.same(old, new) for old, new in are.items())
        and kernel.same(left.xreplace(dict(are)), right)
    )


@rule
def in_letters(
    kernel: Kernel,
    left: Any,
    right: Any,
    relation: str,
    by: Use,
    of: tuple[Any, Any],
    means: Mapping[Any, Any],
    rules: Mapping[Any, Any],
) -> bool:
    """What holds ``of`` two sides for all letters that obey some rules holds for what they mean, if
    that obeys the rules.

    ``rules`` = {inner(a, b): its value}; each, and each sign that a letter has, is checked of what
    the letters ``means``.
    """
    if not all(is_new(kernel, letter) for letter in means):
        return False
    meant = dict(means)
    for letter, image in meant.items():
        assumed = getattr(letter, "_assumptions_orig", {})
        if not {key for key, so in assumed.items() if so} <= {*SIGNS, "real", "commutative"}:
            return False
        signs = [f"is_{sign}" for sign in SIGNS if getattr(letter, f"is_{sign}", None)]
        if not all(kernel.has_sign(image, sign) for sign in signs[:1]):
            return False
    pairs = [(a.xreplace(meant), sp.sympify(b).xreplace(meant)) for a, b in rules.items()]
    first, second = of
    return (
        all(kernel.same(a, b) for a, b in pairs)
        and kernel.same(left, first.xreplace(meant))
        and kernel.same(right, second.xreplace(meant))
        and by.holds(kernel.within(dict(rules)), first, second, relation)
    )


@rule
def rooted(kernel: Kernel, left: Any, right: Any, relation: str, by: Use) -> bool:
    """Of two numbers that are not negative the one with the larger square is larger."""
    return (
        relation in ("<=", ">=")
        and all(map(kernel.nonnegative, (left, right)))
        and by.holds(kernel, left**2, right**2, relation)
    )


@rule
def scaled(
    kernel: Kernel,
    left: Any,
    right: Any,
    relation: str,
    by: Use,
    factor: Any,
    of: tuple[Any, Any],
) -> bool:
    """An inequality ``of`` two numbers may be multiplied by a factor that is not negative."""
    first, second = of
    return (
        kernel.nonnegative(factor)
        and kernel.same(left, factor * first)
        and kernel.same(right, factor * second)
        and by.holds(kernel, first, second, relation)
    )
