"""Rules of what is repeated: steps of descent, and what each of them does to a number."""

from typing import Any

import sympy as sp

from theory.functions.rates import eigenvector, iterate, tends_to
from theory.proofs.kernel.coordinates import NUMBER
from theory.proofs.kernel.decide import Kernel
from theory.proofs.uses import rule


@rule
def multiplied_by_each_step(
    kernel: Kernel, left: Any, right: Any, relation: str, quantity: Any, factor: Any
) -> bool:
    """A number that each step multiplies by the same factor is multiplied by its n-th power in n
    steps, by induction.

    ``quantity`` is that number in the letter that the steps move; a step from any value of the
    letter must multiply it by ``factor``, in which the letter does not stand.
    """
    nodes = left.atoms(iterate)
    if relation != "=" or len(nodes) != 1:
        return False
    (node,) = nodes
    step, letter, start, count = node.args
    if factor.has(letter) or not (count.is_integer and count.is_nonnegative):
        return False
    if not _is_free(kernel, letter):
        return False
    here = with_eigenvectors(kernel, left)
    if not here.same(quantity.xreplace({letter: step}), factor * quantity):
        return False
    last, first = (quantity.xreplace({letter: place}) for place in (node, start))
    return left.has(last) and here.same(left.xreplace({last: factor**count * first}), right)


@rule
def displacement_multiplied(
    kernel: Kernel, left: Any, right: Any, relation: str, end: Any, factor: Any
) -> bool:
    """Steps that multiply the displacement from a place by the same matrix M tend to that place
    and what M^k makes of the first displacement, by induction.

    ``end`` is the place and ``factor`` is M. From any value of the letter a step must give a
    displacement that is M times that before it.
    """
    if relation != "=" or not (isinstance(left, tends_to) and isinstance(left.args[0], iterate)):
        return False
    (step, letter, start, count), k = left.args[0].args, left.args[1]
    if count != k or any(each.has(letter) or each.has(k) for each in (end, factor, start)):
        return False
    if (
        step.has(k)
        or not _is_free(kernel, letter)
        or not kernel.same(step - end, factor * (letter - end))
    ):
        return False
    return kernel.same(end + tends_to(sp.MatPow(factor, k) * (start - end), k), right)


def _is_free(kernel: Kernel, letter: Any) -> bool:
    """Whether a letter may be any column: no step need keep what the domain says of it."""
    return letter not in kernel.images and kernel.kinds.get(letter, "any") == "any"


def with_eigenvectors(kernel: Kernel, expression: Any) -> Kernel:
    """The kernel that knows R v = lam v of the eigenvectors in ``expression``."""
    inside = kernel.within({})
    for v in expression.atoms(eigenvector):
        matrix, value = v.args
        if matrix in kernel.kinds and not kernel.same(matrix, matrix.T):  # else the head says it
            raise NotImplementedError(f"eigenvectors of {matrix}, which need not be symmetric")
        polynomial = kernel.polynomial(matrix)
        if len(polynomial) != 1:
            raise NotImplementedError(f"eigenvectors of {matrix}, which is no product of letters")
        ((word, coefficient),) = polynomial.items()
        inside.rule((*word, v), {(v,): value / coefficient})
        inside.rules[v.T, v] = NUMBER
    return inside
