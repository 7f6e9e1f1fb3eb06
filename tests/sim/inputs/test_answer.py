"""What dominates, what to do and what it buys, beside plain linear algebra and plain descent."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim.inputs import independent
from sim.inputs.analysis import analyse
from sim.inputs.answer import LOST, answer, repeating
from sim.inputs.descent import LEFT
from sim.inputs.report import by_feed, reduction_of
from sim.inputs.words import sentences
from tests.close import FALSE_ALARM, rounded

SEEDS = st.integers(0, 2**32 - 1)


def answered(table, labels=None, limit=200):
    reduction = reduction_of(table, labels)
    return answer(reduction, by_feed(table, labels, limit=limit), limit)


def said(found, names="abcdefgh"):
    return sentences(found, lambda column: names[column])


def drawn(seed, count=40, features=4):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((count, features)), rng.standard_normal(count)


# --- what dominates ---


@given(SEEDS, st.floats(0.01, 100), st.integers(0, 3))
def test_the_share_of_the_mean_and_of_a_column(seed, far, column):
    table, labels = drawn(seed)
    table[:, column] *= 30
    table += far
    found = answered(table, labels, 9)
    squares = table**2
    assert rounded(found.mean, (table.mean(axis=0) ** 2).sum() * len(table) / squares.sum())
    shares = squares.sum(axis=0) / squares.sum()
    if found.columns:
        assert rounded(found.share, shares[found.columns].sum(), 1)
        assert found.share >= 0.9
        assert shares[found.columns].min() >= np.delete(shares, found.columns).max()
        assert found.share - shares[found.columns].min() < 0.9
    else:
        assert np.sort(shares)[-2:].sum() < 0.9
    text = said(found)["what dominates"]
    assert text.startswith("The mean holds") == (found.mean >= 0.5)


@pytest.mark.parametrize("strong", [0, 1, 3])
def test_directions_that_stand_out_are_counted(strong):
    rng = np.random.default_rng(strong)
    table = rng.standard_normal((400, 40)) + 5
    table += 2 * rng.standard_normal((400, strong)) @ rng.standard_normal((strong, 40))
    found = answered(table)
    assert (found.outliers, found.directions) == (strong, 40)


def test_independent_columns_stand_out_once_in_a_thousand_tables():
    rng, draws = np.random.default_rng(0), 400
    variances = np.where(np.arange(10) < 3, 4.0, 1.0)
    reach = independent.reach(variances, 60)
    tops = np.empty(draws)
    for draw in range(draws):
        table = np.sqrt(variances) * rng.standard_normal((60, 10))
        tops[draw] = np.linalg.eigvalsh(np.cov(table.T))[-1]
    assert (tops > reach).sum() <= stats.binom.isf(FALSE_ALARM, draws, 1e-3)
    # and the reach is not far: the law has its quantile of 95 % at 0.9793, and so has the edge
    edge = independent.bulk(variances, 60)[1]
    near = edge + (reach - edge) * 0.9793 / independent.ONCE_IN_A_THOUSAND
    rare = stats.binom.interval(1 - FALSE_ALARM, draws, 0.05)
    assert 0 < (tops > near).sum() <= rare[1]


@given(st.integers(1, 400), st.integers(2, 400), st.floats(1e-3, 1e3))
def test_the_reach_of_equal_variances(features, count, v):
    """The scale at the edge is the one of johnstone2001."""
    n = count - 1
    root = np.sqrt(n), np.sqrt(features)
    scale = v * sum(root) * (1 / root[0] + 1 / root[1]) ** (1 / 3) / n
    expected = v * (sum(root) ** 2) / n + independent.ONCE_IN_A_THOUSAND * scale
    # the root of the edge is found to eps, and the distance from it is divided by
    assert rounded(independent.reach(np.full(features, v), count), expected, condition=count)


# --- what to do ---


@given(SEEDS, st.floats(-9, 9), st.floats(0.01, 100), st.booleans())
def test_a_column_that_repeats_another_is_found(seed, shift, factor, falling):
    table, labels = drawn(seed)
    again = shift + (-factor if falling else factor) * table[:, 1]
    rough = table[:, 1] + 0.5 * np.random.default_rng(seed).permutation(table[:, 1])
    found = answered(np.column_stack([table, again, rough]), labels, 9)
    assert (4, 1) in found.repeats
    assert all(column == 4 for column, _ in found.repeats)
    assert "e (it repeats b)" in said(found)["what to do"]


@settings(max_examples=25)
@given(SEEDS, st.floats(0, 30))
def test_columns_that_the_target_needs_are_kept(seed, needed):
    table, labels = drawn(seed, 60)
    table[:, 3] = table[:, 0] + 0.002 * table[:, 3]
    labels += needed * 500 * (table[:, 3] - table[:, 0])
    found = answered(table, labels, 9)

    def losses(inputs):
        if found.feed != "raw":
            inputs = inputs - inputs.mean(axis=0)
        y = labels if found.feed == "raw" else labels - labels.mean()
        best = y - inputs @ np.linalg.lstsq(inputs, y, rcond=None)[0]
        return y @ y, best @ best

    (start, least), (_, without) = losses(table), losses(table[:, :3])
    lost = (without - least) / (start - least)
    assert found.repeats == [(3, 0)]
    assert rounded(found.lost, lost, 1, condition=1e6)
    assert found.drop == (found.lost <= LOST)
    text = said(found)["what to do"]
    assert ("Drop d (it repeats a): at most 0.1 % of what" in text) == found.drop
    assert ("Keep d (it repeats a): without, " in text) == (not found.drop)


@given(SEEDS, st.integers(0, 3), st.booleans())
def test_few_examples_that_hold_half_of_the_variance_are_named(seed, count, whole):
    table, labels = drawn(seed, 80)
    far = np.random.default_rng(seed).permutation(80)[:count]
    for size, example in enumerate(far, start=1):
        table[example, slice(None) if whole else slice(1, 2)] += 1e4 * size
    found = answered(table, labels, 9)
    shares = ((table - table.mean(axis=0)) ** 2).sum(axis=1)
    shares /= shares.sum()
    held = np.sort(shares)[::-1].cumsum()
    expected = set(np.argsort(-shares)[: 1 + np.searchsorted(held, 0.5)]) if count else set()
    assert set(found.examples) == expected <= set(far)
    text = said(found)
    for example in expected:
        assert str(example + 1) in text["what dominates"] and str(example + 1) in text["what to do"]
    if expected:
        assert rounded(found.alone, shares[found.examples].sum(), 1, condition=1e4)
        assert not found.drop and found.of == "centred"
        assert ("Do not yet drop" in text["what to do"]) == bool(found.repeats)
    else:
        assert (found.alone, found.of) == (0, None) and "xample" not in text["what dominates"]


def test_an_example_is_named_by_its_number_in_the_file():
    table = np.random.default_rng(0).standard_normal((60, 3))
    table[40] = 1e5 * np.array([1.0, -1, 2])
    table[[3, 7], 1] = np.nan
    sentences = analyse(table, missing="drop").sentences
    assert "Example 41 alone holds" in sentences["what dominates"]
    assert "Look at example 41 first" in sentences["what to do"]


def test_a_column_is_repeated_by_the_first_alone():
    alike = np.eye(4)
    alike[1, 0] = alike[2, 0] = alike[2, 1] = -1.0
    assert repeating(alike) == [(1, 0), (2, 0)]
    chain = np.eye(3)
    chain[1, 0] = chain[2, 1] = 1.0  # alike in steps, the ends are not
    assert repeating(chain) == [(1, 0)]


def test_the_advice_is_the_least_change_that_saves_steps():
    rng = np.random.default_rng(0)
    orthogonal = np.linalg.qr(rng.standard_normal((60, 4)))[0]
    orthogonal -= orthogonal.mean(axis=0)
    labels = orthogonal @ [1.0, 2, 3, 4]
    for table, feed, word in (
        (orthogonal, "raw", "Leave the columns as they are"),
        (orthogonal + 3, "centred", "StandardScaler(with_std=False)"),
        (orthogonal * [1, 10, 100, 1000] + 3, "standardised", "(a) to "),
    ):
        found = answered(table, labels)
        assert found.feed == feed
        assert word in said(found)["what to do"]
    assert "(d)." in said(found)["what to do"]


def test_constant_inputs_have_no_answer():
    table = np.full((6, 3), 2.0)
    assert answered(table) is None
    assert said(None)["what to do"] == "Give inputs that vary."


# --- what it buys ---


def plain_descent(table, labels, limit):
    """Steps on W until a millionth of what can be learnt is left, and the share left at the end."""
    count = len(table)
    best = labels - table @ np.linalg.lstsq(table, labels, rcond=None)[0]
    least, start = best @ best, labels @ labels
    values = np.linalg.svd(table, compute_uv=False) ** 2
    values = values[values > 1e-12 * values[0]] / count
    rate, W = 2 / (values[0] + values[-1]), np.zeros(table.shape[1])
    for step in range(limit + 1):
        r = labels - table @ W
        left = (r @ r - least) / (start - least)
        if left <= LEFT or step == limit:
            return step, left
        W += rate / count * table.T @ r
    raise AssertionError


@settings(max_examples=25)
@given(SEEDS, st.booleans())
def test_before_and_after_are_what_plain_descent_does(seed, twice):
    table, labels = drawn(seed)
    table = 2 + table * [1, 4, 1, 1]
    labels = labels + table @ [1.0, 1, 1, 1]
    if twice:
        table = np.column_stack([table, 7 - 3 * table[:, 2]])
    found = answered(table, labels)
    assert found.drop == (twice and found.drop)
    kept = table[:, :4] if found.drop else table
    centred = kept - kept.mean(axis=0)
    fed = {"raw": kept, "centred": centred, "standardised": centred / kept.std(axis=0)}[found.feed]
    target = labels if found.feed == "raw" else labels - labels.mean()
    for descended, inputs, y in ((found.after, fed, target), (found.before, table, labels)):
        steps, left = plain_descent(inputs, y, 200)
        assert abs(descended.taken - steps) <= 1  # the last step may be at the limit to rounding
        if descended.taken == steps:
            assert rounded(descended.left, left, 1, condition=1e4)
        if descended.arrived:
            assert descended.predicted == descended.taken


def test_the_words_tell_what_descent_did():
    table, _ = drawn(3)
    labels = table @ [1.0, 2, 3, 4]
    text = said(answered(table * [1, 10, 1, 1000] + 9, labels))["what it buys"]
    assert "Descent was run: it took" in text and text.count("as predicted") == 2
    assert "after 200 steps" in text
    found = answered(table, labels * 0)
    assert said(found)["what it buys"] == "This target leaves nothing to learn."


def test_columns_that_depend_are_named():
    rng = np.random.default_rng(0)
    cause, table = rng.standard_normal(300), rng.standard_normal((300, 8))
    table[:, [2, 5]] += 6 * cause[:, np.newaxis]
    found = answered(table)
    assert sorted(found.together) == [2, 5] and found.outliers == 1
    assert said(found)["what dominates"].endswith((", mostly of c and f.", ", mostly of f and c."))


def test_fewer_examples_than_columns_have_no_columns_apart():
    table = np.random.default_rng(0).standard_normal((5, 8))
    table[:, 3] = table[:, 2]
    found = answered(table)
    assert found.repeats == found.together == []


def test_the_scaling_is_that_of_scikit_learn():
    scaler = pytest.importorskip("sklearn.preprocessing").StandardScaler()
    table, _ = drawn(0)
    table[:, 2] = 7.0
    scaled = scaler.fit_transform(table * [1, 50, 1, 0.01] + 3)
    reports = by_feed(table * [1, 50, 1, 0.01] + 3)
    expected = np.linalg.eigvalsh(scaled.T @ scaled / len(scaled))[1:]
    assert rounded(reports["standardised"].eigenvalues, expected, condition=100)
