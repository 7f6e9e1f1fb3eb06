"""What the words of a claim mean, in numbers, is what its closed form says, by the house's law.

The definition never sees the closed form. A number that is exact agrees to rounding, a search or a
limit that is cut off within the error that it states, a mean of draws within its standard error and
that one. The same comparison refutes twins.
"""

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import theory
from tests.about import about
from tests.close import FALSE_ALARM, Closeness, below, discretised, rounded, sampled
from tests.strategies import fulfils, values_of
from theory.claim import Claim
from theory.definitions.estimates import REPEATS, Estimate
from theory.definitions.refused import REFUSED
from theory.definitions.scope import NoMeaningError
from theory.domain import Array, Integer

#: What is drawn, cut off or searched for takes a second or more; of these a sample is tested.
SLOW = (
    "quadratic.solution_set",
    "quadratic.optimal_heavy_ball",
    "spectra.average_loss",
    "spectra.average_loss_flow",
    "spectra.average_loss_power_law",
    "spectra.bulk_rate",
    "spectra.centring",
    "smoothness.largest_rate_in_a_bump",
    "smoothness.largest_convex_curvature",
    "smoothness.largest_linear_curvature",
    "smoothness.largest_weight_gradient",
    "smoothness.largest_plain_gradient",
    "invariance.gradient_flow",
    "invariance.norm_growth_correction",
    "invariance.forgetting",
    "invariance.equilibrium_angle",
    "propagation.between_share",
    "propagation.within_decay",
    "propagation.shifted_gradient",
    "propagation.shortcut_stretches",
)
CLAIMS = theory.claims()
#: Student's law of the repeated evaluations beside the normal law that ``sampled`` takes.
TAILS = stats.t.isf(FALSE_ALARM / 2, REPEATS - 1) / stats.norm.isf(FALSE_ALARM / 2)


def named(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {"": value}


def agreement(found: Estimate, closed: Any) -> Closeness:
    """How an estimate and a value of a closed form compare."""
    expected = np.asarray(closed, dtype=float)
    size = np.max(np.abs(expected)) or 1.0
    if np.any(np.asarray(found.stderr) > 0):
        return sampled(
            found.value, expected, stderr=TAILS * np.asarray(found.stderr), bias=found.bias
        )
    if np.any(np.asarray(found.bias) > 0):
        return discretised(found.value, expected, found.bias, size=size)
    return rounded(found.value, expected, size=size)


def inside(found: Estimate, bounds: dict[str, float]) -> Closeness:
    """How an estimate and the bounds around it compare."""
    size = max(abs(found.value), *(abs(x) for x in bounds.values() if np.isfinite(x)), 1e-300)
    room = found.bias + 6 * found.stderr
    low = below(bounds.get("lower", -np.inf), found.value + room, size=size)
    high = below(found.value - room, bounds.get("upper", np.inf), size=size)
    return max(low, high, key=lambda each: each.excess)


def compared(claim: Claim, found: Any, closed: Any) -> dict[str, Closeness]:
    """How definition and closed form compare, by name."""
    values = named(closed)
    if claim.relation == "bound":
        return {"": inside(found, values)}
    return {key: agreement(each, values[key]) for key, each in named(found).items()}


def exactly(form: Any, values: dict[str, Any]) -> dict[str, Any]:
    """A formula at exactly these floats, to digits that rounding does not reach."""
    listed = {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in values.items()}
    return {key: _floats(each) for key, each in named(form.exact(20, **listed)).items()}


def _floats(value: Any) -> Any:
    return [_floats(each) for each in value] if isinstance(value, list) else float(value)


def usual(claim: Claim) -> dict[str, Any]:
    """A point of a domain without arrays: a bit over a third of the way along what is typical."""
    point: dict[str, Any] = {}
    for each in claim.parameters:
        domain = each.domain
        assert not isinstance(domain, Array)
        low, high = max(domain.low, domain.typical[0]), min(domain.high, domain.typical[1])
        if isinstance(domain, Integer):
            point[each.name] = max(domain.low, 3) + (each.name == "P") * 4 + (each.name == "B") * 5
        else:
            point[each.name] = low + 0.37 * (high - low)
    assert fulfils(claim, point)
    return point


@cache
def at_usual(claim: Claim) -> tuple[Any, dict[str, Any]]:
    point = usual(claim)
    return claim.definition.estimate(point), point


def is_drawn(claim: Claim) -> bool:
    """Whether the definition is a mean over draws, a limit, or a search."""
    if any(isinstance(each.domain, Array) for each in claim.parameters):
        return False
    return any(
        np.any(each.bias) or np.any(each.stderr) for each in named(at_usual(claim)[0]).values()
    )


@about(*(claim for claim in CLAIMS.values() if claim.name not in (*SLOW, *REFUSED)))
def test_the_definition_is_the_closed_form(claim: Claim) -> None:
    """At a usual point where it is drawn, else at random points of the domain."""
    if is_drawn(claim):
        found, point = at_usual(claim)
        for key, close in compared(claim, found, claim(**point)).items():
            assert close, (key, point, found)
        return

    @settings(max_examples=2)
    @given(values_of(3))
    def check(draw: Any) -> None:
        values = draw(claim)
        found = claim.definition.estimate(values)
        closed = exactly(claim.closed_form, values)
        for key, close in compared(claim, found, closed).items():
            assert close, (key, values, found, closed)

    check()


@about(*(claim for claim in CLAIMS.values() if claim.name not in (*SLOW, *REFUSED)))
def test_what_is_drawn_refutes_a_twin(claim: Claim) -> None:
    if claim.relation == "bound" or not is_drawn(claim):
        return
    found, point = at_usual(claim)
    refuted = [
        name
        for name, twin in claim.twins.items()
        if not all(compared(claim, found, twin(**point)).values())
    ]
    assert refuted, found


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_is_refused_has_no_value(name: str) -> None:
    with pytest.raises(NoMeaningError):
        CLAIMS[name].definition.estimate(usual(CLAIMS[name]))


def test_at_least_200_of_the_first_221_claims_answer() -> None:
    assert len(CLAIMS) - len(REFUSED) >= 200


@settings(max_examples=2)
@given(st.sampled_from(SLOW), st.integers(0, 3), st.data())
def test_a_slow_definition_is_the_closed_form(name: str, seed: int, data: Any) -> None:
    claim = CLAIMS[name]
    if any(isinstance(each.domain, Array) for each in claim.parameters):
        point = data.draw(values_of(2))(claim)
    else:
        point = usual(claim)
    found = claim.definition.estimate(point, seed)
    for key, close in compared(claim, found, claim(**point)).items():
        assert close, (key, point, found)
