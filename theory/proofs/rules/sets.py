"""Rules of sets of columns: what is equal for all members has one supremum."""

from typing import Any

import sympy as sp

from theory.functions.columns import inner
from theory.functions.heads import Extreme
from theory.functions.matrices import pinv
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.kinds import is_letter
from theory.proofs.uses import rule


@rule
def same_on_the_set(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """Two values have one supremum, or infimum, over a set where they are equal for all members.

    Members are columns x of a given x'x, with e'e = 0 for some columns e = M x.
    """
    if relation != "=" or not isinstance(left, Extreme) or left.args[1:] != right.args[1:]:
        return False
    x, conditions = left.args[1], left.args[2:]
    if type(left) is not type(right) or not is_letter(x) or x in kernel.images or x in kernel.kinds:
        return False
    inside = kernel.within({})
    return all(_given(inside, x, each) for each in conditions) and inside.same(
        left.args[0], right.args[0]
    )


def _given(kernel: Kernel, x: Any, condition: Any) -> bool:
    """Read a condition on x as a rule; False where it is of another form."""
    if not isinstance(condition, sp.Eq) or not isinstance(condition.lhs, inner):
        return False
    (first, second), value = condition.lhs.args, condition.rhs
    if first != second or value.has(x):
        return False
    if first == x:
        kernel.rules[x.T, x] = {(): kernel.number(value)}
        return True
    if value != 0 or not isinstance(first, sp.MatMul) or first.args[-1] != x:
        return False
    matrix = sp.MatMul(*first.args[:-1]).doit()
    for zero in (matrix, pinv(matrix.T)):  # of C'x = 0 follows C^+ x = C^+ C^+' C'x = 0
        words = kernel.polynomial(zero)
        if len(words) != 1:
            return False
        ((word, _),) = words.items()
        kernel.rule((*word, x), {})
    return True
