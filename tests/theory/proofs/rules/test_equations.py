"""Rules of numbers that are defined by an equation."""

import sympy as sp

from theory import symbols as s
from theory.functions.directions import direction
from theory.functions.equations import at_the_zero, largest_zero_of, zero_of
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import equations

KERNEL = Kernel(())
MORE = sp.Rational(21, 20)
N = sp.Symbol("N", integer=True, positive=True)
W, g = (sp.MatrixSymbol(name, N, 1) for name in ("W", "g"))
a, b = sp.symbols("a b", positive=True)
c, y = sp.symbols("c y", real=True)
x = sp.Symbol("x", positive=True)


def zero(body):
    """The zero of a function of x."""
    return zero_of(sp.Lambda(x, body))


def test_a_linear_function_has_one_zero() -> None:
    rule = equations.linear_zero(is_=b / a)
    assert rule.holds(KERNEL, zero(a * x - b), b / a, "=")
    assert rule.holds(KERNEL, c + zero(a * x - b) ** 2, c + (b / a) ** 2, "=")
    assert rule.holds(KERNEL, zero((a * x - b) * W), b / a, "=")
    assert not rule.holds(KERNEL, zero(a * x - b), MORE * b / a, "=")
    assert not equations.linear_zero(is_=MORE * b / a).holds(
        KERNEL, zero(a * x - b), MORE * b / a, "="
    )


def test_what_has_no_zero_or_more_than_one() -> None:
    one = equations.linear_zero(is_=sp.S.One)
    assert not one.holds(KERNEL, zero(0 * x), sp.S.One, "=")  # zero everywhere
    assert not one.holds(KERNEL, zero(c * (x - 1)), sp.S.One, "=")  # c may be 0
    assert not one.holds(KERNEL, zero((x - 1) * (x - 2)), sp.S.One, "=")
    assert not one.holds(KERNEL, zero((x - 1) * W + g), sp.S.One, "=")  # never zero
    negative = equations.linear_zero(is_=-a)
    assert not negative.holds(KERNEL, zero(x + a), -a, "=")  # x is positive


def test_the_inmost_zero_comes_first() -> None:
    inner = zero(a * x - b)
    outer = zero(x - inner - 1)
    once = zero(x - b / a - 1)
    assert equations.linear_zero(is_=b / a).holds(KERNEL, outer, once, "=")
    assert equations.linear_zero(is_=b / a + 1).holds(KERNEL, once, b / a + 1, "=")


def largest(body):
    """The largest zero of a function of x."""
    return largest_zero_of(sp.Lambda(x, body))


def test_the_largest_zero_of_a_quadratic() -> None:
    rule = equations.quadratic_zero(is_=a + b, other=a, times=W / x)
    body = (x - a) * (x - a - b) / x * W
    assert rule.holds(KERNEL, largest(body), a + b, "=")
    assert not rule.holds(KERNEL, largest(body), MORE * (a + b), "=")


def test_what_is_not_the_largest_zero() -> None:
    body = (x - a) * (x - a - b) * W
    smaller = equations.quadratic_zero(is_=a, other=a + b, times=W)
    assert not smaller.holds(KERNEL, largest(body), a, "=")
    unknown = equations.quadratic_zero(is_=a, other=y, times=W)  # y may be larger
    assert not unknown.holds(KERNEL, largest((x - a) * (x - y) * W), a, "=")
    third = equations.quadratic_zero(is_=a + b, other=a, times=(x - 3) * W)
    assert not third.holds(KERNEL, largest(body * (x - 3)), a + b, "=")
    linear = equations.linear_zero(is_=a)
    assert not linear.holds(KERNEL, largest((x - a) * W), a, "=")


def only(column, at: dict, right, letters: tuple) -> bool:
    """Whether the first letter is ``right`` where the column is zero."""
    left = at_the_zero(letters[0], column, sp.Tuple(*letters))
    return equations.only_zero(at=at).holds(Kernel((s.d,)), left, right, "=")


def test_a_column_is_zero_at_one_place() -> None:
    d, e = s.d.symbol, direction("e", s.N.symbol)
    f = direction("f", s.N.symbol, e)
    letters = sp.symbols("u v", real=True)
    u, v = letters
    column = (u - a) * e + (v - b + u) * f
    at = {u: a, v: b - a}
    assert only(column, at, a, letters)
    assert only(column, at, b - a, letters[::-1])
    assert not only(column, at, MORE * a, letters)
    assert not only(column, {**at, u: MORE * a}, MORE * a, letters)
    assert not only((u - a) * e + (v - b) * e, {u: a, v: b}, a, letters)  # on a line
    assert not only((u - a) * d, {u: a}, a, (u,))  # d may be 0
    assert not only((u - a) * (u - b) * e, {u: a}, a, (u,))  # twice
    assert not only((u - a) * e + f, {u: a}, a, (u,))  # never
