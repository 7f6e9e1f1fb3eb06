"""Covers that rest on a parameter's domain: the claim must have it."""

from dataclasses import replace

import pytest

import theory
from theory import symbols as s
from theory.proofs.intervals import beside_one, placed, root_above, squared
from theory.proofs.join import join
from theory.spectra.letters import ABOVE_ONE


def test_a_cover_of_numbers_above_one_needs_such_a_parameter() -> None:
    claim = theory.claims()["spectra.inverse_moment"]
    assert join(claim).holds
    wider = replace(claim, parameters=(s.alpha, s.v))
    assert join(wider).refused.startswith("the claim has no alpha of this domain")


def test_what_has_no_root_or_need_not_be_positive() -> None:
    (case,) = root_above(ABOVE_ONE).cases
    assert (case[ABOVE_ONE.symbol] - 1).expand().is_positive
    for cover in (squared, beside_one):
        with pytest.raises(TypeError):
            cover(s.m.symbol)
    with pytest.raises(TypeError):
        placed(s.m.symbol, 0, s.v.symbol)
    for parameter in (s.m, s.X, s.N):
        with pytest.raises(TypeError):
            root_above(parameter)
