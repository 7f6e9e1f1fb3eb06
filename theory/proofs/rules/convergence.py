"""Rules of limits of recursions that are drawn to a value."""

from typing import Any

import sympy as sp

from theory.functions.recursions import iterate
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules.recursion import done, hides, is_continuous, only, stays_positive, value
from theory.proofs.uses import rule


@rule
def drawn(
    kernel: Kernel, left: Any, right: Any, relation: str, to: Any, excess: Any, factor: Any
) -> bool:
    """A recursion tends to S where the values between S/(1 + m) and S (1 + m) go to values between
    S/(1 + q m) and S (1 + q m), for every m > 0, with 0 <= q < 1.

    Its start lies between S/(1 + ``excess``) and S (1 + ``excess``); S is ``to``, q ``factor``. A
    continuous function of it tends to that function of S.
    """
    if relation != "=" or not isinstance(left, sp.Limit) or left.args[2] is not sp.oo:
        return False
    inside, letter = left.args[:2]
    found = only(inside)
    if found is None or found.args[2] != letter or len(found.args[0].signature) != 1:
        return False
    fixed = (to, excess, factor, *found.args[:2])
    if any({letter, done, value} & sp.sympify(each).free_symbols for each in fixed):
        return False
    function = kernel.number(inside.xreplace({found: value}))
    return (
        stays_positive(kernel, found)
        and _starts_there(kernel, found.args[1] / to, excess)
        and kernel.has_sign(1 - factor, "is_positive")
        and _is_drawn(kernel, found, to, factor)
        and not function.has(letter)
        and not any(hides(kernel, function, x) for x in (letter, value))
        and is_continuous(kernel.number(found.after(value, done)))
        and is_continuous(function)
        and kernel.same(function.xreplace({value: to}), right)
    )


def _starts_there(kernel: Kernel, start: Any, excess: Any) -> bool:
    """Whether the start, in units of the limit, lies in the first interval."""
    ends = (excess, 1 + excess - start, 1 + excess - 1 / start)
    return all(map(kernel.nonnegative, ends))


def _is_drawn(kernel: Kernel, found: iterate, to: Any, factor: Any) -> bool:
    """Whether each interval goes into the next."""
    m, first, second = sp.symbols("m first second", positive=True, cls=sp.Dummy)
    before = (first / (1 + m) + second * (1 + m)) / (first + second)  # any between the ends
    unit = sp.expand(kernel.number(found.after(to * value, done) / to))
    after = unit.subs(value, before)
    narrower = 1 + factor * m
    signs = (factor, after - 1 / narrower, narrower - after)
    return all(map(kernel.nonnegative, signs))
