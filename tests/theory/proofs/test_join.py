"""Loopholes: what looks like a proof and joins nothing is refused, and the refusal names it."""

from dataclasses import replace
from typing import Any

import pytest
import sympy as sp

from companion.references import cite
from theory import symbols as s
from theory.chain import Link, because, by_step, calculated, chain
from theory.claim import Claim, Derivation, claim
from theory.domain import Condition
from theory.functions.columns import deviation, inner, length, standardised
from theory.functions.constants import ones
from theory.proofs.covers import above, sign_of
from theory.proofs.join import join
from theory.proofs.rules import calculus, order
from theory.proofs.tactics import at_sizes, cited, equal
from theory.proofs.theorems import linear_algebra
from theory.proofs.uses import Rule, Statement, Theorem, Use

y, g, gamma, eps, H = s.y.symbol, s.g.symbol, s.gamma.symbol, s.eps.symbol, s.H.symbol
B = s.B.symbol
yhat = sp.MatrixSymbol("yhat", B, 1)
size = sp.Symbol("size", positive=True)
NUMBER = sp.Identity(1)
SOURCE = cite("hornjohnson2013", "theorem 5.1.4")
PARAMETERS = (s.y, s.g, s.H, s.gamma, s.eps)


def of(
    definition: Any, closed_form: Any, links: Any, *, relation: str = "identity", **changes: Any
) -> Claim:
    """A claim in y, g, H, gamma and eps."""
    steps = changes.pop("steps", ())
    conditions = changes.pop("conditions", ())
    here = Derivation(definition, closed_form, steps, {}, chain=chain(*links, **changes))

    def stated() -> Derivation:
        return here

    return claim(relation, PARAMETERS, (), conditions)(stated)  # type: ignore[arg-type]


def refused(claim: Claim) -> str:
    return join(claim).refused


SQUARED = inner(standardised(y, 0), standardised(y, 0))
READ = equal("It is.", yhat.T * yhat, B * NUMBER, {yhat.T * yhat: B * NUMBER})


def test_a_chain_that_holds_is_accepted():
    assert not refused(of(SQUARED, B, [calculated("Its entries have the mean square 1.")]))
    steps = of(SQUARED, B, [by_step("So.", 1)], steps=(READ,), letters={yhat: standardised(y, 0)})
    assert not refused(steps)


@pytest.mark.parametrize("wrong", [B - 1, 2 * B, -B, sp.Integer(1), B + eps])
def test_another_closed_form_is_refused(wrong):
    assert refused(of(SQUARED, wrong, [calculated("It is.")])).startswith("does not hold")


def test_a_step_that_holds_by_a_false_rule_is_no_licence():
    false = equal("It is.", yhat.T * yhat, 2 * B * NUMBER, {yhat.T * yhat: 2 * B * NUMBER})
    assert false.holds()
    letters = {yhat: standardised(y, 0)}
    assert refused(of(SQUARED, 2 * B, [by_step("So.", 1)], steps=(false,), letters=letters))


def test_a_rule_that_holds_for_eps_0_alone_is_refused_with_eps():
    with_eps = inner(standardised(y, eps), standardised(y, eps))
    letters = {yhat: standardised(y, eps)}
    assert refused(of(with_eps, B, [by_step("So.", 1)], steps=(READ,), letters=letters))


def test_a_letter_that_is_assumed_positive_must_be():
    root = equal("A logarithm.", sp.log(2 * size**2), 2 * sp.log(size) + sp.log(2))
    for image, holds in ((gamma, False), (deviation(y, 0), True)):
        ends = (sp.log(2 * image**2), 2 * sp.log(image) + sp.log(2))
        made = of(*ends, [by_step("So.", 1)], steps=(root,), letters={size: image})
        assert (not refused(made)) == holds


def test_a_step_at_stated_sizes_or_cited_joins_nothing():
    n = sp.Symbol("n", integer=True, positive=True)
    x = sp.MatrixSymbol("x", n, 1)
    sizes = at_sizes("At sizes.", x.T * x, x.T * x, {n: (1, 2)})
    letters = {x: standardised(y, 0)}
    assert refused(of(SQUARED, B, [by_step("So.", 1)], steps=(sizes,), letters=letters))
    known = cited("A theorem.", SOURCE, sp.Eq(yhat.T * yhat, B * NUMBER, evaluate=False))
    named = {yhat: standardised(y, 0)}
    assert refused(of(SQUARED, B, [by_step("So.", 1)], steps=(known,), letters=named))


def test_a_theorem_that_is_the_claim_derives_nothing():
    definition = sp.Abs(inner(y, g))
    closed = {"upper": length(y) * length(g)}
    links = (because("Cauchy-Schwarz.", linear_algebra.absolute_product(y, g), relation="<="),)
    made = of(definition, closed, (), relation="bound", outputs={"upper": links})
    assert "theorem that is the claim" in refused(made)


def test_a_theorem_that_nobody_stated_is_refused():
    mine = Theorem("mine", "Any number is 0.", SOURCE, lambda x: Statement(x, sp.Integer(0)))
    assert refused(of(gamma, sp.Integer(0), [because("So.", Use(mine, {"letters": (gamma,)}))]))


def test_a_rule_that_a_claim_brings_is_refused():
    mine = Rule("gradient", "Yes.", lambda *anything, **more: True)
    assert refused(of(gamma, eps, [because("So.", mine())]))


def test_a_theorem_is_refused_where_what_it_asks_does_not_hold():
    any_matrix = sp.MatrixSymbol("any", B, B)
    made = linear_algebra.largest_rayleigh_quotient(H, g)
    assert not made.holds(_kernel(), inner(g, H * g), 0 * eps + inner(g, g), "<=")
    asked = linear_algebra.largest_rayleigh_quotient(any_matrix, g).statement()
    assert asked.equal[0][0] != asked.equal[0][1]
    assert not linear_algebra.largest_rayleigh_quotient(any_matrix, g).holds(
        _kernel(), asked.left, asked.right, "<="
    )
    said = made.statement()
    assert made.holds(_kernel(), said.left, said.right, "<=")
    assert made.holds(_kernel(), said.right, said.left, ">=")
    assert not made.holds(_kernel(), said.left, said.right, ">=")
    assert not made.holds(_kernel(), said.left, said.right, "=")


def _kernel() -> Any:
    from theory.proofs.reading import kernel_of

    made = of(SQUARED, B, [calculated("It is.")])
    here = made.derivation
    assert here.chain is not None
    return kernel_of(made, here, here.chain, {})


def test_a_letter_that_means_the_closed_form_is_refused():
    closed = gamma * inner(g, g)
    letter = sp.Symbol("c", real=True)
    there = equal("It is.", letter, letter + 0 * size)
    for image in (closed, 2 * closed, closed + eps):
        made = of(gamma * inner(g, g) + eps - eps * 1, closed, [by_step("So.", 1)],
                  steps=(there,), letters={letter: image})  # fmt: skip
        assert refused(made)
    made = of(gamma * length(g) ** 2 * 1, closed, [calculated("So.")], letters={letter: closed})
    assert refused(made)


def test_a_letter_without_use_is_refused():
    made = of(SQUARED, B, [calculated("It is.")], letters={yhat: standardised(y, 0)})
    assert refused(made) == "the letter yhat is not used"


def test_a_link_that_says_nothing_is_refused():
    assert refused(of(B, B, [calculated("It is.")]))
    assert refused(of(SQUARED, B, [calculated("It is.", SQUARED), calculated("It is.")]))


def test_a_chain_that_runs_in_a_circle_is_refused():
    links = [
        calculated("One.", inner(g, g) + B),
        calculated("Two.", inner(g, g) + SQUARED),
        calculated("Three."),
    ]
    made = of(inner(g, g) + SQUARED, B + inner(g, g) - 0 * eps, links)
    assert "twice" in refused(made)


def test_an_inequality_joins_no_identity_and_no_bound_turns_round():
    at_most = because("A square.", order.gap(is_=gamma**2), relation="<=")
    assert "inequality" in refused(of(eps, eps + gamma**2, [at_most]))
    closed = {"lower": eps + gamma**2}
    made = of(eps, closed, (), relation="bound", outputs={"lower": (at_most,)})
    assert refused(made)
    closed = {"upper": eps + gamma**2}
    made = of(eps, closed, (), relation="bound", outputs={"upper": (at_most,)})
    assert not refused(made)


def test_a_gap_without_a_sign_or_that_is_another_is_refused():
    for gap in (gamma, gamma**2 - 1, 2 * gamma**2):
        link = because("It is.", order.gap(is_=gap), relation="<=")
        closed = {"upper": eps + gamma**2}
        assert refused(of(eps, closed, (), relation="bound", outputs={"upper": (link,)}))


def test_a_fact_counts_where_a_condition_of_the_claim_states_it():
    small = gamma <= 1
    link = because("By the condition.", order.gap(is_=sp.S.Zero, facts={small: 1}), relation="<=")
    closed = {"upper": sp.Integer(1)}
    outputs = {"upper": (link,)}
    without = of(gamma, closed, (), relation="bound", outputs=outputs)
    assert refused(without)
    told = of(gamma, closed, (), relation="bound", outputs=outputs,
              conditions=(Condition("gamma <= 1", small),))  # fmt: skip
    assert not refused(told)


def test_cases_cover_the_domain():
    ends = (gamma * sp.Abs(gamma), gamma**2 * sp.sign(gamma))
    # 0 belongs to the domain, and a cover that leaves it out needs a condition
    assert not refused(of(*ends, [calculated("In each case.")], covers=(sign_of(gamma),)))
    partly = of(gamma / gamma**2 * sp.Abs(gamma), sp.sign(gamma), [calculated("In each case.")],
                covers=(sign_of(gamma, may_be_zero=False),))  # fmt: skip
    assert refused(partly).startswith("no condition of the claim says")
    beyond = of(sp.Abs(gamma - 1), gamma - 1, [calculated("So.")], covers=(above(gamma, 1),))
    assert refused(beyond).startswith("no condition of the claim says")
    told = replace(beyond, conditions=(Condition("gamma > 1", gamma > 1),))
    assert not refused(told)


def test_every_output_needs_a_chain():
    ends = ({"a": SQUARED, "b": inner(g, g) * SQUARED}, {"a": B, "b": B * inner(g, g)})
    only = of(*ends, (), outputs={"a": (calculated("It is."),)})
    assert "differ" in refused(only)
    both = {"a": (calculated("It is."),), "b": (calculated("It is."),)}
    assert not refused(of(*ends, (), outputs=both))
    empty = {"a": (calculated("It is."),), "b": ()}
    assert "no links" in refused(of(*ends, (), outputs=empty))


def test_a_chain_that_stops_on_an_error_is_refused_with_the_error():
    strange = sp.MatrixSymbol("A", B, 1) * sp.MatrixSymbol("a", 1, 1)
    for number in (7, 0, -1):
        made = of(inner(strange, g), gamma, [Link("It is.", None, number)], steps=(READ,))
        assert refused(made)
        assert f"there is no step {number}" in join(made).links[0].compared


def test_a_gradient_is_one_along_every_direction():
    from theory.functions.heads import grad, smooth

    value = smooth(gamma * (y + ones(B, 1)), g, H)
    right = gamma * g
    assert not refused(of(grad(value, y), right, [because("So.", calculus.gradient())]))
    for wrong in (g, -right, sp.Rational(21, 20) * right, gamma * y):
        assert refused(of(grad(value, y), wrong, [because("So.", calculus.gradient())]))
