"""Every closed form, twin and finite-size term in V8 has the value that Python has."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings

from book.javascript.formulas import function
from tests.about import each_claim
from tests.book.javascript.engine import evaluated
from tests.book.javascript.judged import Judge, is_ordinary, with_sizes
from tests.strategies import values_of
from theory.claim import Claim

#: Points of a claim in each run, and in the slow one.
FEW, MANY = 1, 100


@each_claim
@settings(max_examples=FEW)
@given(values_of())
def test_the_page_and_python_agree(claim: Claim, draw: Any) -> None:
    check(claim, draw(claim))


@pytest.mark.slow
@each_claim
@settings(max_examples=MANY)
@given(values_of())
def test_the_page_and_python_agree_at_many_points(claim: Claim, draw: Any) -> None:
    check(claim, draw(claim))


def check(claim: Claim, values: dict[str, Any]) -> None:
    """The closed form and each twin have Python's values."""
    assume(is_ordinary(values))
    values = with_sizes(claim, values)
    twins = claim.twins
    printed = [function(each) for each in (claim.closed_form, *twins.values())]
    closed, *others = evaluated(printed, [values])[0]
    assert confirms(Judge(claim.closed_form, values), closed), claim.name
    for (name, twin), value in zip(twins.items(), others, strict=True):
        assert confirms(Judge(twin, values), value), name


def confirms(judge: Judge, value: Any) -> Any:
    """Whether the page's value is Python's; where Python has no real number, it is nan."""
    if judge.has_a_value:
        return judge.agrees(value)
    parts = value.values() if isinstance(value, dict) else [value]
    return any(np.isnan(part).any() for part in parts)
