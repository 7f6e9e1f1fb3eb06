"""Rules of gradient descent that converges to a minimum: what bounds the curvature there."""

from collections.abc import Mapping
from typing import Any

import sympy as sp

from theory.functions.descents import end_of_descent
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules.flows import is_continuous, kept
from theory.proofs.uses import rule


@rule
def bounded_at_minima(
    kernel: Kernel,
    left: Any,
    right: Any,
    relation: str,
    error: Any,
    minima: Mapping[Any, Any],
    reached: Mapping[Any, Any],
) -> bool:
    """Descent ends where the loss, half the square of an error, is 0: a value there is bounded by
    its extreme over all places where the error is 0.

    ``minima`` writes all these places in fewer letters; the error must be 0 there by calculation,
    and must be linear in the letter that is written in others, so that there are no other places.
    One place, ``reached`` in the other letters, has the extreme.
    """
    if relation not in ("<=", ">=") or not isinstance(left, end_of_descent):
        return False
    value, loss, letters, _, _ = left.args
    minimal = _minima(kernel, error, loss, letters, minima)
    if right.has(*letters) or minimal is None or not is_continuous(value):
        return False
    there = value.xreplace(minimal)
    gap = right - there if relation == "<=" else there - right
    return kernel.nonnegative(gap) and kernel.same(
        there.xreplace({minimal.get(x, x): place for x, place in reached.items()}), right
    )


@rule
def shrinking_imbalance(
    kernel: Kernel,
    left: Any,
    right: Any,
    relation: str,
    error: Any,
    minima: Mapping[Any, Any],
    of: Any,
    imbalance: Any,
    swing: Any,
) -> bool:
    """A value that grows with the square of an imbalance, where there is no error, ends at most
    where the imbalance of the start would put it, if each step multiplies the imbalance by 1 - w^2
    with w^2 <= 2.

    ``of`` is the value in the letter ``kept`` for the imbalance. ``swing`` is what the claim
    assumes of the letters on their way, and not of their start alone: w is at most a number whose
    square is at most 2. The value may stand in a minimum with others.
    """
    nodes = left.atoms(end_of_descent)
    if relation != "<=" or len(nodes) != 1 or swing not in kernel.facts:
        return False
    (node,) = nodes
    value, loss, letters, starts, rate = node.args
    begun = dict(zip(letters, starts, strict=True))
    if left != node and not (isinstance(left, sp.Min) and node in left.args):
        return False
    minimal = _minima(kernel, error, loss, letters, minima)
    if minimal is None or of.has(*letters) or not all(map(is_continuous, (value, imbalance))):
        return False
    step = {letter: letter - rate * sp.diff(loss, letter) for letter in letters}
    square = sp.Symbol("any_square", positive=True)
    in_square = of.subs(kept, sp.sqrt(square))
    there = kernel.within({kept: imbalance.xreplace(minimal)})
    return (
        isinstance(swing, sp.LessThan)
        and kernel.nonnegative(2 - swing.rhs**2)
        and kernel.same(imbalance.subs(step, simultaneous=True), (1 - swing.lhs**2) * imbalance)
        and there.same(value.xreplace(minimal), of)
        and of.subs(kept, -kept) == of
        and kernel.nonnegative(sp.diff(in_square, square))
        and kernel.same(left.xreplace({node: of.subs(kept, imbalance.xreplace(begun))}), right)
    )


def _minima(
    kernel: Kernel, error: Any, loss: Any, letters: Any, minima: Mapping[Any, Any]
) -> dict[Any, Any] | None:
    """What the letters are where half the square of the error is least; None if it is not so."""
    if set(letters) & set(kernel.images) or not set(minima) <= set(letters) or len(minima) != 1:
        return None
    ((letter, image),) = minima.items()
    others = [each for each in letters if each != letter]
    coefficient, rest = sp.expand(sp.diff(error, letter)), error.xreplace({letter: sp.Integer(0)})
    if coefficient.has(letter) or image.has(letter):
        return None
    if sp.groebner([coefficient, rest], *others).exprs != [1]:  # both could be 0 together
        return None
    named = {x: sp.Symbol(str(x), real=True, nonzero=True) for x in others if x == coefficient}
    there = {letter: image.xreplace(named), **named}
    alike = kernel.same(loss, error**2 / 2) and kernel.same(error.xreplace(there), sp.Integer(0))
    return there if alike else None
