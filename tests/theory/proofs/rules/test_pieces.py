"""Rules of cases: signs decide what is chosen, and nothing follows where they do not."""

import sympy as sp

from theory import symbols as s
from theory.proofs.intervals import beside_one, placed, squared
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import pieces, substitution
from theory.proofs.uses import Use

alpha, v, lam, m = (each.symbol for each in (s.alpha, s.v, s.lam, s.m))
KERNEL = Kernel((s.alpha, s.v, s.lam, s.m))
WRONG = sp.Rational(21, 20)
x, y = sp.symbols("x y", positive=True)


def holds(use: Use, left: sp.Expr, right: sp.Expr, kernel: Kernel = KERNEL) -> bool:
    return use.holds(kernel, sp.sympify(left), sp.sympify(right), "=")


def test_the_piece_whose_condition_holds() -> None:
    use, step = pieces.pieces(), sp.Piecewise((alpha, v > 0), (v, True))
    assert holds(use, step, alpha)
    assert not holds(use, step, WRONG * alpha)
    assert not holds(use, step, v)
    assert not use.holds(KERNEL, step, alpha, "<=")
    assert not holds(use, sp.Piecewise((alpha, v > 1), (v, True)), alpha)  # not decided
    assert not holds(use, sp.Piecewise((alpha, sp.Eq(m, 0)), (v, True)), v)
    both = sp.Piecewise((alpha, sp.And(v > 0, alpha > -v)), (v, True))
    assert holds(use, both, alpha)
    assert not holds(use, sp.Piecewise((alpha, sp.And(v > 0, v > 1)), (v, True)), alpha)


def test_maxima_minima_and_absolute_values() -> None:
    use = pieces.pieces()
    assert holds(use, sp.Max(alpha, alpha + v), alpha + v)
    assert holds(use, sp.Min(alpha, alpha + v), alpha)
    assert not holds(use, sp.Max(alpha, alpha + v), WRONG * (alpha + v))
    assert not holds(use, sp.Max(alpha, v), v)
    assert holds(use, sp.Abs(-alpha - v + m - m), alpha + v)
    assert not holds(use, sp.Abs(m), m)
    under_a_sum = sp.Integral(sp.Max(x, lam), (x, 0, 1))  # x is bound: no sign is read there
    assert not holds(use, under_a_sum, sp.Integral(lam, (x, 0, 1)))


def test_cases_decide_what_the_domain_does_not() -> None:
    use, left = pieces.pieces(), sp.Max(0, 1 - alpha) + sp.Min(1, alpha)
    for case in beside_one(alpha).cases:
        kernel = KERNEL.within(dict(case))
        assert holds(use, left, 1, kernel)
        assert not holds(use, left, WRONG, kernel)
    assert not holds(use, left, 1)
    disc = sp.Piecewise((1, sp.Abs(lam - 2 * v) < v), (0, True))
    verdicts = [
        pieces.holds(KERNEL.within(dict(case)), disc.args[0][1])
        for case in placed(lam, v, 3 * v).cases
    ]
    assert verdicts == [False, True, False]
    (case,) = squared(alpha).cases
    assert KERNEL.within(dict(case)).same(sp.sqrt(alpha) ** 4, alpha**2)


def test_pieces_one_by_one() -> None:
    use = pieces.same_pieces()
    left = sp.Piecewise((alpha * (v + 1), v > alpha), (1, True))
    right = sp.Piecewise((alpha * v + alpha, v / alpha > 1), (1, True))
    assert holds(use, left, right)
    assert not holds(use, left, WRONG * right)
    assert not holds(use, left, sp.Piecewise((alpha * v + alpha, v / alpha > 2), (1, True)))
    assert not holds(use, left, sp.Piecewise((alpha * v + alpha, v / alpha >= 1), (1, True)))
    assert not holds(use, left, sp.Piecewise((alpha * v + alpha, alpha > v), (1, True)))
    assert not holds(use, left, sp.Piecewise((1, v / alpha > 1), (alpha * v + alpha, True)))


def test_the_support_of_an_integrand() -> None:
    use = pieces.support()
    inside = sp.Piecewise((x**2, sp.And(x > v, x < 2 * v)), (0, True))
    left = sp.Integral(inside, (x, 0, lam))
    image = sp.Piecewise(
        (0, lam <= v),
        (sp.Integral(x**2, (x, v, lam)), lam < 2 * v),
        (sp.Integral(x**2, (x, v, 2 * v)), True),
    )
    assert holds(use, alpha + left, alpha + image)
    assert not holds(use, alpha + left, WRONG * (alpha + image))
    assert not holds(use, sp.Integral(inside, (x, v, lam)), image)  # begins elsewhere
    around = sp.Piecewise((x**2, sp.And(x > m, x < 2 * v)), (0, True))  # m may be negative
    assert not holds(use, sp.Integral(around, (x, 0, lam)), image.xreplace({v: m}))
    not_zero = sp.Piecewise((x**2, sp.And(x > v, x < 2 * v)), (1, True))
    assert not holds(use, sp.Integral(not_zero, (x, 0, lam)), image)


def test_the_piece_that_is_chosen() -> None:
    total = sp.Integral(x, (x, v, 2 * v))
    left = sp.Piecewise((0, lam <= v), (total, True))
    right = sp.Piecewise((0, lam <= v), (3 * v**2 / 2, True))
    use = pieces.chosen_piece(by=(None, substitution.antiderivative_in_coordinates(of=x**2 / 2)))
    for case in placed(lam, v, 3 * v).cases:
        kernel = KERNEL.within(dict(case))
        assert holds(use, left, right, kernel)
        assert holds(use, left, WRONG * right, kernel) is False
    assert not holds(use, left, right)  # not decided
    other = sp.Piecewise((0, lam <= v), (WRONG * 3 * v**2 / 2, True))
    above = KERNEL.within(dict(placed(lam, v, 3 * v).cases[2]))
    assert not holds(use, left, other, above)
