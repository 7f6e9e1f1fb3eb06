"""Loopholes that once let a false statement be derived: each is refused."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
import sympy as sp

from theory import symbols as s
from theory.chain import because, by_step, calculated, chain
from theory.claim import Claim, Derivation, Step, claim
from theory.domain import Condition
from theory.functions.columns import inner
from theory.functions.eigenvalues import largest, nth_largest, smallest, smallest_positive
from theory.functions.equations import at_the_zero
from theory.functions.frames import frame
from theory.functions.heads import grad, sup
from theory.functions.heads_of_chance import E
from theory.functions.rates import largest_over, smallest_over
from theory.functions.recursions import iterate
from theory.laws import Normal
from theory.proofs import covers, intervals
from theory.proofs.join import join
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import areas, calculus, chance, equations, limits, rates, recursion
from theory.proofs.rules.use import equals, inside
from theory.proofs.tactics import equal, nonnegative
from theory.proofs.theorems import spectral
from theory.proofs.uses import Use

gamma, shift, eps, eta, ratio = (each.symbol for each in (s.gamma, s.shift, s.eps, s.eta, s.ratio))
B, g, u, norm, Hess = s.B.symbol, s.g.symbol, s.u.symbol, s.norm.symbol, s.Hess.symbol
x = sp.Symbol("x", real=True)
i, n = sp.symbols("i n", integer=True, positive=True)
PARAMETERS = (s.gamma, s.shift, s.g, s.u, s.eta, s.ratio)


def refused(definition: Any, closed: Any, *links: Any, **more: Any) -> str:
    """Why a false claim is refused."""
    steps, given = more.pop("steps", ()), more.pop("parameters", PARAMETERS)
    relation = "bound" if isinstance(closed, Mapping) else "identity"
    if relation == "bound":
        more["outputs"] = dict.fromkeys(closed, links)
        links = ()

    def stated() -> Derivation:
        return Derivation(definition, closed, steps, {}, chain=chain(*links, **more))

    made: Claim = claim(relation, given, ())(stated)  # type: ignore[arg-type]
    return join(made).refused


def test_a_letter_that_is_negative_in_a_step_must_mean_what_is_negative():
    """Else -q >= 0 for q < 0 said that -gamma >= 0 for every gamma."""
    q = sp.Symbol("q", negative=True)
    link = by_step("It is.", 1, relation="<=")
    closed = {"upper": sp.Abs(gamma) - gamma}
    steps = (nonnegative("It is.", -q),)
    assert refused(sp.Abs(gamma), closed, link, steps=steps, letters={q: gamma})
    below = {"upper": sp.Abs(gamma) + eta}
    assert not refused(sp.Abs(gamma), below, link, steps=steps, letters={q: -eta})


@pytest.mark.parametrize(
    ("assumed", "image"),
    [
        ({"positive": True}, gamma**2),
        ({"nonnegative": True}, gamma),
        ({"nonpositive": True}, gamma),
        ({"nonzero": True}, gamma),
        ({"integer": True}, gamma),
        ({"real": True}, sp.sqrt(gamma)),
        ({"even": True}, 2 * n),  # which it is, but nothing here says that
    ],
)
def test_what_a_letter_assumes_must_be_true_of_what_it_means(assumed, image):
    q = sp.Symbol("q", **assumed)
    step = equal("It is.", (q + 1) ** 2 - 1, q**2 + 2 * q)
    ends = ((image + 1) ** 2 - 1, image**2 + 2 * image)
    assert refused(*ends, by_step("So.", 1), steps=(step,), letters={q: image})
    free = sp.Symbol("q")
    plain = equal("It is.", (free + 1) ** 2 - 1, free**2 + 2 * free)
    assert not refused(*ends, by_step("So.", 1), steps=(plain,), letters={free: image})


def test_a_letter_of_the_claim_means_itself():
    """Else shift = shift, read with gamma for shift, said that gamma is shift."""
    step = equal("It is.", shift + 0 * gamma, shift)
    assert refused(gamma, shift, by_step("So.", 1, where={shift: gamma}), steps=(step,))
    assert refused(gamma, shift, by_step("So.", 1), steps=(step,), letters={shift: gamma})


def test_a_letter_may_not_mean_what_a_step_binds():
    a = sp.Symbol("a", real=True)
    slope = sp.Subs(sp.Derivative(a * x, x), x, 1)
    step = equal("The slope of a line.", slope, a)
    there = sp.Subs(sp.Derivative(x * x, x), x, 1)
    assert refused(there, x, by_step("So.", 1), steps=(step,), letters={a: x},
                   parameters=(s.x, s.gamma))  # fmt: skip


def test_only_the_tactics_of_the_house_prove():
    said = Step("It is.", sp.Eq(gamma, shift, evaluate=False), lambda: True)
    assert refused(gamma, shift, by_step("So.", 1), steps=(said,))
    for made in (equal("It is.", gamma + 1 - 1, gamma), equal("It is.", gamma - gamma, 0)):
        for right in (shift, sp.Integer(0)):
            changed = replace(made, statement=sp.Eq(gamma, right, evaluate=False))
            assert refused(gamma, right, by_step("So.", 1), steps=(changed,))
    changed = replace(nonnegative("It is.", eta), statement=sp.Ge(gamma, 0, evaluate=False))
    link = by_step("So.", 1, relation="<=")
    assert refused(shift, {"upper": shift + gamma}, link, steps=(changed,))


def test_a_claim_brings_no_cover_of_its_own():
    size = sp.Symbol("size", positive=True)
    mine = covers.Cover("gamma is positive", ({gamma: size},))
    link = calculated("It is.")
    assert "no cover" in refused(sp.Abs(gamma), gamma, link, covers=(mine,))
    house = covers.sign_of(gamma)
    part = replace(house, cases=house.cases[:1])
    assert "no cover" in refused(sp.Abs(gamma), gamma, link, covers=(part,))
    assert not refused(sp.Max(gamma, -gamma), sp.Abs(gamma), link, covers=(house,))


def test_a_cover_of_positive_numbers_needs_positive_numbers():
    """Gamma at most or at least 1, as positive numbers are, left out all below 0."""
    link, far = calculated("It is."), covers.compared(gamma, sp.Integer(1))
    assert "need not be positive" in refused(sp.Abs(gamma), gamma, link, covers=(far,))
    near = covers.below(gamma, sp.Integer(1))
    assert "need not be positive" in refused(sp.Abs(gamma), gamma, link, covers=(near,))
    both = covers.product_below(gamma, eta, sp.Integer(1))
    assert "need not be positive" in refused(sp.Abs(gamma), gamma, link, covers=(both,))


def test_a_cover_of_whole_numbers_needs_whole_numbers():
    with pytest.raises(TypeError, match="whole"):
        covers.at_least(eta, sp.Integer(1))
    with pytest.raises(TypeError, match="whole"):
        covers.at_least(n, eta)
    more = [case for each in intervals.ordered(n, eta).cases for case in each.values()]
    assert not any((image - n).is_integer for image in more if image.has(n))


def test_a_letter_of_the_claim_is_no_axis_and_has_no_law():
    link = calculated("It is.")
    assert "no axis" in refused(inner(g, g), sp.Integer(1), link, axes=(g,))
    mean = because("So.", chance.expectation())
    assert "no law" in refused(E(gamma), sp.Integer(0), mean, laws={gamma: Normal()})


def test_a_law_of_the_claims_own_is_refused():
    class Mine(Normal):
        """A law whose mean is what one likes."""

    drawn = sp.Symbol("drawn", real=True)
    mean = because("So.", chance.expectation())
    assert "no law of the house" in refused(E(drawn), sp.Integer(0), mean, laws={drawn: Mine()})
    assert not refused(E(drawn), sp.Integer(0), mean, laws={drawn: Normal()})


def test_a_use_of_the_claims_own_is_refused():
    class Mine(Use):
        def holds(self, *anything: Any) -> bool:
            return True

    mine = Mine(calculus.derivative, {})
    assert refused(gamma, shift, because("So.", mine))


def test_a_limit_of_ever_more_summands_is_not_termwise():
    """The sum of 1/(n + i) over n terms tends to log 2, the terms to 0."""
    growing = sp.Limit(sp.Sum(1 / (n + i), (i, 1, n)), n, sp.oo)
    endless = sp.Limit(sp.Sum(n / (i + n) ** 2, (i, 1, sp.oo)), n, sp.oo)
    many = sp.Symbol("many", integer=True, positive=True)
    fixed = sp.Limit(sp.Sum(1 / (n + i), (i, 1, many)), n, sp.oo)
    link = because("So.", calculus.limit())
    assert refused(growing, sp.Integer(0), link)
    assert refused(endless, sp.Integer(0), link)
    assert not refused(fixed, sp.Integer(0), link)
    before = sp.Limit(n * sp.Sum(1 / (n + i), (i, 1, many)), n, sp.oo)  # it tends to many
    assert refused(before, sp.Integer(0), link)


def test_the_letter_of_a_limit_is_no_other():
    """Its domain elsewhere has coordinates, in which nothing tends to the limit."""
    left = sp.Limit(ratio**2, ratio, 0)
    assert refused(left, ratio**2, because("So.", calculus.limit()))
    assert not refused(left, sp.Integer(0), because("So.", calculus.limit()))


def test_an_antiderivative_may_not_jump():
    bell = sp.Integral(1 / (1 + x**2), (x, -1, 1))
    jump = areas.antiderivative(of=-sp.atan(1 / x))
    assert refused(bell, -sp.pi / 2, because("So.", jump))
    assert not refused(bell, sp.pi / 2, because("So.", areas.antiderivative(of=sp.atan(x))))
    line = sp.Integral(1 / (1 + x**2), (x, -sp.oo, sp.oo))
    assert refused(line, sp.Integer(0), because("So.", jump))  # it is pi
    assert not refused(line, sp.pi, because("So.", areas.antiderivative(of=sp.atan(x))))
    pole = sp.Integral(1 / x**2, (x, -1, 1))
    assert refused(pole, sp.Integer(-2), because("So.", areas.antiderivative(of=-1 / x)))


def test_what_is_equal_on_a_domain_has_other_slopes():
    """U'u is 1 for columns of length 1, and its gradient 2u."""
    squared = sp.MatMul(u.T, u)[0, 0]
    zero = sp.ZeroMatrix(*u.shape)
    one = because("It has length 1.", equals(are={inner(u, u): sp.Integer(1)}),
                  grad(sp.Integer(1), u))  # fmt: skip
    slope = because("So.", calculus.gradient())
    assert refused(grad(inner(u, u), u), zero, one, slope)
    step = equal("It has length 1.", u.T * u, sp.Identity(1), {u.T * u: sp.Identity(1)})
    swapped = by_step("So.", 1, grad(sp.Identity(1)[0, 0], u))
    assert refused(grad(squared, u), zero, swapped, slope, steps=(step,))
    assert not refused(grad(inner(u, u), u), 2 * u, slope)


def test_a_size_is_the_claims_own():
    """A batch may be of one example where a claim says so, though the house's has two."""
    small = s.B.within(low=1)
    assert refused(sp.Abs(B - 2), B - 2, calculated("It is."), parameters=(small,))
    assert not Kernel((small,)).nonnegative(B - 2)
    assert Kernel((s.B,)).nonnegative(B - 2)


def test_a_condition_is_the_claims():
    """A cover that needs one is refused without it."""
    assert "no condition" in refused(
        sp.Abs(gamma - 1), gamma - 1, calculated("It is."), covers=(covers.above(gamma, 1),)
    )
    assert Condition("gamma is above 1", gamma > 1).relation == (gamma > 1)


def test_a_cover_that_assumes_words_needs_them():
    top, bottom = largest(Hess), smallest(Hess)
    start = sp.MatrixSymbol("start", *s.W.symbol.shape)
    cover = covers.leading(Hess, start, "the start is not orthogonal to it")
    link = calculated("It is.", sp.Abs(top) + bottom - bottom)
    assert refused(top, bottom, link, covers=(cover,), parameters=(s.Hess,))


def test_a_limit_inside_takes_its_letter_along():
    """Of x cos x the limit at 0 is 0, and not x times that of cos x."""
    place = s.x.symbol
    cosine = sp.Limit(sp.cos(place), place, 0)
    apart = because("Apart.", limits.inside_limits(), place * cosine)
    one = because("It is 1.", inside(by=calculus.limit(), old=cosine, new=sp.Integer(1)))
    assert refused(sp.Limit(place * sp.cos(place), place, 0), place, apart, one, parameters=(s.x,))


def test_eigenvalues_of_any_matrix_may_be_negative():
    """The largest square is not that of the largest eigenvalue."""
    lam = sp.Symbol("lam", real=True)
    ends = smallest(Hess), largest(Hess)
    squares = because("At an end.", rates.extreme_at_an_end())
    top = largest_over(lam**2, lam, *ends)
    assert refused(top, largest(Hess) ** 2, squares, parameters=(s.Hess,))
    Sigma = s.Sigma.symbol
    known = largest_over(lam**2, lam, smallest(Sigma), largest(Sigma))
    assert not refused(known, largest(Sigma) ** 2, squares, parameters=(s.Sigma,))
    positive = sp.Symbol("lam", positive=True)
    modes = largest_over(sp.Abs(1 - eta * positive), positive, *ends)
    contract = because("So.", rates.stable_below())
    assert refused(sup(eta, modes < 1), smallest_over(2 / positive, positive, *ends), contract,
                   parameters=(s.Hess,))  # fmt: skip


def test_a_zero_sees_letters_that_hide_in_eigenvalues():
    place = sp.Symbol("place", real=True)
    value = (place - 1 + largest(place * Hess) - place * largest(Hess)) * s.d.symbol
    use = equations.only_zero(at={place: sp.Integer(1)})
    hidden = at_the_zero(place, value, sp.Tuple(place))
    assert refused(hidden, sp.Integer(1), because("So.", use), parameters=(s.Hess, s.d))


def test_a_bound_rests_on_no_bound_that_holds_later():
    """Growth by a tenth from 1 is not growth by 1, which it is above 10 alone."""
    r, done = recursion.value, recursion.done
    grown = iterate(sp.Lambda(r, r * sp.Rational(11, 10)), sp.Integer(1), s.k.symbol)
    late = recursion.Bound(least=sp.Integer(10), relation=">=", gap=r / 10, first=30)
    line = recursion.Bound(least=1 + done, relation=">=", gap=(r - 10) / 10, given=late)
    link = because("So.", recursion.bounded(by=line), relation=">=")
    assert refused(grown, {"lower": 1 + s.k.symbol}, link, parameters=(s.k,))


def test_a_link_makes_no_matrix_positive():
    """A least positive eigenvalue in passing said that the largest of any psd R is above 0."""
    R = s.R.symbol
    nothing = smallest_positive(2 * R) / 2 - smallest_positive(R)
    passing = calculated("In passing.", 1 + nothing)
    link = calculated("It is.")
    assert refused(sp.sign(largest(R)), sp.Integer(1), passing, link, parameters=(s.R,))
    ratio = sp.sign(largest(R) / smallest_positive(R))
    assert not refused(ratio, sp.Integer(1), link, parameters=(s.R,))


def test_the_smallest_of_a_negative_multiple_is_not_signed():
    for matrix in (-s.R.symbol, -s.Sigma.symbol, gamma * s.R.symbol):
        least = smallest(matrix)
        assert refused(sp.Abs(least), least, calculated("So."),
                       parameters=(s.R, s.Sigma, s.gamma))  # fmt: skip


def test_a_letter_that_need_not_exist_proves_nothing():
    """N orthonormal columns of N - 1 numbers would make N at most N - 1."""
    N, start = s.N.symbol, gamma * inner(u, u)
    wide, narrow = frame("Q", N, N + 1), frame("Q", N + 1, N)
    passing = calculated("In passing.", sp.Trace(wide.T * wide) - 1 - N + gamma)
    assert "need not be" in refused(start, gamma, passing, calculated("So."))
    fits = calculated("In passing.", sp.Trace(narrow.T * narrow) - N + gamma)
    assert not refused(start, gamma, fits, calculated("So."))


def test_an_eigenvalue_must_be_there():
    """Of 1 x 1 matrices the third eigenvalue, which there is none of, is above no other."""
    third = nth_largest(Hess, 3)
    value = spectral.value_on_the_eigenvector(Hess, sp.Integer(3))
    assert not value.holds(Kernel((s.Hess,)), third, value.statement().right, "=")
    there = spectral.value_on_the_eigenvector(Hess, sp.Integer(1))
    assert there.holds(Kernel((s.Hess,)), largest(Hess), there.statement().right, "=")


def test_a_condition_makes_its_own_matrix_positive():
    """And no other one."""
    R, A = s.R.symbol, s.A.symbol
    kernel = Kernel((s.R, s.A), (smallest_positive(R), smallest_positive(A)))
    kernel.not_zero = False
    assert not kernel.has_sign(largest(R), "is_positive")
    kernel.facts = {largest(R) > 0}
    kernel.known.clear()
    assert kernel.has_sign(largest(R), "is_positive")
    assert not kernel.has_sign(largest(A), "is_positive")
