"""Every claim over its domain, at its edges and far out, against independent 50-digit arithmetic.

Functions of scalars must be right to rounding, by the Python call and by the function of the
command. Algebra of matrices may lose what its condition takes, which the 50 digits themselves tell.
"""

import json
import math
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy as sp

import theory
from companion.errors import UsageError
from tests.about import about
from tests.close import rounded
from tests.paths import ROOT
from tests.strategies import fulfils
from tests.theory.points import matrix_points, scalar_points
from theory.__main__ import evaluate, main
from theory.claim import Claim
from theory.domain import Array
from theory.functions.numbers import escape_rate
from theory.propagation.iterate import correlation_at

CLAIMS = list(theory.claims().values())
OF_ARRAYS = [c for c in CLAIMS if any(isinstance(p.domain, Array) for p in c.parameters)]
OF_SCALARS = [c for c in CLAIMS if c not in OF_ARRAYS]
EPS = 2.0**-52
#: What float64 is trusted with (theory.evaluation.ENOUGH), in units of eps.
ROUNDING = 32
#: What NumPy's linear algebra may lose beyond its condition, in units of eps.
ALGEBRA = 256
#: Reserve of digits: nothing in these domains cancels more than this.
RESERVE = 400
#: CPU seconds that a claim's points may take; a quiet machine needs a tenth for the slowest.
HANGS = 60


@contextmanager
def cpu_seconds(limit: float) -> Iterator[None]:
    """Fail what takes more CPU time than this."""

    def stop(*_: Any) -> None:
        raise TimeoutError(f"over {limit} CPU seconds")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def named(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {"": value}


def correlation(layer: Any) -> Any:
    c = mpmath.mpf(0)
    for _ in range(int(layer) - 1):
        c = (mpmath.sqrt(1 - c * c) + c * (mpmath.pi - mpmath.acos(c))) / mpmath.pi
    return c


def bessel(order: Any, x: Any) -> Any:
    return mpmath.exp(-x) * mpmath.besseli(order, x)


def escape(q: Any) -> Any:
    """The least (x + b)/(q x + sin x) below b, the least positive zero of q x + sin x."""
    sin, cos = mpmath.sin, mpmath.cos

    def root(function: Any, low: Any, high: Any) -> Any:
        return mpmath.findroot(function, (low, high), solver="anderson", tol=mpmath.eps**2)

    furthest = root(lambda x: mpmath.tan(x) - x, 4.4, 4.6)
    if q >= -cos(furthest):
        return mpmath.inf
    b = root(lambda x: q + sin(x) / x, mpmath.pi, furthest)
    x = root(lambda x: q * x + sin(x) - (x + b) * (q + cos(x)), 0, mpmath.pi / 2)
    return (x + b) / (q * x + sin(x))


MEANINGS = {
    "escape_rate": escape,
    "scaled_bessel": bessel,
    "correlation_at": correlation,
    "betainc_regularized": lambda a, b, low, high: mpmath.betainc(
        a, b, low, high, regularized=True
    ),
    "elliptic_k": mpmath.ellipk,
    "elliptic_e": mpmath.ellipe,
}


def reference(claim: Claim, point: dict[str, Any]) -> dict[str, Any]:
    """The closed form by SymPy's own translation to mpmath, with digits to spare."""
    found = {}
    for key, expression in claim.closed_form._named.items():
        dear = expression.has(
            sp.Integral, correlation_at, escape_rate, sp.betainc_regularized, sp.besseli
        )
        symbols = [parameter.symbol for parameter in claim.parameters]
        function = sp.lambdify(symbols, expression, modules=[MEANINGS, "mpmath"])
        with mpmath.workdps(60 if dear else 50 + RESERVE):
            whole = expression.has(sp.Sum)  # which counts up to its letters
            exact = [
                value if whole and isinstance(value, int) else mpmath.mpf(value)
                for value in point.values()
            ]
            found[key] = mpmath.mpf(function(*exact))
    return found


@about(*OF_SCALARS)
def test_scalars_are_right_to_rounding(claim: Claim) -> None:
    with cpu_seconds(HANGS):
        for point in scalar_points(claim):
            called = named(claim(**point))
            shown = named(evaluate(claim.closed_form, {k: Fraction(v) for k, v in point.items()}))
            for key, exact in reference(claim, point).items():
                for value in (called[key], float(shown[key])):
                    assert is_nearest(value, exact), (point, key, value, mpmath.nstr(exact, 20))


def is_nearest(value: float, exact: Any) -> bool:
    """Equal to rounding; beyond float64 as IEEE rounds."""
    if abs(exact) > sys.float_info.max:
        return math.isinf(value)
    return abs(value - exact) <= ROUNDING * EPS * abs(exact) + 2.0**-1074


@about(*OF_ARRAYS)
def test_algebra_of_matrices_is_right_to_its_condition(claim: Claim) -> None:
    with cpu_seconds(HANGS):
        for point in list(matrix_points(claim))[:1]:
            exact = named(claim.closed_form.exact(50, **point))
            for evaluated in (claim(**floats(point)), evaluate(claim.closed_form, point)):
                for key, value in named(evaluated).items():
                    right = entries(exact[key])
                    pairs = zip(entries(value), right, strict=True)
                    off = max((abs(a - b) for a, b in pairs if a != b), default=0)
                    size = 1 + max((abs(a) for a in right if mpmath.isfinite(a)), default=0)
                    if off > ALGEBRA * EPS * size:  # the numbers are about 1
                        size += condition(claim, point, key, right)
                    assert off <= ALGEBRA * EPS * size, (point, key, value)


def condition(claim: Claim, point: dict[str, Any], key: str, right: list[Any]) -> Any:
    """How much further the value moves than the numbers that it is made of."""
    moved = entries(named(formula_at(claim, disturbed(point)))[key])
    changes = (abs(a - b) for a, b in zip(moved, right, strict=True) if a != b)
    return max(changes, default=0) * 10**25


@about(*OF_ARRAYS)
def test_tiny_and_huge_arrays_have_values(claim: Claim) -> None:
    """Where NumPy's squares are 0 or inf, exact arithmetic has the value."""
    with cpu_seconds(HANGS):
        for point in list(matrix_points(claim))[-1:]:
            for factor in (Fraction(1, 10**170), Fraction(10**80)):
                scaled = {
                    each.name: multiplied(point[each.name], factor)
                    if isinstance(each.domain, Array) and each.domain.kind in ("any", "varying")
                    else point[each.name]
                    for each in claim.parameters
                }
                if not fulfils(claim, floats(scaled)):
                    continue
                for key, value in named(claim(**floats(scaled))).items():
                    if not np.isfinite(value).all():
                        exact = named(claim.closed_form.exact(20, **scaled))[key]
                        assert any(abs(entry) > sys.float_info.max for entry in entries(exact)), (
                            scaled,
                            key,
                        )


def multiplied(value: Any, factor: Fraction) -> Any:
    """A number, or all numbers of a list, times ``factor``."""
    if isinstance(value, list):
        return [multiplied(entry, factor) for entry in value]
    return value * factor


def formula_at(claim: Claim, point: dict[str, Any]) -> Any:
    """The closed form where its domains need not hold: the same formula in letters of any kind."""
    from theory.formula import Formula

    parameters = tuple(
        each.within(kind="any") if isinstance(each.domain, Array) else each
        for each in claim.parameters
    )
    return Formula(claim.closed_form.expression, parameters).exact(50, **point)


def disturbed(point: dict[str, Any]) -> dict[str, Any]:
    """Every entry changed by a part in 10^25, symmetric matrices symmetrically."""
    chance = random.Random(0)

    def changed(value: Any) -> Any:
        if isinstance(value, list) and isinstance(value[0], list) and len(value) == len(value[0]):
            rows = [[changed(entry) for entry in row] for row in value]
            same = all(value[i][j] == value[j][i] for i in range(len(rows)) for j in range(i))
            for i in range(len(rows)):
                for j in range(i):
                    rows[i][j] = rows[j][i] if same else rows[i][j]
            return rows
        if isinstance(value, list):
            return [changed(entry) for entry in value]
        return value * (1 + Fraction(chance.choice((-1, 1)), 10**25))

    return {k: value if isinstance(value, int) else changed(value) for k, value in point.items()}


def floats(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: floats(item) for key, item in value.items()}
    if isinstance(value, list):
        return [floats(item) for item in value]
    return value if isinstance(value, int) else float(value)


def entries(value: Any) -> list[Any]:
    """All numbers of a result, as mpmath's."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list):
        return [entry for item in value for entry in entries(item)]
    with mpmath.workdps(60):
        text = str(value).replace("oo", "inf") if isinstance(value, sp.Basic) else value
        return [mpmath.mpf(text)]


def have_digits(number: Any, exact: Any, digits: int) -> bool:
    """So many digits are the same."""
    return abs(mpmath.mpf(number) - exact) <= abs(exact) * mpmath.mpf(10) ** -digits


@pytest.mark.parametrize("k", [1000, 10**6])
def test_long_sums(k: int) -> None:
    """Narayana's polynomial as a hypergeometric function; the losses' sum at the middle rate."""
    with cpu_seconds(HANGS):
        moment = theory.claims()["spectra.moments"].closed_form.exact(20, order=k, alpha=2, v=1)
        loss = theory.claims()["spectra.average_loss"].closed_form.exact(
            20, k=k, alpha=1, v=1, eta=Fraction(1, 2), start=1
        )
    with mpmath.workdps(40):
        if k == 1000:
            exact = mpmath.hyp2f1(1 - k, -k, 2, mpmath.mpf(1) / 2)
            assert have_digits(moment, exact, 19)
        middle = mpmath.binomial(2 * k, k) / (k + 1) / mpmath.mpf(2) ** (2 * k + 1)
        assert have_digits(loss, middle, 19)


@about(*OF_SCALARS)
def test_digits_are_right(claim: Claim) -> None:
    """Half a unit of the last digit is all that is missing."""
    point = scalar_points(claim)[-1]
    with cpu_seconds(HANGS):
        found = named(evaluate(claim.closed_form, {k: Fraction(v) for k, v in point.items()}, 25))
    for key, exact in reference(claim, point).items():
        assert isinstance(found[key], str)
        with mpmath.workdps(60):
            assert abs(mpmath.mpf(found[key]) - exact) <= 5.001 * abs(exact) / 10**25, (point, key)


@pytest.mark.parametrize("m", [-20, -1000, -(10**6)])
def test_digits_far_out_in_a_tail_are_right(m: int) -> None:
    """Where float64 has 0 and the two terms of the mean cancel."""
    claim = theory.claims()["propagation.rectified_moments"]
    found = evaluate(claim.closed_form, {"m": Fraction(m), "v": Fraction(1)}, 25)
    with mpmath.workdps(60):
        density = mpmath.exp(-(mpmath.mpf(m) ** 2) / 2) / mpmath.sqrt(2 * mpmath.pi)
        mean = density + m * mpmath.erfc(-m / mpmath.sqrt(2)) / 2
        assert have_digits(found["mean"], mean, 24)


def test_digits_of_eigenvalues_are_right() -> None:
    """Next to 1 a logarithm loses the digits that more of an eigenvalue give back."""
    small = Fraction(1, 10**12)
    point = {"R": [[Fraction(1), Fraction(0)], [Fraction(0), small]]}
    found = evaluate(theory.claims()["quadratic.slowest_mode"].closed_form, point, 30)
    turned = {"R": [[2, 1, 0], [1, 2, 1], [0, 1, 2]]}  # eigenvalues 2 - sqrt 2, 2, 2 + sqrt 2
    rates = evaluate(theory.claims()["quadratic.optimal_rate"].closed_form, turned, 30)
    with mpmath.workdps(60):
        slow = -1 / mpmath.log(1 - mpmath.mpf(10) ** -12)
        assert have_digits(found, slow, 29)
        assert have_digits(rates["contraction"], mpmath.sqrt(2) / 2, 29)
        assert mpmath.mpf(rates["rate"]) == 0.5


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        # what is exact is not rounding, however small
        ("quadratic.optimal_rate R=[[1,0],[0,1e-20]]", "rate = 1.99999999999999999998000000000"),
        ("quadratic.iterations R=[[1,0],[0,1e-16]] left=1/2", "upper = 346573590279972"),
        # next to a double zero
        (
            "smoothness.largest_rate_in_a_bump lam=1 freq=1 height=4.603338848751700352557",
            "rests = 0.356930047242378649318",
        ),
        # a tie is rounded once
        (
            "spectra.trace N=1 m=0 v=9.0000000000000000000000000000054",
            "9.00000000000000000000000000001",
        ),
        ("normalisation.standardisation y=[1,1.00000000000000000001] eps=0", "mean = 0\n"),
    ],
)
def test_thirty_digits_where_they_are_hard_to_get(words, begins, capsys):
    assert main([*words.split(), "--digits", "30"]) == 0
    assert capsys.readouterr().out.startswith(begins)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("normalisation.largest_deviation B=1e20", "B is a whole number from 2 to"),
        ("spectra.moments order=1e9 alpha=2 v=1", "order is a whole number from 1 to"),
        ("quadratic.max_rate R=[[1e400]]", r"R holds 1.00e\+400, beyond float64"),
    ],
)
def test_what_would_take_too_long_or_is_too_large_is_one_line(words, line):
    with pytest.raises(UsageError, match=line):
        main([*words.split(), "--digits", "30"])


@pytest.mark.landing
@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("normalisation.largest_deviation B=32", 2.34707919880472),
        ("quadratic.decay lam=1/2 eta=1/10000 k=100000", 0.006737104780276276),
        ("quadratic.slowest_mode R=[[1,0],[0,1e-12]]", 1e12 - 0.5),
    ],
)
def test_commands_answer(words: str, value: float) -> None:
    command = [sys.executable, "-m", "theory", *words.split(), "--json"]
    done = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, timeout=120)
    assert rounded(json.loads(done.stdout)["value"], value)
