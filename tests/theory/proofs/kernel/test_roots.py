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


def test_a_difference_is_refused_by_its_value_at_a_point() -> None:
    many = sum(sp.Symbol(f"x{i}", real=True) ** 2 for i in range(12))
    assert not vanishes(sp.sqrt(many**2 + 1) - many)


def test_where_the_point_is_a_pole_nothing_is_refused() -> None:
    x, y, z = sp.symbols("x y z", real=True)
    for pole in (x - 2 * y + z, x - y, x - z):
        assert vanishes((x * pole + pole) / pole - x - 1 + (y - z) / pole - (y - z) / pole)


def test_the_point_respects_signs_and_whole_numbers() -> None:
    below, n = sp.Symbol("below", negative=True), sp.Symbol("n", integer=True, positive=True)
    assert vanishes(sp.Abs(below * a) + below * a)
    assert vanishes(sp.cos(2 * sp.pi * n) - 1)
