"""Rules of many events: those that exclude one another."""

from itertools import combinations
from typing import Any

import sympy as sp

from theory.functions.heads_of_chance import Prob
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules.orthants import positive_forms
from theory.proofs.uses import rule


@rule
def disjoint(kernel: Kernel, left: Any, right: Any, relation: str) -> bool:
    """The probability that one of some events happens is the sum of their probabilities, where each
    two of them ask that a number is positive and that it is negative."""
    if relation != "=" or not isinstance(left, Prob) or not isinstance(left.args[0], sp.Or):
        return False
    events = [Prob(each) for each in left.args[0].args]
    forms = [positive_forms(each) for each in events]
    for one, other in combinations(forms, 2):
        if one is None or other is None:
            return False
        if not any(sp.expand(a + b) == 0 for a in one for b in other):
            return False
    return bool(right == sp.Add(*events))
