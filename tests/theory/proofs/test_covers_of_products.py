"""The cover of a product of two letters: its sign, and the product in words."""

import sympy as sp

from theory import symbols as s
from theory.functions.columns import inner
from theory.proofs.covers import sign_of_product
from theory.proofs.kernel.decide import Kernel

u, g = s.u.within(rows=s.B.symbol).symbol, s.g.symbol
sign = sp.Symbol("sign", real=True)


def test_a_product_is_its_sign_times_its_size_in_each_case() -> None:
    kernel = Kernel((s.u.within(rows=s.B.symbol), s.g))
    cover = sign_of_product(inner(u, g), sign)
    assert not kernel.same(sign * inner(u, g), sp.Abs(inner(u, g)))
    for case in cover.cases:
        inside = kernel.within(dict(case))
        assert inside.same(sign * inner(u, g), sp.Abs(inner(u, g)))
        assert inside.same(inner(g, g + 2 * u), inner(g, g) + 2 * inner(u, g))
        assert not inside.same(sign * inner(u, g), 2 * sp.Abs(inner(u, g)))
    assert not kernel.same(sign * inner(u, g), sp.Abs(inner(u, g)))  # the case is left again
