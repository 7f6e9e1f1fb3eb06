"""A size is one number, whether a rule or a domain brings it in."""

import sympy as sp

from theory import symbols as s
from theory.functions.columns import inner
from theory.functions.constants import ones
from theory.proofs.kernel.decide import Kernel

B = s.B.symbol


def test_a_size_with_a_domain_of_its_own() -> None:
    kernel = Kernel((s.B.within(low=4),))
    one = ones(B, 1)
    assert kernel.same(inner(one, one) / B, 1)
    assert kernel.same(one * inner(one, one) / (B - 1), one * B / (B - 1))
    assert not kernel.same(inner(one, one) / B, sp.Rational(21, 20))
    assert not kernel.same(one * inner(one, one), one * (B + 1))
