"""Rules of ranks: of sums, of products, of matrices with a kernel.

The first one bounds a rank; the others bound ranks inside an expression that grows with them.
"""

from typing import Any

import sympy as sp

from theory.functions.columns import inner
from theory.functions.examples import added, over_examples
from theory.functions.stated import rank
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.kinds import is_matrix
from theory.proofs.uses import rule


@rule
def rank_of_sum(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The rank of a sum is at most the sum of the ranks, and at most the number of rows or of
    columns."""
    if (
        relation != "<="
        or not isinstance(left, rank)
        or not isinstance(left.args[0], over_examples)
    ):
        return False
    matrix, count = left.args[0].args
    bounds = (*left.args[0].shape, added(rank(matrix), count))
    return bool(right == sp.Min(*bounds))


@rule
def rank_of_product(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The rank of a product is at most that of each factor."""
    for whole in left.atoms(rank):
        (product,) = whole.args
        factors = product.args if isinstance(product, sp.MatMul) else ()
        for factor in filter(is_matrix, factors):
            raised = _raised(kernel, left, whole, rank(factor))
            if relation == "<=" and raised == right.replace(added, _of_all):
                return True
    return False


@rule
def rank_with_kernel(kernel: Kernel, left: Any, right: Any, relation: str, column: Any) -> bool:
    """A matrix with n columns that takes a column, not 0, to 0 has the rank n - 1 at most."""
    if relation != "<=" or not kernel.has_sign(inner(column, column), "is_positive"):
        return False
    for whole in left.atoms(rank):
        (matrix,) = whole.args
        rows, columns = matrix.shape
        if column.shape[0] != columns:
            continue
        raised = _raised(kernel, left, whole, columns - 1)
        zero = sp.ZeroMatrix(rows, 1)
        if raised is not None and kernel.same(raised, right) and kernel.same(matrix * column, zero):
            return True
    return False


@rule
def full_rank(kernel: Kernel, left: Any, right: Any, relation: str, of: Any, back: Any) -> bool:
    """K has as large a rank as it has columns where another matrix takes it back: BK = I."""
    if relation != "=" or not left.has(rank(of)) or of.has(rank):
        return False
    columns = of.shape[1]
    return kernel.same(back * of, sp.Identity(columns)) and kernel.same(
        left.xreplace({rank(of): columns}), right
    )


def _raised(kernel: Kernel, expression: Any, part: Any, bound: Any) -> Any:
    """The expression with a larger number for one of its parts; None where it may not grow."""
    if not _grows(kernel, expression, part):
        return None
    return expression.xreplace({part: bound}).replace(added, _of_all)


def _grows(kernel: Kernel, expression: Any, part: Any) -> bool:
    """Whether a larger ``part`` makes no smaller expression."""
    if expression == part or not expression.has(part):
        return True
    if isinstance(expression, (sp.Add, sp.Min, sp.Max)):
        return all(_grows(kernel, each, part) for each in expression.args)
    if isinstance(expression, added):
        return _grows(kernel, expression.args[0], part) and not expression.args[1].has(part)
    if isinstance(expression, sp.Mul):
        inside = [each for each in expression.args if each.has(part)]
        beside = sp.Mul(*(each for each in expression.args if not each.has(part)))
        return len(inside) == 1 and _grows(kernel, inside[0], part) and kernel.nonnegative(beside)
    return False


def _of_all(value: Any, count: Any) -> Any:
    """A sum over examples of a number that is the same for all."""
    return added(value, count) if value.atoms(sp.MatrixSymbol) else count * value
