"""Rules of calculus: gradients and Hessians, limits, integrals."""

from typing import Any

import sympy as sp

from theory.functions.columns import inner
from theory.functions.heads import grad, hess, smooth
from theory.proofs.kernel import equality
from theory.proofs.kernel.along import along
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.kinds import is_matrix
from theory.proofs.uses import rule


@rule
def gradient(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """G is the gradient where h'G is the slope along h, for every direction h.

    Of any smooth function of z(y), with the gradient g at z, the slope is g'(dz/dt); of a value
    that is written out it is the value's own derivative.
    """
    taken = _slope(left, 1, grad)
    if relation != "=" or taken is None:
        return False
    value, at = taken
    way = sp.MatrixSymbol("any_h", *at.shape)
    product = inner(right, way) if at.shape[1] == 1 else sp.Trace(right.T * way)
    return not right.has(way) and kernel.same(product, _along(value, at, way, 1))


@rule
def hessian(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """K is the Hessian where it is symmetric and h'Kh is the second derivative along every h.

    Of any smooth function of z(y), with gradient g and Hessian H at z, the second derivative is
    g'(d^2z/dt^2) + (dz/dt)'H(dz/dt).
    """
    taken = _slope(left, 2, hess)
    if relation != "=" or taken is None:
        return False
    value, at = taken
    way = sp.MatrixSymbol("any_h", *at.shape)
    symmetric = not right.has(way) and kernel.same(right, right.T)
    return symmetric and kernel.same(inner(way, right * way), _along(value, at, way, 2))


@rule
def derivative(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """A derivative in a number, carried out by SymPy."""
    if relation != "=" or not isinstance(left, (sp.Derivative, sp.Subs)):
        return False
    return kernel.same(left.doit(), right)


@rule
def limit(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The limit of a function of one number, by SymPy; of finite sums, summand by summand.

    How many summands there are must not depend on the letter, which may stand in nothing but the
    summands then; what is made of the sums must be finite and not jump.
    """
    if relation != "=" or not isinstance(left, sp.Limit):
        return False
    inside, bound, to, direction = left.args
    letter = sp.Dummy(bound.name, **bound.assumptions0)  # what it means elsewhere says nothing here
    value = kernel.number(inside.subs(bound, letter))
    sums = [each for each in value.atoms(sp.Sum) if each.has(letter)]
    if not sums:
        found = sp.limit(value, letter, to, str(direction))
        return is_for_all(value, found, letter, to, direction) and kernel.same(found, right)
    ends = [end for each in sums for _, *ends in each.limits for end in ends]
    if not all(end.is_finite and not end.has(letter) for end in ends):
        return False
    summands = {each: sp.limit(each.function, letter, to, str(direction)) for each in sums}
    if not all(
        is_for_all(each.function, found, letter, to, direction) for each, found in summands.items()
    ):
        return False
    limits = {each: sp.Sum(found, *each.limits).doit() for each, found in summands.items()}
    beside = value.xreplace({each: sp.Dummy() for each in sums})
    if beside.has(letter, sp.Piecewise, sp.sign, sp.Heaviside, sp.floor, sp.ceiling, sp.Limit):
        return False
    value = value.xreplace(limits)
    return not value.has(sp.nan, sp.zoo, sp.oo, -sp.oo) and kernel.same(value, right)


def is_for_all(value: Any, found: Any, letter: Any, to: Any, direction: Any = "-") -> bool:
    """Whether a limit that is found for other numbers is right where one of them is 0."""
    entries = value.atoms(sp.Indexed)
    bases = set().union(*(each.free_symbols for each in entries))
    for number in (value.free_symbols - {letter} - bases) | entries:
        if number.is_zero is None:
            there = value.subs(number, 0)
            at_0 = sp.limit(there, letter, to, str(direction))
            if not equality.vanishes(at_0 - found.subs(number, 0)):
                return False
    return True


def _slope(left: Any, order: int, head: Any) -> tuple[Any, Any] | None:
    """The value and the column that ``left`` differentiates ``order`` times, if it does."""
    if isinstance(left, head):
        return left.args[0], left.args[1]
    if isinstance(left, sp.Derivative):
        (at, times), *others = left.variable_count
        if not others and times == order and is_matrix(at):
            return left.expr, at
    return None


def _along(value: Any, at: Any, way: Any, order: int) -> Any:
    """The derivative along ``way`` of a value, by the chain rule where it is of a smooth loss."""
    if not isinstance(value, smooth):
        return along(value, at, way, order)
    z, slope, bend = value.args
    if order == 1:
        return inner(slope, along(z, at, way))
    first = along(z, at, way)
    return inner(slope, along(z, at, way, 2)) + inner(first, bend * first)
