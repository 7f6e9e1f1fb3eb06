"""A curve is its claim where the claim is defined, and has a gap elsewhere."""

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.book.javascript.judged import Judge
from tests.book.moving import call, with_claim
from theory import claims, contents
from theory.claim import Claim
from theory.values import value

CURVES = """(name, twins) => {
    const claim = companion.claims[name];
    const values = companion.read(claim, claim.example);
    return companion.curve.letters(claim).flatMap((letter) => claim.parts.map((part) => {
        const plan = companion.curve.plan(claim, values, letter.name, part, twins);
        const size = {id: name, name, width: 700, height: 300};
        return {letter: letter.name, part, ...plan, svg: companion.plot({...size, ...plan})};
    }));
}"""
EXAMPLE = "(name) => companion.claims[name].example"
SAY = "(x, digits) => companion.say(x, digits)"
TYPED = "(text) => companion.typed(text)"
RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"
TICKS = "(axis, count) => companion.plot.ticks(axis, count)"


def curves(claim: Claim, twins: bool = False) -> list[Any]:
    with_claim(claim.name)
    found: list[Any] = call(CURVES, claim.name, twins)
    return found


def line_of(curve: Any) -> Any:
    return next(mark for mark in curve["marks"] if mark.get("css") == "theory")


def is_of_numbers(claim: Claim) -> bool:
    """Whether all letters and all values are numbers."""
    parts = claim.closed_form._named.values()
    letters = all(each.symbol.is_Symbol for each in claim.parameters)
    return letters and not any(getattr(part, "is_Matrix", False) for part in parts)


def number(value: Any) -> float:
    """A fraction as a whole number where it is one, else as a float."""
    return int(value) if value == int(value) else float(value)


def test_every_curve_of_the_chapter_is_its_claim() -> None:
    drawn = 0
    for claim in filter(is_of_numbers, contents.claims_of("spectra")):
        for curve in curves(claim):
            texts = call(EXAMPLE, claim.name)
            given = {name: number(value(name, text)) for name, text in texts.items()}
            line = line_of(curve)
            i = len(line["x"]) // 3
            judge = Judge(claim.closed_form, given | {curve["letter"]: line["x"][i]})
            parts = judge.expected | {curve["part"]: line["y"][i]}
            assert judge.agrees(parts if judge.named else parts[""]), (claim.name, curve["letter"])
            assert "NaN" not in curve["svg"] and "Infinity" not in curve["svg"]
            drawn += 1
    assert drawn > 40


def test_a_curve_has_gaps_exactly_where_a_condition_does_not_hold() -> None:
    claim = claims()["quadratic.time_constant"]  # 0 < eta lam < 2
    for curve in curves(claim):
        line = line_of(curve)
        other = {"eta": "lam", "lam": "eta"}[curve["letter"]]
        fixed = float(call(EXAMPLE, claim.name)[other])
        holds = np.array(line["x"]) * fixed < 2
        assert [y is not None for y in line["y"]] == holds.tolist()
    lengths = [len(line_of(curve)["y"]) for curve in curves(claim)]
    assert min(lengths) > 100


def test_twins_are_drawn_on_demand() -> None:
    claim = claims()["spectra.outlier"]
    for curve, with_twins in zip(curves(claim), curves(claim, twins=True), strict=True):
        assert curve["svg"].count('class="printed"') == 0
        assert with_twins["svg"].count('class="printed"') == len(claim.twins)


def test_an_axis_of_a_wide_positive_range_is_logarithmic() -> None:
    logs = {curve["letter"]: curve["x"]["log"] for curve in curves(claims()["spectra.outlier"])}
    assert logs == {"N": True, "alpha": False, "m": False, "v": False}


@given(st.floats(-1e9, 1e9), st.floats(1e-9, 1e9), st.integers(2, 8))
def test_ticks_are_inside_rise_and_are_a_few(low: float, width: float, count: int) -> None:
    high = low + width
    if high - low < 1e-6 * max(1, abs(low), abs(high)):
        return
    found = call(TICKS, {"low": low, "high": high, "log": False}, count)
    room = 1e-6 * (high - low)
    assert found == sorted(set(found)) and 1 <= len(found) <= count + 2
    assert low - room <= found[0] and found[-1] <= high + room


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(1, 9))
def test_a_number_is_said_in_its_digits(x: float, digits: int) -> None:
    said = call(SAY, x, digits)
    raised = str.maketrans(RAISED + "−", "0123456789--")
    mantissa, times, power = said.translate(raised).partition(" × 10")
    if not times and said[-1] in RAISED:  # a power of ten alone
        sign, times, power = mantissa.partition("10")
        mantissa = f"{sign}1"
    found = float(f"{mantissa}e{power}") if times and power else float(mantissa)
    half_up = Context(prec=digits, rounding=ROUND_HALF_UP)  # as JavaScript rounds
    assert found == float(half_up.create_decimal(Decimal(x)))


def test_what_is_no_number_is_not_read() -> None:
    for text, number in {"1/4": 0.25, " 2.5": 2.5, "−3": -3, "1e2": 100, ".5": 0.5}.items():
        assert call(TYPED, text) == number
    for text in ("", "x", "1,5", "1/0", "1/2/3", "0x10", "Infinity"):
        assert call(TYPED, text) is None
