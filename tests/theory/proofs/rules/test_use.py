"""Rules of use: equals inside an expression, roots and factors."""

import sympy as sp

from theory import symbols as s
from theory.functions.columns import inner, length
from theory.functions.eigenvalues import largest, smallest
from theory.functions.heads import sup
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import order, use
from theory.proofs.theorems import linear_algebra as la

R, d = s.R.within(kind="symmetric").symbol, s.d.symbol
KERNEL = Kernel((s.R.within(kind="symmetric"), s.d))
WORSE = sp.Rational(21, 20)
NORM = sp.Max(largest(R), -smallest(R))
BY_NORM = use.inside(by=la.norm_of_symmetric(R), old=sp.sqrt(largest(R * R)), new=NORM)


def test_a_theorem_inside_an_expression() -> None:
    left = length(d) * sp.sqrt(largest(R * R))
    assert BY_NORM.holds(KERNEL, left, NORM * length(d), "=")
    assert not BY_NORM.holds(KERNEL, left, WORSE * NORM * length(d), "=")
    assert not BY_NORM.holds(KERNEL, length(d), NORM * length(d), "=")


def test_what_the_theorem_does_not_say_is_not_put_in() -> None:
    wrong = use.inside(by=la.norm_of_symmetric(R), old=sp.sqrt(largest(R * R)), new=largest(R))
    left = length(d) * sp.sqrt(largest(R * R))
    assert not wrong.holds(KERNEL, left, largest(R) * length(d), "=")


def test_equals_by_calculation() -> None:
    rule = use.equals(are={inner(d, 2 * d): 2 * inner(d, d)})
    left = sp.sqrt(1 + inner(d, 2 * d))
    assert rule.holds(KERNEL, left, sp.sqrt(1 + 2 * inner(d, d)), "=")
    assert not rule.holds(KERNEL, left, WORSE * sp.sqrt(1 + 2 * inner(d, d)), "=")
    false = use.equals(are={inner(d, 2 * d): 3 * inner(d, d)})
    assert not false.holds(KERNEL, left, sp.sqrt(1 + 3 * inner(d, d)), "=")


def test_a_root_of_an_inequality() -> None:
    rule = use.rooted(by=la.largest_rayleigh_quotient(R * R, d))
    right = sp.sqrt(largest(R * R)) * length(d)
    assert rule.holds(KERNEL, length(R * d), right, "<=")
    assert not rule.holds(KERNEL, length(R * d), WORSE * right, "<=")
    assert not rule.holds(KERNEL, -length(R * d), right, "<=")  # the square says nothing of it


def test_a_factor_of_an_inequality() -> None:
    by = la.largest_rayleigh_quotient(R, d)
    sides = (inner(d, R * d), largest(R) * inner(d, d))
    good = use.scaled(by=by, factor=length(d), of=sides)
    assert good.holds(KERNEL, length(d) * sides[0], length(d) * sides[1], "<=")
    assert not good.holds(KERNEL, length(d) * sides[0], WORSE * length(d) * sides[1], "<=")
    turned = use.scaled(by=by, factor=-length(d), of=sides)
    assert not turned.holds(KERNEL, -length(d) * sides[0], -length(d) * sides[1], "<=")


def test_uses_inside_a_use_are_listed() -> None:
    names = [each.of.name for each in use.rooted(by=BY_NORM).uses()]
    assert names == ["rooted", "inside", "norm of symmetric"]


def test_the_largest_of_several_bounds_each() -> None:
    kernel = Kernel((s.R, s.V, s.d, s.radius))
    V, radius = s.V.symbol, s.radius.symbol
    kernel.facts = {sp.Max(inner(V, V), inner(d, d)) <= radius**2}
    one = order.gap(is_=sp.S.Zero, facts={inner(d, d) <= radius**2: sp.S.One})
    assert one.holds(kernel, inner(d, d), radius**2, "<=")
    assert not one.holds(kernel, inner(d, d), WORSE * radius**2, "<=")
    other = order.gap(is_=sp.S.Zero, facts={inner(d, d) <= radius: sp.S.One})
    assert not other.holds(kernel, inner(d, d), radius, "<=")


def test_what_holds_for_all_letters_holds_for_what_they_mean() -> None:
    f, e = (sp.MatrixSymbol(name, d.shape[0], 1) for name in "fe")
    means = {f: d / length(d), e: d}
    rules = {inner(f, f): sp.S.One}
    gap = order.gap(is_=inner(e - inner(f, e) * f, e - inner(f, e) * f))
    of = (inner(f, e) ** 2, inner(e, e))
    rule = use.in_letters(by=gap, of=of, means=means, rules=rules)
    left, right = (side.xreplace(means) for side in of)
    assert rule.holds(KERNEL, left, right, "<=")
    assert not rule.holds(KERNEL, left, WORSE * right, "<=")
    false = use.in_letters(by=gap, of=of, means={f: d, e: d}, rules=rules)
    assert not false.holds(KERNEL, inner(d, d) ** 2, inner(d, d), "<=")
    size = sp.Symbol("size", positive=True)
    signed = use.in_letters(
        by=order.gap(is_=size), of=(sp.S.Zero, size), means={size: -length(d)}, rules={}
    )
    assert not signed.holds(KERNEL, sp.S.Zero, -length(d), "<=")


def test_a_letter_that_the_kernel_knows_is_no_letter_of_a_lemma() -> None:
    axis = sp.MatrixSymbol("axis", d.shape[0], 1)
    kernel = Kernel((s.R, s.d))
    kernel.axis(axis)
    by = order.gap(is_=sp.S.Zero)
    known = use.in_letters(by=by, of=(inner(axis, axis), sp.S.One), means={axis: d}, rules={})
    assert not known.holds(kernel, inner(d, d), sp.S.One, "<=")


def test_equals_are_not_put_in_where_a_supremum_is_over_their_letter() -> None:
    unit = s.u.within(rows=s.N.symbol)
    kernel, u = Kernel((unit,)), unit.symbol
    longest = sup(2 * inner(u, u), u)
    rule = use.equals(are={inner(u, u): sp.S.One})
    assert rule.holds(kernel, 2 * inner(u, u) + 1, sp.Integer(3), "=")
    assert not rule.holds(kernel, longest, sup(sp.Integer(2), u), "=")
