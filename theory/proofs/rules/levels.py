"""Rules of levels: the few eigenvalues of a matrix, and how often each occurs."""

from itertools import combinations
from typing import Any

import sympy as sp

from theory.functions.eigenvalues import largest, smallest
from theory.functions.levels import eigenvalue_of, multiplicity
from theory.proofs.kernel.decide import Kernel
from theory.proofs.uses import rule


@rule
def levels(kernel: Kernel, left: Any, right: Any, relation: str, values: Any, counts: Any) -> bool:
    """A symmetric M with (M - a)(M - b) ... = 0 has no other eigenvalues than a, b, ..., and they
    occur as often as the traces of I, M, M^2, ... say.

    All of ``values`` must differ; ``counts`` must solve the equations of the traces. ``left`` asks
    for the largest or the smallest one, which must occur, or for how often one occurs.
    """
    asked = left.atoms(largest, smallest, multiplicity)
    matrices = {each.args[0] for each in asked}
    if relation != "=" or len(matrices) != 1:
        return False
    (matrix,) = matrices
    if not _are_all(kernel, matrix, values, counts):
        return False
    extremes = {
        each: _extreme(kernel, values, counts, isinstance(each, largest))
        for each in left.atoms(largest, smallest)
    }
    if None in extremes.values():
        return False
    read = left.xreplace(extremes)
    for each in read.atoms(multiplicity):
        same = [n for c, n in zip(values, counts, strict=True) if kernel.same(c, each.args[1])]
        if len(same) != 1:
            return False
        read = read.xreplace({each: same[0]})
    return kernel.same(read, right)


@rule
def eigenvalue(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """C is the eigenvalue of M on x where Mx = c x; a column x that is 0 has none."""
    if relation != "=" or not isinstance(left, eigenvalue_of):
        return False
    matrix, x = left.args
    zero = sp.ZeroMatrix(*x.shape)
    return not kernel.same(x, zero) and kernel.same(matrix * x, right * x)


def _are_all(kernel: Kernel, matrix: Any, values: Any, counts: Any) -> bool:
    size = matrix.shape[0]
    unit = sp.Identity(size)
    product, power = unit, unit
    for value in values:
        product = product * (matrix - value * unit)
    apart = all(_differ(kernel, a, b) for a, b in combinations(values, 2))
    if not apart or not kernel.same(matrix, matrix.T):
        return False
    if len(values) != len(counts) or not kernel.same(product, sp.ZeroMatrix(size, size)):
        return False
    for j in range(len(values)):
        total = sp.Add(*(n * c**j for c, n in zip(values, counts, strict=True)))
        if not kernel.same(sp.Trace(power) if j else size, total):
            return False
        power = power * matrix
    return True


def _differ(kernel: Kernel, a: Any, b: Any) -> bool:
    return any(kernel.has_sign(each, "is_positive") for each in (a - b, b - a))


def _extreme(kernel: Kernel, values: Any, counts: Any, top: bool) -> Any:
    """The largest or the smallest of the values, if it is seen and occurs."""
    sign = 1 if top else -1
    for value, count in zip(values, counts, strict=True):
        if kernel.has_sign(count, "is_positive") and all(
            kernel.nonnegative(sign * (value - other)) for other in values
        ):
            return value
    return None
