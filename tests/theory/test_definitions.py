"""Every definition that evaluates equals its closed form, or lies between the bounds."""

import mpmath
import sympy as sp
from sympy.core.function import AppliedUndef

import theory
from tests.about import about
from tests.strategies import letters as sizes
from tests.theory.points import matrix_points
from tests.theory.test_values import (
    ALGEBRA,
    EPS,
    MEANINGS,
    OF_ARRAYS,
    OF_SCALARS,
    cpu_seconds,
    entries,
    floats,
    have_digits,
    named,
)
from theory.claim import Claim
from theory.domain import DomainError, Integer
from theory.functions.heads import Head

CLAIMS = theory.claims().values()
#: What of a definition is stated and not computed here: limits, integrals, slopes in a matrix.
STATED = (AppliedUndef, Head, sp.Limit, sp.Integral)
#: Their definitions evaluate, but in minutes, or have entries that SymPy keeps as symbols.
LONG = (
    "preconditioning.blocks_of_preconditioner",
    "preconditioning.outdated_mean",
    "smoothness.slope_at_isotropic_inputs",
)
#: Their definitions are products of arrays that SymPy does not carry out.
NOT_CARRIED_OUT = (
    "quadratic.gradient",
    "quadratic.diagonal_energy",
    "normalisation.paths",
    "normalisation.weight_gradient",
)


def evaluates(claim: Claim) -> bool:
    """Whether a definition holds nothing that is only stated."""
    expressions = claim.definition._named.values()
    letters = {*claim.domain, *sizes(claim)}
    return all(
        not sp.sympify(each).atoms(*STATED)
        and {str(letter) for letter in each.free_symbols} <= letters
        for each in expressions
    )


@about(*(claim for claim in CLAIMS if claim.name not in LONG))
def test_the_definition_equals_the_closed_form(claim: Claim) -> None:
    if claim.relation not in ("identity", "bound") or not evaluates(claim):
        return
    for point in points(claim):
        with cpu_seconds(60):
            try:
                meant = named(claim.definition.exact(25, **point))
            except (DomainError, AttributeError, TypeError, sp.ShapeError):
                assert claim.name in NOT_CARRIED_OUT
                return
            closed = named(claim.closed_form.exact(25, **point))
        assert claim.name not in NOT_CARRIED_OUT
        if claim.relation == "bound":
            (value,) = meant.values()
            assert closed.get("lower", value) <= value + abs(value) / 10**20
            assert value <= closed.get("upper", value) + abs(value) / 10**20
            continue
        called = named(claim(**floats(point)))
        for key, value in meant.items():
            right = entries(value)
            size = max(map(abs, right))
            for exact, found, number in zip(
                right, entries(closed[key]), entries(called[key]), strict=True
            ):
                assert abs(exact - found) <= size / 10**20, (point, key)
                assert abs(exact - number) <= ALGEBRA * EPS * size * 64, (point, key)


def is_integral(claim: Claim) -> bool:
    """Whether a definition holds integrals, and nothing else that is only stated."""
    atoms = [
        sp.sympify(each).atoms(*STATED, sp.Derivative) for each in claim.definition._named.values()
    ]
    kinds = {type(each) for found in atoms for each in found}
    return kinds == {sp.Integral} and claim.relation != "bound"


@about(*OF_SCALARS)
def test_the_integral_that_defines_it_is_the_closed_form(claim: Claim) -> None:
    """By mpmath's quadrature of SymPy's translation."""
    if not is_integral(claim):
        return
    symbols = [each.symbol for each in claim.parameters]
    for point in points(claim):
        closed = named(claim.closed_form.exact(25, **point))
        with cpu_seconds(60), mpmath.workdps(20):
            numbers = [mpmath.mpf(sp.Rational(each)) for each in point.values()]
            for key, expression in claim.definition._named.items():
                meant = sp.lambdify(symbols, expression, modules=[MEANINGS, "mpmath"])(*numbers)
                (right,) = entries(closed[key])
                assert have_digits(mpmath.re(meant), right, 15), (point, key)


def points(claim: Claim) -> list[dict]:
    if claim in OF_ARRAYS:
        return list(matrix_points(claim))[-1:]
    sevenths = {}
    for each in claim.parameters:
        if isinstance(each.domain, Integer):
            sevenths[each.name] = max(each.domain.low, 3)
        else:
            inside = (sp.Rational(1, 7), sp.Rational(9, 7))
            sevenths[each.name] = next(x for x in inside if each.domain.contains(x))
    return [sevenths]
