"""Square roots in the kernel: what is a square comes out, and nothing else does."""

import sympy as sp

from theory.proofs.kernel.equality import vanishes, with_plain_roots

a, b = sp.symbols("a b", nonnegative=True)
c = sp.Symbol("c", real=True)


def test_a_factor_that_is_not_negative_comes_out_of_a_root() -> None:
    inside = a * b + a**2 * sp.sqrt(b)
    assert vanishes(sp.sqrt(inside) - sp.sqrt(a) * sp.sqrt(b + a * sp.sqrt(b)))
    assert vanishes(1 / sp.sqrt(inside) - 1 / (sp.sqrt(a) * sp.sqrt(b + a * sp.sqrt(b))))


def test_a_factor_of_any_sign_does_not() -> None:
    assert not vanishes(sp.sqrt(c**2 * (a + b)) - c * sp.sqrt(a + b))
    assert not vanishes(sp.sqrt(a + b) - sp.sqrt(a) - sp.sqrt(b))


def test_functions_that_jump_at_zero_are_left_alone() -> None:
    jump = sp.sign(a) - 1
    assert with_plain_roots(jump) == jump
    assert not vanishes(jump)
