"""Equals stand for one another; earlier claims stand for parts of later ones, in their domains."""

import sympy as sp

from tests.theory.proofs.holding import MORE, holds
from theory import symbols as s
from theory.functions.heads_of_chance import E
from theory.laws import Normal, standard_pair
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules import chance, parts
from theory.proofs.theorems import sequences
from theory.propagation.by_angle import U, V
from theory.propagation.letters import map_of, mean_over, relu, x

c, m, v, q = s.c.symbol, s.m.symbol, s.v.symbol, s.q.symbol
z = sp.Symbol("z", real=True)
PRODUCT = E(relu(U) * relu(V))


def kernel_with(parameters, laws):
    kernel = Kernel(parameters)
    kernel.laws = laws
    return kernel


def test_a_part():
    kernel = kernel_with((), {z: Normal(0, 3)})
    use = parts.part(of=E(z**2), is_=sp.Integer(3), by=chance.expectation())
    assert use.holds(kernel, sp.exp(E(z**2)), sp.exp(sp.Integer(3)), "=")
    assert not holds(use, kernel, sp.exp(E(z**2)), MORE * sp.exp(sp.Integer(3)))
    assert not holds(use, kernel, sp.Integer(3), sp.Integer(3))  # no such part
    wrong = parts.part(of=E(z**2), is_=sp.Integer(4), by=chance.expectation())
    assert not holds(wrong, kernel, sp.exp(E(z**2)), sp.exp(sp.Integer(4)))


def test_a_letter_that_is_bound_means_something_else():
    kernel = kernel_with((), {z: Normal(0, 3)})
    use = parts.part(of=E(z**2), is_=sp.Integer(3), by=chance.expectation())
    around = sp.Integral(E(z**2), (z, 0, 1))
    assert not holds(use, kernel, around, sp.Integral(3, (z, 0, 1)))
    beside = sp.Integral(E(z**2) * x, (x, 0, 1))
    assert use.holds(kernel, beside, sp.Integral(3 * x, (x, 0, 1)), "=")


def test_a_part_hides_no_theorem():
    index = sp.Symbol("l", positive=True)
    cited = sequences.decay_of_a_sequence(1 / index**2, index)
    said = cited.statement()
    assert cited.holds(Kernel(()), said.left, said.right, "=")
    use = parts.part(of=said.left, is_=said.right, by=cited)
    assert not holds(use, Kernel(()), 2 * said.left, 2 * said.right)


def test_an_earlier_claim():
    use = parts.claimed(claim="propagation.arc_cosine")
    kernel = kernel_with((s.c,), standard_pair(U, V, c))
    assert use.holds(kernel, 2 * PRODUCT, map_of(c), "=")
    assert not holds(use, kernel, 2 * PRODUCT, MORE * map_of(c))
    assert not holds(use, kernel, PRODUCT, map_of(c), "=")
    assert not holds(use, kernel, 2 * PRODUCT, map_of(c), "<=")


def test_letters_must_have_the_same_law():
    use = parts.claimed(claim="propagation.arc_cosine")
    for laws in (standard_pair(U, V, c**2), {U: Normal(), V: Normal()}, {}):
        assert not holds(use, kernel_with((s.c,), laws), PRODUCT, map_of(c) / 2)
    first, second = sp.symbols("first second", real=True)
    renamed = E(relu(first) * relu(second))
    third = sp.Rational(1, 3)
    use = parts.claimed(claim="propagation.arc_cosine", at={c: third, U: first, V: second})
    kernel = kernel_with((), standard_pair(first, second, third))
    assert use.holds(kernel, renamed, map_of(third) / 2, "=")
    one = parts.claimed(claim="propagation.arc_cosine", at={c: third, U: first, V: first})
    assert not holds(one, kernel, E(relu(first) ** 2), map_of(third) / 2)


def test_values_must_lie_in_the_domain():
    mean = mean_over(relu(x))
    at = {m: -q, v: q**2}
    kernel = Kernel((s.q,))
    use = parts.claimed(claim="propagation.rectified_moments", output="mean", at=at)
    closed = sp.simplify(-q * (1 - sp.erf(1 / sp.sqrt(2))) / 2 + q * sp.exp(-sp.S.Half)
                         / sp.sqrt(2 * sp.pi))  # fmt: skip
    assert use.holds(kernel, mean.xreplace(at), closed, "=")
    for variance in (-q, sp.Integer(0), q - 1):
        at = {m: q, v: variance}
        use = parts.claimed(claim="propagation.rectified_moments", output="mean", at=at)
        assert not holds(use, kernel, mean.xreplace(at), closed)
    elsewhere = parts.claimed(claim="propagation.rectified_moments", output="mean")
    assert not holds(elsewhere, kernel, mean, mean)  # its m and v are no letters here


def test_a_bound_and_a_claim_with_a_theorem_are_refused():
    for name in ("propagation.correlation_bounds", "propagation.product_moments"):
        assert not holds(parts.claimed(claim=name), Kernel((s.c,)), c, c)
