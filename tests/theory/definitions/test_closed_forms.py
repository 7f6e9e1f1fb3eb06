"""What the words of a claim mean, in numbers, is what its closed form says, by the house's law.

The definition never sees the closed form, whose value is exact arithmetic's. A number that is exact
agrees to rounding, a search or a limit that is cut off within the error that it states, a mean of
draws within its standard error and that one. The same comparison refutes twins.

Points are random. ``POINTS=N pytest ...`` draws those of the seed N, which a failure prints; else
the seed is of the day, but of profile "ci" 0.
"""

import os
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import settings

import theory
from tests.about import about
from tests.strategies import fulfils
from tests.theory.definitions.comparison import compared, named, with_values
from tests.theory.definitions.points_at_random import at_random
from tests.theory.points import matrix_points
from tests.theory.test_values import OF_ARRAYS, floats
from theory.claim import Claim
from theory.definitions.refused import REFUSED
from theory.definitions.scope import FloatsError, NoMeaningError
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
#: The seed of the points.
SEED = int(
    os.environ.get("POINTS", 0 if settings.default.derandomize else date.today().toordinal())
)
#: How many random points of each claim ``make test-all`` has.
MORE = 5


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


@cache
def at_the_seed(claim: Claim) -> Any:
    """The estimate at the random point of the run, where 120 digits give it, else None."""
    try:
        return claim.definition.estimate(at_random(claim, SEED), SEED, floats=False)
    except FloatsError:
        return None


def is_drawn(claim: Claim) -> bool:
    """Whether the definition is a mean over draws, a limit, or a search."""
    if any(isinstance(each.domain, Array) for each in claim.parameters):
        return False
    found = at_the_seed(claim) or at_usual(claim)[0]
    return any(
        each.how not in ("exact", "in floats", "quadrature") for each in named(found).values()
    )


def disagreement(claim: Claim, seed: int) -> str:
    """What is apart at a random point, if anything is."""
    point = at_random(claim, seed)
    known = at_the_seed(claim) if seed == SEED else None
    found = known or claim.definition.estimate(point, seed)
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
        assert not (apart := disagreement(claim, SEED)), apart


@pytest.mark.slow
@about(*(claim for claim in CLAIMS.values() if claim.name not in (*SLOW, *REFUSED)))
def test_the_definition_is_the_closed_form_at_more_points(claim: Claim) -> None:
    for seed in range(SEED, SEED + MORE):
        assert not (apart := disagreement(claim, seed)), apart


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


def check_slow(name: str) -> None:
    """Compare at an ordinary point, and refute a twin."""
    claim = CLAIMS[name]
    point = floats(next(iter(matrix_points(claim)))) if claim in OF_ARRAYS else usual(claim)
    found = claim.definition.estimate(point, SEED)
    for key, close in compared(claim, found, point).items():
        assert close, (SEED, key, point, found)
    assert claim in OF_ARRAYS or refuted(claim, found, point), found


def test_a_slow_definition_is_the_closed_form() -> None:
    """One of them per seed."""
    check_slow(SLOW[SEED % len(SLOW)])


@pytest.mark.slow
@pytest.mark.parametrize("name", SLOW)
def test_each_slow_definition_is_the_closed_form(name: str) -> None:
    check_slow(name)
