"""Rules of columns: their derivatives in one another, their largest entry, their eigenvectors."""

from typing import Any

import sympy as sp

from theory.functions import stated
from theory.functions.columns import inner, largest_size
from theory.functions.eigenvalues import largest
from theory.proofs.kernel.along import along
from theory.proofs.kernel.coordinates import NUMBER
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.kinds import is_matrix
from theory.proofs.uses import rule


@rule
def jacobian(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """J is the Jacobian where J h is the derivative along h, for every direction h."""
    if relation != "=" or not isinstance(left, stated.jacobian):
        return False
    value, at = left.args
    way = sp.MatrixSymbol("any_h", *at.shape)
    return kernel.same(right * way, along(value, at, way))


@rule
def path(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """A path's part of a gradient is the product of the slopes along the path, where what is held
    is read after differentiation.

    The last slope is one in a column: along every direction h the product is h'G.
    """
    if relation != "=" or not isinstance(left, sp.Subs):
        return False
    slopes, held, values = left.args
    product, column = sp.Integer(1), None
    for slope in sp.Mul.make_args(slopes):
        if not isinstance(slope, sp.Derivative) or len(slope.variable_count) != 1:
            return False
        (at, times), value = slope.variable_count[0], slope.expr
        if times != 1 or (is_matrix(at) and column is not None):
            return False
        if is_matrix(at):
            column = sp.MatrixSymbol("any_h", *at.shape)
            product *= kernel.number(along(value, at, column))
        else:
            there = kernel.number(value)
            kernel.refuse_hidden(at, there.free_symbols)
            product *= sp.diff(there, at)
    read = {letter: kernel.number(value) for letter, value in zip(held, values, strict=True)}
    if column is None or right.shape != column.shape or set(held) & set(kernel.images):
        return False
    return kernel.same(inner(right, column), product.subs(read, simultaneous=True))


@rule
def reached(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The largest size of an entry is the size |e'x| of an entry, with e an axis: a column of the
    identity.

    No other column may have its largest entry there.
    """
    if relation != "=" or not isinstance(left, largest_size) or not isinstance(right, sp.Abs):
        return False
    (entry,) = right.args
    if not isinstance(entry, inner):
        return False
    axis, column = entry.args
    one = kernel.ones(column.shape[0])
    if kernel.reached.setdefault(axis, column) != column:
        return False  # an axis is that of the largest entry of one column
    is_axis = kernel.rules.get((axis.T, axis)) == kernel.rules.get((one.T, axis)) == NUMBER
    return is_axis and kernel.same(column, left.args[0])


@rule
def largest_and_mean(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The largest size of an entry is not below the root of the mean square of the entries."""
    if relation != ">=" or not isinstance(left, largest_size):
        return False
    (column,) = left.args
    return kernel.same(right, sp.sqrt(inner(column, column) / column.shape[0]))


@rule
def largest_eigenvalue(
    kernel: Kernel, left: Any, right: Any, relation: str, orthogonal: tuple[Any, ...]
) -> bool:
    """C is the largest eigenvalue of a symmetric M where c x'x - x'Mx is never negative and M w =
    c w for every w that is orthogonal to given columns, fewer than M has rows.

    The given columns must be multiples of letters in the coordinates of the domain.
    """
    if relation != "=" or not isinstance(left, largest):
        return False
    (matrix,) = left.args
    size = matrix.shape[0]
    x, w = sp.MatrixSymbol("any_x", size, 1), sp.MatrixSymbol("any_w", size, 1)
    above = right * inner(x, x) - inner(x, matrix * x)
    inside = kernel.within({})
    for column in orthogonal:
        words = inside.polynomial(column)
        if len(words) != 1 or len(next(iter(words))) != 1:
            return False
        ((letter,),) = words
        inside.rule((inside.turned_letter(letter), w), {})
    return (
        kernel.same(matrix, matrix.T)
        and kernel.nonnegative(above)
        and _positive(kernel, size - len(orthogonal))
        and inside.same(matrix * w, right * w)
    )


def _positive(kernel: Kernel, count: Any) -> bool:
    """Whether a whole number is at least 1, by its sign or by a condition of the claim."""
    least = [sp.Integer(0)]
    least += [fact.lhs - fact.rhs for fact in kernel.facts if isinstance(fact, sp.GreaterThan)]
    return any(kernel.nonnegative(count - 1 - each) for each in least)
