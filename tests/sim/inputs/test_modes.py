"""Eigenvalues of tables of any scale, against a singular value decomposition in 50 digits."""

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.inputs import examples, reduced
from sim.inputs.modes import ALIKE, EPS, SAFE
from sim.inputs.read_table import read_table
from sim.inputs.report import FEEDS, by_feed, rounding_in_words
from tests.close import below, exact, rounded
from tests.paths import SHARED

#: Tables on which squaring loses what matters may lie beside the repository.
CASES = SHARED / "cases"
DIGITS = 50


def precise(table, feed):
    """The table as it is fed, to 50 digits. Constant columns are left at zero but for raw."""
    rows, columns = table.shape
    plain = mpmath.matrix(table.tolist())
    if feed == "raw":
        return plain
    for j in range(columns):
        mean = mpmath.fsum(plain[i, j] for i in range(rows)) / rows
        squares = mpmath.fsum((plain[i, j] - mean) ** 2 for i in range(rows))
        size = mpmath.sqrt(squares / rows) if feed == "standardised" and squares else 1
        for i in range(rows):
            plain[i, j] = (plain[i, j] - mean) / size
    return plain


def singular(matrix):
    """The singular values of a matrix of 50 digits, descending."""
    if matrix.rows < matrix.cols:
        matrix = matrix.T
    return sorted(mpmath.svd_r(matrix, compute_uv=False), reverse=True)


def alike(matrix):
    """The matrix with each column over its length."""
    scaled = matrix.copy()
    for j in range(matrix.cols):
        length = mpmath.norm(matrix[:, j])
        for i in range(matrix.rows):
            scaled[i, j] = matrix[i, j] / (length or 1)
    return scaled


@st.composite
def scaled_tables(draw):
    """Small whole numbers in columns of any unit, some about a mean of 1e8 units or twice there."""
    rows, columns = draw(st.integers(3, 8)), draw(st.integers(1, 5))
    whole = st.lists(st.integers(-9, 9), min_size=rows, max_size=rows)
    table = []
    for _ in range(columns):
        mean = draw(st.sampled_from([0, 0, 5, 10**8]))
        unit = 10.0 ** draw(st.integers(-12, 18))
        table.append(unit * (mean + np.array(draw(whole), float)))
    if draw(st.booleans()):
        table.append(table[0])
    if draw(st.booleans()):
        table.append(np.full(rows, 3e4))
    return np.stack(table, axis=1)


@pytest.mark.parametrize("feed", FEEDS)
@given(scaled_tables())
def test_eigenvalues_are_those_of_50_digits(feed, table):
    with mpmath.workdps(DIGITS):
        plain = precise(table, feed)
        values = singular(plain)
        wide = len(table) <= table.shape[1]
        judged = values if wide else singular(alike(plain))
        floor = max(table.shape) * EPS
        # a value beside the floor may be counted or not
        assume(not any(floor / 64 < value / judged[0] < 64 * floor for value in judged if value))
        rank = sum(1 for value in judged if value > floor * judged[0])
        expected = np.array([float(value**2 / len(table)) for value in values[:rank]])[::-1]
        hidden = float(judged[0] / judged[rank - 1]) if rank else 1.0
    report = by_feed(table, limit=0)[feed]
    assert len(report.eigenvalues) == rank
    if rank:
        lost = 10.0 ** -report.rounding["digits"] / EPS
        if report.rounding["digits"]:
            assert rounded(report.eigenvalues / expected, np.ones(rank), 1, condition=lost)
        # a square that serves has six digits, and rotations lose what the alike columns lose
        if report.rounding["lost"] == 0:
            assert lost <= 10 * ALIKE * max(hidden, min(expected[-1] / expected[0], 1 / SAFE))
        top = report.eigenvalues[-1]
        assert rounded(top, expected[-1], top)


def numbers(report):
    """All that a report has, but for what scales with the square of the data."""
    steps = report.steps["predicted"]
    counted = steps and [steps[name]["steps"] for name in ("largest", "best")]
    return [report.condition, report.condition_99, counted, report.rounding]


@given(scaled_tables(), st.integers(-40, 40))
def test_a_power_of_two_changes_no_bit(table, power):
    factor = 2.0**power
    one, other = by_feed(table, limit=9), by_feed(factor * table, limit=9)
    for feed in FEEDS:
        before, after = one[feed], other[feed]
        square = 1.0 if feed == "standardised" else factor**2
        assert exact(after.eigenvalues, square * before.eigenvalues)
        assert exact(after.bulk, tuple(square * edge for edge in before.bulk))
        assert exact(numbers(after), numbers(before))
        if before.steps["run"]:
            for rate in ("largest", "best"):
                run, again = before.steps["run"][rate], after.steps["run"][rate]
                assert exact(again, run | {"loss": factor**2 * run["loss"]})


@given(scaled_tables(), st.data())
def test_a_power_of_two_for_each_column_leaves_the_standardised_spectrum(table, data):
    powers = data.draw(
        st.lists(st.integers(-30, 30), min_size=table.shape[1], max_size=table.shape[1])
    )
    labels = np.arange(len(table)) % 3
    one = by_feed(table, labels, limit=9)["standardised"]
    other = by_feed(table * 2.0 ** np.array(powers), labels, limit=9)["standardised"]
    assert exact(one.eigenvalues, other.eigenvalues)
    assert exact(one.steps, other.steps)


def sensors(count=400):
    """Seconds since 1970 beside a temperature, a humidity and a load."""
    rng = np.random.default_rng(0)
    seconds = 1.7e9 + 60.0 * np.arange(count)
    weather = rng.normal([20, 50, 0.8], [1.5, 3, 0.1], (count, 3))
    return np.column_stack([seconds, weather])


@pytest.mark.parametrize("feed", FEEDS)
@pytest.mark.parametrize("change", ["order", "blocks", "parts"])
def test_order_and_parts_change_rounding_alone(feed, change, monkeypatch):
    table = sensors()
    before = by_feed(table, limit=0)[feed].eigenvalues
    if change == "order":
        table = np.random.default_rng(1).permutation(table)
    elif change == "blocks":
        monkeypatch.setattr(examples, "BLOCK", 36)
    else:
        monkeypatch.setattr(reduced, "PART", 7)
    after = by_feed(table, limit=0)[feed].eigenvalues
    # the columns over their lengths: the raw ones are nearly parallel
    scaled = table if feed == "raw" else table - table.mean(axis=0)
    lost = np.linalg.cond(scaled / np.linalg.norm(scaled, axis=0))
    assert rounded(after / before, np.ones(4), 1, condition=lost)


def test_seconds_since_1970_make_descent_hopeless():
    table = sensors()
    with mpmath.workdps(DIGITS):
        values = singular(precise(table, "raw"))
        expected = float((values[0] / values[-1]) ** 2)
    report = by_feed(table)["raw"]
    assert len(report.eigenvalues) == 4
    assert rounded(report.condition, expected, expected, condition=1e4)
    assert report.steps["predicted"]["best"]["steps"] > 1e19
    assert report.rounding["lost"] == 0


@given(scaled_tables(), st.booleans())
def test_no_loss_is_negative_and_none_grows(table, labelled):
    labels = np.arange(len(table)) ** 2 if labelled else None
    for report in by_feed(table, labels, limit=50).values():
        if report.steps["run"] is None:
            continue
        predicted, run = report.steps["predicted"], report.steps["run"]
        assert predicted["minimum"] >= 0
        assert below(predicted["minimum"], predicted["start"])
        for rate in ("largest", "best"):
            reached = run[rate]["loss"]
            assert reached >= 0
            taken = 1 + run[rate]["steps"]
            assert below(predicted["minimum"], reached, predicted["start"], condition=taken)
            assert below(reached, predicted["start"], condition=taken)
            assert rounded(reached, predicted[rate]["loss"], predicted["start"], condition=taken)


@given(scaled_tables(), st.data())
def test_there_is_an_answer_over_100_decades(table, data):
    width = table.shape[1]
    powers = data.draw(st.lists(st.integers(-50, 40), min_size=width, max_size=width))
    for report in by_feed(table * 10.0 ** np.array(powers), limit=9).values():
        assert np.isfinite([*report.outlier.values(), *report.bulk, *report.eigenvalues]).all()
        if report.condition is not None:
            assert 1 <= report.condition_99 <= report.condition < np.inf
            assert report.steps["predicted"]["best"]["steps"] < np.inf


def test_the_steps_of_a_direction_that_hardly_moves():
    """One direction has 1e-18 of the other's eigenvalue, and half of the loss."""
    table = np.array([[1.0, 0], [-1, 0], [0, 1e-9], [0, -1e-9]])
    report = by_feed(table, np.array([1.0, -1, 1, -1]))["centred"]
    assert rounded(report.condition, 1e18, 1e18)
    # half of the loss is left as exp(-2 * 2 steps/kappa), a little after the steps for a millionth
    # of the other direction, which is not stuck either
    steps = report.steps["predicted"]["best"]["steps"]
    assert rounded(steps, np.log(1e6) / 4 * 1e18, 1e18, condition=4)
    assert below(float(steps), float(report.steps["predicted"]["condition"]))


def test_what_rounding_hides_is_said():
    table = sensors(50)
    told = {feed: rounding_in_words(report) for feed, report in by_feed(table).items()}
    assert set(told.values()) == {""}
    twice = np.column_stack([table, table[:, 1]])
    for report in by_feed(twice).values():
        assert "1 of 5 directions cannot be told from rounding" in rounding_in_words(report)
    apart = 1e-10 * np.random.default_rng(1).standard_normal(50)
    near = np.column_stack([table, table[:, 1] + apart])
    for report in by_feed(near).values():
        digits = report.rounding["digits"]
        assert 2 < digits < 6
        assert f"About {digits} digits are left" in rounding_in_words(report)


@pytest.mark.skipif(not CASES.exists(), reason="the cases are not beside this repository")
@pytest.mark.parametrize(
    ("name", "rank", "raw", "centred"),
    [
        ("epoch_seconds.csv", 4, 3.60655e19, None),
        ("condition_1e14.npy", 8, 1.00000e14, None),
        ("cubic_years.csv", 3, 1.89661e21, 1.99128e23),
        ("uneven_scales.csv", 2, None, None),
    ],
)
def test_the_cases(name, rank, raw, centred):
    reports = by_feed(read_table(CASES / name))
    for feed, expected in (("raw", raw), ("centred", centred)):
        report = reports[feed]
        assert len(report.eigenvalues) == rank
        if expected is not None:
            decimals = 5 - np.floor(np.log10(expected))
            assert rounded(report.condition, expected, 0, decimals=decimals)
