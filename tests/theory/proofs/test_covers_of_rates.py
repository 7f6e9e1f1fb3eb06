"""Covers that leave nothing out: every number is an image of exactly one case."""

import pytest
import sympy as sp

from theory import symbols as s
from theory.functions.columns import inner, length
from theory.functions.eigenvalues import largest
from theory.proofs.covers import at_least, has_length, positive_extreme, product_below, sizes, split

eta, lam = s.eta.symbol, s.lam.symbol


@pytest.mark.parametrize("value", [sp.Rational(n, 4) for n in range(1, 24)])
def test_a_split_has_one_case_for_every_number(value: sp.Rational) -> None:
    met = 0
    for case in split(eta, sp.Integer(1), sp.Integer(2), sp.Integer(4)).cases:
        image = sp.sympify(case[eta])
        letters = image.free_symbols
        solved = sp.solve(image - value, *letters) if letters else [1] * (image == value)
        met += sum(bool(each > 0) for each in solved)
    assert met == 1


def test_a_split_needs_bounds_that_ascend() -> None:
    with pytest.raises(ValueError):
        split(eta, 2 / lam, 1 / lam)
    with pytest.raises(ValueError):
        split(eta, -lam)


def test_what_must_be_positive_or_whole() -> None:
    gamma = s.gamma.symbol  # it may be negative
    assert gamma in split(gamma, lam).positive and gamma in product_below(gamma, lam, 1).positive
    with pytest.raises(TypeError):
        at_least(eta, s.N.symbol)


def test_what_the_others_need() -> None:
    few, many = s.N_small.symbol, s.N_large.symbol
    assert at_least(many, few).needs == (few <= many,)
    assert product_below(eta, lam, 1).needs == (eta * lam < 1,)
    assert positive_extreme(largest(s.R.symbol)).needs == (largest(s.R.symbol) > 0,)
    (case,) = product_below(eta, lam, 1).cases
    assert sp.simplify(1 - case[eta] * lam).is_positive


def test_two_sizes_of_which_the_smaller_may_be_one() -> None:
    cover = sizes(s.N_small, s.N_large)
    few, many = s.N_small.symbol, s.N_large.symbol
    assert cover.needs == (few <= many,)
    assert cover.domains == (s.N_small, s.N_large)
    for pair in ((1, 2), (1, 5), (2, 2), (3, 7)):
        met = [
            case
            for case in cover.cases
            if (few_more := sp.solve(case[few] - pair[0], dict=True)) or case[few] == pair[0]
            if (rest := case[many].subs(few_more[0] if few_more else {}) - pair[1]) is not None
            if all(value >= 0 for found in sp.solve(rest, dict=True) for value in found.values())
        ]
        assert len(met) == 1
    with pytest.raises(ValueError, match="does not start at 1"):
        sizes(s.N_large, s.N_small)


def test_a_column_has_a_length_where_words_of_the_claim_say_so() -> None:
    cover = has_length(s.u.symbol, "u is not 0")
    assert cover.assumes == ("u is not 0",)
    (case,) = cover.cases
    assert case[inner(s.u.symbol, s.u.symbol)] == case[length(s.u.symbol)] ** 2
