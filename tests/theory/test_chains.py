"""Chains: no tampered one is accepted, and what a chain calls equal is equal at random values."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import HealthCheck, given, settings

import theory
from tests.about import about
from tests.close import Closeness, rounded
from tests.strategies import letters, values_of
from tests.theory import tamper
from theory.claim import Claim
from theory.domain import DomainError
from theory.formula import Formula
from theory.functions.heads import is_head
from theory.proofs.join import join
from theory.proofs.uses import RULES, THEOREMS, Rule, Theorem, Use

CLAIMS = tuple(theory.claims().values())
#: One claim in so many is attacked in all ways in every run; all of them are in the slow tests.
SAMPLE = 12
#: How much a formula written plainly may magnify rounding: a wrong factor is further off.
CONDITION = 1e6
#: What is changed and stays true: the attack, and why it is none.
NO_ATTACK = {
    "preconditioning.standardised_hessian": {
        "letter mu of link 3": "both sides are I, whatever mu is, and the kernel finds that itself"
    },
    "smoothness.curvature_of_outputs": {"letter x of link 2": "it multiplies a 0"},
    "smoothness.filter_normalised_slice": {
        "source of there": "batch norm does not see the factor: the statement is as true"
    },
    "stability.power_method_rate": {
        "letter b of link 2": "the Rayleigh quotient does not see the length of the vector"
    },
}


def has_chain(claim: Claim) -> bool:
    return claim.derivation.chain is not None


def survivors(claim: Claim, attacks: Callable[[Claim], Iterator[tamper.Attack]]) -> list[str]:
    """The attacks after which the chain is accepted all the same."""
    if not has_chain(claim):
        return []
    return [name for name, derivation in attacks(claim) if join(claim, derivation).holds]


@about(*CLAIMS[1::4])
def test_no_chain_leads_to_a_closed_form_that_is_5_per_cent_off(claim: Claim) -> None:
    assert survivors(claim, tamper.scaled) == []


@about(*CLAIMS[::SAMPLE])
def test_no_chain_leads_to_another_closed_form(claim: Claim) -> None:
    assert survivors(claim, tamper.ends) == []


@pytest.mark.slow
@pytest.mark.parametrize("attacks", [tamper.ends, tamper.starts, tamper.insides, tamper.sources])
@about(*CLAIMS)
def test_no_tampered_chain_is_accepted(claim: Claim, attacks: Any) -> None:
    assert set(survivors(claim, attacks)) <= set(NO_ATTACK.get(claim.name, ()))


@pytest.mark.slow
@about(*(theory.claims()[name] for name in NO_ATTACK))
def test_what_is_listed_as_no_attack_is_accepted(claim: Claim) -> None:
    kinds = (tamper.insides, tamper.sources)
    alive = {attack for kind in kinds for attack in survivors(claim, kind)}
    assert alive == set(NO_ATTACK[claim.name])


@about(*CLAIMS)
def test_a_claim_has_a_chain_or_says_what_is_missing(claim: Claim) -> None:
    here = claim.derivation
    assert (here.chain is None) == bool(here.missing)
    if here.chain is not None:
        words = [link.words for links in here.chain.links.values() for link in links]
        assert all(each.endswith((".", ")")) and len(each) > 4 for each in words), words


@about(*CLAIMS[5::SAMPLE])
def test_what_is_equal_by_calculation_is_equal_at_random_values(claim: Claim) -> None:
    at_random_values(claim)


@pytest.mark.slow
@about(*CLAIMS)
def test_what_is_equal_by_calculation_is_equal_at_random_values_everywhere(claim: Claim) -> None:
    at_random_values(claim)


def at_random_values(claim: Claim) -> None:
    """A calculation that three random points of the domain contradict is a bug of the kernel."""
    if not has_chain(claim):
        return
    pairs = [
        (link.left, link.right)
        for link in join(claim).links
        if link.how == "calculation"
        and evaluates(claim, link.left)
        and evaluates(claim, link.right)
    ]
    formulas = [claim.formula({"left": left, "right": right}) for left, right in pairs]

    @settings(max_examples=3, suppress_health_check=list(HealthCheck), database=None)
    @given(data=values_of())
    def compare(data: Any) -> None:
        values = data(claim)
        for both in formulas:
            try:
                found = both(**values)
            except (DomainError, np.linalg.LinAlgError, NotImplementedError, TypeError, NameError):
                continue  # no value there, or none that NumPy computes
            a, b = np.asarray(found["left"], float), np.asarray(found["right"], float)
            if np.isfinite(a).all() and np.isfinite(b).all():
                size = np.abs(a).max() + np.abs(b).max()
                close = rounded(a, b, size, condition=CONDITION) or in_exact_numbers(both, values)
                assert close, (both.expression, values, close)

    if formulas:
        compare()


def in_exact_numbers(both: Formula, values: Mapping[str, Any]) -> Closeness:
    """The two sides at the same values to 20 digits: floats lose all where a side cancels."""
    units = {p.name for p in both.parameters if getattr(p.domain, "kind", "") == "unit"}
    found = both.exact(
        20,
        **{
            name: exact_unit(value) if name in units else np.asarray(value).tolist()
            for name, value in values.items()
        },
    )
    left, right = (np.asarray(found[side]).astype(float) for side in ("left", "right"))
    return rounded(left, right, np.abs(left).max() + np.abs(right).max())


def exact_unit(vector: Any) -> list[Fraction]:
    """A rational vector of length exactly 1 beside one of floats: its stereographic projection."""
    first, *others = (Fraction(float(x)) for x in np.ravel(vector))
    sign = 1 if first >= 0 else -1
    at = [x / (1 + abs(first)) for x in others]
    square = sum(x * x for x in at)
    return [sign * (1 - square) / (1 + square), *(2 * x / (1 + square) for x in at)]


def test_an_exact_unit_vector_is_one() -> None:
    for vector in ([0.6, 0.8], [-1.0, 0.0, 0.0], [0.0, -(0.5**0.5), 0.5**0.5]):
        found = exact_unit(vector)
        assert sum(x * x for x in found) == 1
        assert rounded(np.array(found, float), np.array(vector))


def evaluates(claim: Claim, expression: Any) -> bool:
    """Whether an expression is in the letters of the claim and computed by NumPy."""
    known = {*claim.domain, *letters(claim)}
    stated = expression.has(sp.Integral, sp.Limit, sp.Derivative, sp.Subs)
    named = {str(letter) for letter in expression.free_symbols} <= known
    return named and not stated and not is_head(expression)


def test_a_theorem_with_a_single_user_is_listed() -> None:
    """A theorem that one claim uses may have been written for it: each is looked at, and listed."""
    users: dict[str, set[str]] = {name: set() for name in THEOREMS}
    for claim, use in uses():
        if isinstance(use.of, Theorem):
            users[_key(use.of)].add(claim.name)
    assert [name for name, found in users.items() if not found] == [], "theorems without a use"
    single = sorted(name for name, found in users.items() if len(found) == 1)
    assert single == sorted(SINGLE)


def test_every_rule_is_used() -> None:
    used = {use.of.name for _, use in uses() if isinstance(use.of, Rule)}
    assert sorted(set(RULES) - used) == []


def uses() -> Iterator[tuple[Claim, Use]]:
    """Every use of a rule or a theorem, also inside others, with its claim."""
    for claim in filter(has_chain, CLAIMS):
        for links in claim.derivation.chain.links.values():  # type: ignore[union-attr]
            for link in links:
                if isinstance(link.by, Use):
                    yield from ((claim, use) for use in link.by.uses())


def _key(theorem: Theorem) -> str:
    return next(name for name, known in THEOREMS.items() if known is theorem)


#: Theorems that one claim uses. Each was read: it is in letters of its own, with what it asks for.
#: Nearest to their claims are correlations_in_wide_nets, random_direction,
#: moments_of_gaussian_products, density_of_a_kronecker_product and unstable_minima_are_avoided.
SINGLE = (
    "absolute_product",
    "bai_yin_smallest",
    "bessel_at_large",
    "between_extreme_eigenvalues",
    "correlations_in_wide_nets",
    "courant_fischer",
    "decay_of_a_sequence",
    "density_of_a_kronecker_product",
    "frobenius_norm_of_a_product",
    "generalised_binomial_series",
    "geometric_and_arithmetic_mean",
    "largest_of_a_sum",
    "largest_of_gaussian_products",
    "largest_of_grams",
    "law_of_a_variance",
    "law_of_marchenko_pastur",
    "moments_of_gaussian_products",
    "plackett",
    "powers_on_eigenvectors",
    "powers_vanish",
    "product_of_lengths",
    "random_direction",
    "rank_of_a_square",
    "rank_with_density",
    "rayleigh_on_a_subspace",
    "second_of_rank_one_above",
    "second_of_rank_one_below",
    "spiked_eigenvector",
    "stretched_by_modes",
    "unstable_minima_are_avoided",
)
