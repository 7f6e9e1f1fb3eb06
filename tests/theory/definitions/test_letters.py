"""A number without a value refuses, but where it is said to be arbitrary."""

from typing import Any

import pytest

import theory
from tests.theory.definitions.points_at_random import at_random
from theory.definitions import letters
from theory.definitions.scope import NoMeaningError


@pytest.mark.parametrize("name", ["quadratic.time_constant", "spectra.energy_gradient",
                                  "invariance.damped_kfac", "stability.ritz_values"])  # fmt: skip
def test_a_letter_that_is_not_said_to_be_arbitrary_is_named(name: str, monkeypatch: Any) -> None:
    claim = theory.claims()[name]
    monkeypatch.setattr(letters, "ARBITRARY", {})
    with pytest.raises(NoMeaningError, match=r"the letter .* has no value"):
        claim.definition.estimate(at_random(claim, 0))


def test_what_is_arbitrary_is_a_letter_of_no_parameter_of_a_claim() -> None:
    for name, free in letters.ARBITRARY.items():
        assert not set(free) & set(theory.claims()[name].domain), name
