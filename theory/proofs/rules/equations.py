"""Rules of numbers that are defined by an equation."""

from collections.abc import Mapping
from typing import Any

import sympy as sp

from theory.functions.columns import inner
from theory.functions.equations import at_the_zero, largest_zero_of, zero_of
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.kinds import is_matrix
from theory.proofs.rules.extremes import can_be
from theory.proofs.uses import rule


@rule
def linear_zero(kernel: Kernel, left: Any, right: Any, relation: str, is_: Any) -> bool:
    """A linear function that is not constant has one zero: where it vanishes.

    A zero of positive numbers must be one of them.
    """
    found = _inmost(left)
    if relation != "=" or type(found) is not zero_of:
        return False
    ((letter,), body) = found.args[0].args
    if sp.sympify(is_).has(letter) or not can_be(kernel, letter, is_):
        return False
    at_zero, slope = _at(body, letter, 0), _at(body, letter, 1) - _at(body, letter, 0)
    return (
        kernel.same(body, at_zero + letter * slope)
        and _is_not_zero(kernel, slope)
        and kernel.same(_at(body, letter, is_), 0 * body)
        and kernel.same(left.xreplace({found: is_}), right)
    )


@rule
def quadratic_zero(
    kernel: Kernel, left: Any, right: Any, relation: str, is_: Any, other: Any, times: Any
) -> bool:
    """The largest zero of ``times`` (x - z)(x - y) is z, where z >= y and ``times`` is not zero for
    any x > 0."""
    found = _inmost(left)
    if relation != "=" or type(found) is not largest_zero_of:
        return False
    ((letter,), body) = found.args[0].args
    if any(sp.sympify(each).has(letter) for each in (is_, other)) or letter in kernel.images:
        return False
    return (
        kernel.same(body, (letter - is_) * (letter - other) * times)
        and bool(letter.is_positive)
        and kernel.has_sign(is_, "is_positive")
        and kernel.nonnegative(is_ - other)
        and _is_not_zero(kernel, times)
        and kernel.same(left.xreplace({found: is_}), right)
    )


@rule
def only_zero(kernel: Kernel, left: Any, right: Any, relation: str, at: Mapping[Any, Any]) -> bool:
    """A column that is linear in some letters, with independent slopes, is zero at no more than one
    choice of the letters: where it vanishes.

    ``at`` says what each letter is there. The leading minors of the matrix of inner products of the
    slopes must be positive on the whole domain.
    """
    if relation != "=" or not isinstance(left, at_the_zero):
        return False
    letter, column, letters = left.args
    if set(letters) != set(at) or letter not in at or set(letters) & set(kernel.images):
        return False
    if any(sp.sympify(place).has(*letters) for place in at.values()):
        return False
    if not all(can_be(kernel, each, sp.sympify(place)) for each, place in at.items()):
        return False
    none = {each: sp.Integer(0) for each in letters}
    start = column.subs(none)
    slopes = [column.subs({**none, each: sp.Integer(1)}) - start for each in letters]
    linear = sum((x * slope for x, slope in zip(letters, slopes, strict=True)), start)
    gram = sp.Matrix(len(slopes), len(slopes), lambda i, j: inner(slopes[i], slopes[j]))
    minors = (gram[:size, :size].det() for size in range(1, len(slopes) + 1))
    return (
        kernel.same(column, linear)
        and kernel.same(column.subs(at), sp.ZeroMatrix(*column.shape))
        and all(kernel.has_sign(minor, "is_positive") for minor in minors)
        and kernel.same(at[letter], right)
    )


def _inmost(expression: Any) -> Any:
    """The zero in an expression whose function holds no other; None where it is not one."""
    found = sp.sympify(expression).atoms(zero_of)
    inmost = [each for each in found if not each.args[0].atoms(zero_of)]
    return inmost[0] if len(inmost) == 1 else None


def _at(body: Any, letter: Any, value: Any) -> Any:
    return body.subs(letter, value)


def _is_not_zero(kernel: Kernel, expression: Any) -> bool:
    """Whether a number has a sign; a column, whether a letter, which may be any, has such a factor
    and stands nowhere else."""
    if not is_matrix(expression):
        return any(kernel.has_sign(sign * expression, "is_positive") for sign in (1, -1))
    words = kernel.polynomial(expression)
    return any(
        len(word) == 1
        and kernel.kinds.get(word[0], "any") == "any"
        and not any(word[0] in kernel.inside(x) for other in words if other != word for x in other)
        and not any(word[0] in kernel.inside(each) for each in words.values())
        and any(kernel.has_sign(sign * number, "is_positive") for sign in (1, -1))
        for word, number in words.items()
    )
