"""What the words of a claim mean, in numbers, is what its closed form says, by the house's law.

The definition never sees the closed form, whose value is exact arithmetic's. A number that is exact
agrees to rounding, a search or a limit that is cut off within the error that it states, a mean of
draws within its standard error and that one. The same comparison refutes twins.

Points are random. ``POINTS=N pytest ...`` draws those of the seed N, which a failure prints; else
the seed is of the day, but of profile "ci" 0.
"""

import os
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import theory
from tests.about import about
from tests.close import FALSE_ALARM, Closeness, below, discretised, exact, rounded, sampled
from tests.strategies import fulfils
from tests.theory.definitions.points_at_random import at_random
from tests.theory.points import matrix_points
from tests.theory.test_values import OF_ARRAYS, condition, entries, floats
from theory.__main__ import evaluate
from theory.claim import Claim
from theory.definitions.estimates import REPEATS, Estimate
from theory.definitions.refused import REFUSED
from theory.definitions.scope import NoMeaningError
from theory.domain import Array, Integer

#: What is drawn, cut off or searched for takes a second or more; of these a sample is tested.
SLOW = (
    "quadratic.solution_set",
    "quadratic.optimal_heavy_ball",
    "kronecker.product_fluctuation",
    "preconditioning.standardised_hessian",
    "preconditioning.excess_loss",
    "normalisation.output_density",
    "smoothness.weight_hessian",
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
#: Below this a number is zero: differences of 120 digits leave 1e-36.
NOUGHT = 1e-30
#: Kinds of arrays that floats have to rounding only.
INEXACT = ("unit", "orthogonal")
#: The seed of the points.
SEED = int(
    os.environ.get("POINTS", 0 if settings.default.derandomize else date.today().toordinal())
)
#: How many random points of each claim ``make test-all`` has.
MORE = 5
#: Student's law of the repeated evaluations beside the normal law that ``sampled`` takes.
TAILS = stats.t.isf(FALSE_ALARM / 2, REPEATS - 1) / stats.norm.isf(FALSE_ALARM / 2)


def named(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {"": value}


def exactly(value: Any) -> Any:
    """A point in fractions and lists of them."""
    if isinstance(value, dict):
        return {name: exactly(item) for name, item in value.items()}
    if isinstance(value, np.ndarray):
        return exactly(value.tolist())
    if isinstance(value, list):
        return [exactly(item) for item in value]
    return value if isinstance(value, int) else Fraction(value)


def agreement(found: Estimate, closed: Any, moves: float = 0.0) -> Closeness:
    """How an estimate and a value of a closed form compare, which ``moves`` so many times as far as
    what is rounded in its point."""
    expected = np.asarray(closed, dtype=float)
    size = np.max(np.abs(expected))
    size = (size if size > NOUGHT else 1.0) + moves
    if np.any(np.asarray(found.stderr) > 0):
        return sampled(
            found.value, expected, stderr=TAILS * np.asarray(found.stderr), bias=found.bias
        )
    if np.any(np.asarray(found.bias) > 0):
        return discretised(found.value, expected, found.bias, size=size)
    return rounded(found.value, expected, size=size)


def inside(found: Estimate, bounds: dict[str, float], moves: float = 0.0) -> Closeness:
    """How an estimate and the bounds around it compare."""
    if np.isinf(found.value):  # only a bound that is infinite too leaves room for it
        side = "upper" if found.value > 0 else "lower"
        return exact(found.value, bounds.get(side, found.value))
    size = max(abs(found.value), *(abs(x) for x in bounds.values() if np.isfinite(x)))
    size = (size if size > NOUGHT else 1.0) + moves
    room = found.bias + 6 * found.stderr
    low = below(bounds.get("lower", -np.inf), found.value + room, size=size)
    high = below(found.value - room, bounds.get("upper", np.inf), size=size)
    return max(low, high, key=lambda each: each.excess)


def compared(claim: Claim, found: Any, point: dict[str, Any]) -> dict[str, Closeness]:
    """How definition and closed form compare, by name."""
    point = exactly(point)
    values = {key: floated(each) for key, each in named(evaluate(claim.closed_form, point)).items()}
    moves = dict.fromkeys(values, 0.0)
    if any(getattr(each.domain, "kind", "") in INEXACT for each in claim.parameters):
        for key, value in named(claim.closed_form.exact(50, **point)).items():
            moves[key] = float(condition(claim, point, key, entries(value)))
    return with_values(claim, found, values, moves)


def with_values(
    claim: Claim, found: Any, values: dict[str, Any], moves: dict[str, float]
) -> dict[str, Closeness]:
    if claim.relation == "bound":
        return {"": inside(found, values, max(moves.values()))}
    return {key: agreement(each, values[key], moves[key]) for key, each in named(found).items()}


def floated(value: Any) -> Any:
    """What is beyond the range of floats comes as text."""
    return float(value) if isinstance(value, str) else value


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


def refuted(claim: Claim, found: Any, point: dict[str, Any]) -> list[str]:
    """The twins that are apart from an estimate."""
    twins = {name: named(twin(**point)) for name, twin in claim.twins.items()}
    return [
        name
        for name, values in twins.items()
        if not all(with_values(claim, found, values, dict.fromkeys(values, 0.0)).values())
    ]


def is_drawn(claim: Claim) -> bool:
    """Whether the definition is a mean over draws, a limit, or a search."""
    if any(isinstance(each.domain, Array) for each in claim.parameters):
        return False
    parts = named(at_usual(claim)[0]).values()
    return any(each.how not in ("exact", "in floats", "quadrature") for each in parts)


def disagreement(claim: Claim, seed: int) -> str:
    """What is apart at a random point, if anything is."""
    point = at_random(claim, seed)
    found = claim.definition.estimate(point, seed)
    close = compared(claim, found, point)
    return "" if all(close.values()) else f"POINTS={seed}: {close} at {point}, found {found}"


@about(*(claim for claim in CLAIMS.values() if claim.name not in (*SLOW, *REFUSED)))
def test_the_definition_is_the_closed_form(claim: Claim) -> None:
    """At a random point of the domain; what is drawn or searched for, at a usual one."""
    if is_drawn(claim):
        found, point = at_usual(claim)
        for key, close in compared(claim, found, point).items():
            assert close, (key, point, found)
    else:
        assert not disagreement(claim, SEED)


@pytest.mark.slow
@about(*(claim for claim in CLAIMS.values() if claim.name not in (*SLOW, *REFUSED)))
def test_the_definition_is_the_closed_form_at_more_points(claim: Claim) -> None:
    for seed in range(SEED, SEED + MORE):
        assert not disagreement(claim, seed)


@about(*(claim for claim in CLAIMS.values() if claim.name not in (*SLOW, *REFUSED)))
def test_what_is_drawn_refutes_a_twin(claim: Claim) -> None:
    if claim.relation == "bound" or not is_drawn(claim):
        return
    found, point = at_usual(claim)
    assert refuted(claim, found, point), found


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_is_refused_has_no_value(name: str) -> None:
    with pytest.raises(NoMeaningError):
        CLAIMS[name].definition.estimate(usual(CLAIMS[name]))


def test_at_least_200_of_the_first_221_claims_answer() -> None:
    assert len(CLAIMS) - len(REFUSED) >= 200


@settings(max_examples=2)
@given(st.sampled_from(SLOW), st.integers(0, 3))
def test_a_slow_definition_is_the_closed_form(name: str, seed: int) -> None:
    claim = CLAIMS[name]
    point = floats(next(iter(matrix_points(claim)))) if claim in OF_ARRAYS else usual(claim)
    found = claim.definition.estimate(point, seed)
    for key, close in compared(claim, found, point).items():
        assert close, (key, point, found)
    assert claim in OF_ARRAYS or refuted(claim, found, point), found
