"""The spectrum of the user's data against plain linear algebra, plain descent and the claims."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from companion.errors import UsageError
from sim.evidence import Student
from sim.inputs import descent, examples, independent
from sim.inputs.read_table import read_labels, read_table
from sim.inputs.reduced import Reduction, Target
from sim.inputs.report import FEEDS, by_feed
from tests.close import below, rounded
from tests.paths import SHARED
from theory import quadratic, spectra

#: Where real images may lie: beside the repository.
IMAGES = SHARED / "data" / "cifar10-small.npz"

SHAPES = array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=7)
#: Eighths are exact, and their spectra keep away from the threshold of the rank.
TABLES = arrays(float, SHAPES, elements=st.integers(-80, 80).map(lambda n: n / 8))
SIZES = [(3, 8), (8, 8), (9, 8), (40, 5), (2, 1)]  # examples, features


def fed(table, feed):
    """The plain form of the three ways to feed a table."""
    table = np.asarray(table, float)
    if feed == "raw":
        return table
    centred = table - table.mean(axis=0)
    if feed == "centred":
        return centred
    deviation = np.sqrt((centred**2).mean(axis=0))
    return centred / np.where(deviation > 1e-12, deviation, np.inf)


def drawn(count, features, seed=0):
    rng = np.random.default_rng(seed)
    return 0.5 + rng.standard_normal((count, features)), rng.standard_normal(count)


# --- the spectrum ---


@pytest.mark.parametrize("feed", FEEDS)
@pytest.mark.parametrize("size", SIZES)
def test_eigenvalues_are_those_of_the_plain_matrix(size, feed):
    table, _ = drawn(*size)
    plain = fed(table, feed)
    dense = np.linalg.eigvalsh(plain.T @ plain / len(plain))
    report = by_feed(table)[feed]
    rank = np.linalg.matrix_rank(plain)
    assert len(report.eigenvalues) == rank
    assert rounded(report.eigenvalues, dense[len(dense) - rank :], dense[-1])
    assert report.condition == report.eigenvalues[-1] / report.eigenvalues[0]


@given(TABLES)
def test_the_largest_eigenvalue_lies_between_its_bounds(table):
    for report in by_feed(table, limit=0).values():
        place = report.outlier
        assert below(place["lower"], place["measured"], place["upper"])
        assert below(place["measured"], place["upper"])


def test_the_bounds_are_the_stated_ones():
    table, _ = drawn(30, 6)
    mean = table.mean(axis=0)
    covariance = np.cov(table.T, bias=True)
    square, along = mean @ mean, mean / np.linalg.norm(mean)
    reports = by_feed(table)
    raw = reports["raw"].outlier
    assert rounded(raw["lower"], square + along @ covariance @ along, square)
    assert rounded(raw["upper"], square + np.linalg.eigvalsh(covariance)[-1], square)
    centred = reports["centred"].outlier
    assert rounded(centred["lower"], np.trace(covariance) / 6, 1)
    assert centred["upper"] == centred["measured"]


@given(TABLES, st.sampled_from([0.25, 4.0, 1024.0]))
def test_scaling_the_data_scales_the_spectrum(table, factor):
    small, large = by_feed(table, limit=0), by_feed(factor * table, limit=0)
    for feed in FEEDS:
        squared = 1.0 if feed == "standardised" else factor**2
        one, other = small[feed], large[feed]
        top = one.outlier["measured"]
        assert one.condition is None or rounded(
            other.condition, one.condition, one.condition, condition=one.condition
        )
        assert rounded(other.outlier["measured"], squared * top, squared * top)
        if one.rate["best"] is not None:
            assert rounded(other.rate["best"] * squared, one.rate["best"], one.rate["best"])


@given(TABLES, st.randoms(use_true_random=False))
def test_the_order_of_examples_does_not_matter(table, shuffle):
    order = list(range(len(table)))
    shuffle.shuffle(order)
    before, after = by_feed(table, limit=0), by_feed(table[order], limit=0)
    for feed in FEEDS:
        one, other = before[feed], after[feed]
        assert rounded(one.eigenvalues, other.eigenvalues, one.outlier["upper"])


def test_a_large_mean_costs_no_digits():
    offsets = np.random.default_rng(0).integers(-4, 5, (200, 3)).astype(float)
    far = by_feed(offsets + 2.0**40)["centred"]
    near = by_feed(offsets)["centred"]
    assert rounded(far.eigenvalues, near.eigenvalues, near.outlier["upper"])


def test_bytes_count_in_255ths():
    table = np.random.default_rng(0).integers(0, 256, (9, 4), dtype=np.uint8)
    as_bytes, as_numbers = by_feed(table), by_feed(table / 255)
    for feed in FEEDS:
        assert rounded(as_bytes[feed].eigenvalues, as_numbers[feed].eigenvalues, 4)
    wide = by_feed(table.astype(np.int16))["raw"].outlier["measured"]
    assert rounded(wide, 255**2 * as_bytes["raw"].outlier["measured"], wide)


@pytest.mark.parametrize("size", [(50, 7), (7, 50)])
def test_blocks_do_not_matter(size, monkeypatch):
    table, labels = drawn(*size)
    whole = by_feed(table, labels)
    monkeypatch.setattr(examples, "BLOCK", 40)
    blocks = by_feed(table, labels)
    for feed in FEEDS:
        one, other = whole[feed], blocks[feed]
        assert rounded(one.eigenvalues, other.eigenvalues, one.outlier["upper"])
        assert rounded(one.outlier["lower"], other.outlier["lower"], one.outlier["upper"])
        assert one.steps["run"]["best"]["steps"] == other.steps["run"]["best"]["steps"]


def test_memory_is_that_of_a_block_and_a_matrix(monkeypatch):
    table = np.random.default_rng(0).integers(0, 256, (20_000, 128), dtype=np.uint8)
    monkeypatch.setattr(examples, "BLOCK", 50_000)
    by_feed(table[:200])  # imports and compiled claims are not counted
    tracemalloc.start()
    by_feed(table)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5e6 < table.size * 8 / 4


def test_condition_99_keeps_the_fewest_directions():
    # four orthogonal directions with 90, 9.5, 0.4 and 0.1 % of the trace
    shares = np.array([0.90, 0.095, 0.004, 0.001])
    table = np.concatenate([np.diag(np.sqrt(shares)), -np.diag(np.sqrt(shares))])
    report = by_feed(table)["raw"]
    assert rounded(report.condition, 900, 900, condition=900)
    assert rounded(report.condition_99, 0.90 / 0.095, 10, condition=10)


# --- constant columns and other small worlds ---


def test_constant_columns_are_named_and_left_at_zero():
    table, _ = drawn(20, 5)
    without = by_feed(np.delete(table, [1, 4], axis=1))
    table[:, 1], table[:, 4] = 0.1, 1e9
    reports = by_feed(table)
    for feed in FEEDS:
        assert reports[feed].constant_columns == [1, 4]
    for feed in ("centred", "standardised"):
        found, expected = reports[feed], without[feed]
        assert rounded(found.eigenvalues, expected.eigenvalues, expected.outlier["upper"])
        assert rounded(found.bulk, expected.bulk, 10)
        assert rounded(found.outlier["lower"], expected.outlier["lower"], 10)
    # a constant input is known exactly: it adds its square and no noise
    raw = reports["raw"].outlier
    assert rounded(raw["independent"], raw["measured"], raw["measured"])


def test_data_that_never_vary():
    reports = by_feed(np.full((6, 3), 2.0))
    raw, centred = reports["raw"], reports["centred"]
    assert raw.condition == 1
    assert rounded(raw.outlier["measured"], 12, 12)
    assert rounded(raw.outlier["independent"], 12, 12)
    assert raw.steps["run"]["best"]["steps"] == raw.steps["predicted"]["best"]["steps"] == 1
    for report in (centred, reports["standardised"]):
        assert set(report.outlier.values()) == {0.0}
        assert report.bulk == (0.0, 0.0)
        assert report.condition is report.condition_99 is None
        assert report.rate == {"largest": None, "best": None}
        assert report.steps == {"predicted": None, "run": None}


def test_what_differs_by_rounding_alone_is_constant():
    assert 0.1 * 3 != 0.3
    table = np.full((9, 2), 0.3)
    table[::2] = 0.1 * 3
    reports = by_feed(table)
    assert reports["raw"].constant_columns == [0, 1]
    assert reports["centred"].condition is reports["standardised"].condition is None


def test_zeros():
    assert by_feed(np.zeros((4, 2)))["raw"].condition is None


def test_one_feature():
    report = by_feed(np.array([[1.0], [3.0]]))["raw"]  # E(W) with R = (1 + 9)/2
    assert rounded(report.outlier["measured"], 5, 5)
    assert rounded(report.outlier["lower"], 4 + 1, 5)
    assert report.condition == 1
    assert rounded([report.rate["largest"], report.rate["best"]], [2 / 5, 1 / 5], 1)


def test_labels_that_say_nothing():
    table, _ = drawn(6, 3)
    for report in by_feed(table, np.zeros(6)).values():
        assert report.steps["predicted"]["start"] == 0
        assert report.steps["run"]["best"] == {"steps": 0, "loss": 0.0}
    for label in (7.0, 0.1, 1e9 / 3):
        constant = by_feed(table, np.full(6, label))["centred"]
        assert constant.steps["run"]["largest"] == {"steps": 0, "loss": 0.0}


# --- descent ---


def plainly(inputs, target, rate, steps):
    """Losses of gradient descent on W itself, example by example as it is defined."""
    weights, losses = np.zeros(inputs.shape[1]), []
    for _ in range(steps + 1):
        residual = inputs @ weights - target
        losses.append(residual @ residual / (2 * len(inputs)))
        weights -= rate * (residual @ inputs) / len(inputs)
    return np.array(losses)


@pytest.mark.parametrize("feed", FEEDS)
@pytest.mark.parametrize("size", SIZES)
def test_the_run_is_descent_on_the_weights(size, feed):
    table, labels = drawn(*size, seed=1)
    target = labels if feed == "raw" else labels - labels.mean()
    reduction = Reduction(examples.Examples(table), Target.of_labels(labels))
    loss = descent.Descent(reduction.fed(feed))
    best, largest = loss.best_rate.value, loss.largest_rate.value
    for rate in (best, largest, 0.3 * best):
        losses = plainly(fed(table, feed), target, rate, 200)
        for limit in (0, 1, 2, 7, 200):
            steps, reached = loss.run(rate, limit)
            assert rounded(reached, losses[steps], losses[0], condition=1 + steps)


@pytest.mark.parametrize("size", SIZES)
def test_the_minimum_is_that_of_least_squares(size):
    table, labels = drawn(*size)
    solution = np.linalg.lstsq(table, labels)[0]
    residual = table @ solution - labels
    raw = by_feed(table, labels)["raw"]
    start, minimum = raw.steps["predicted"]["start"], raw.steps["predicted"]["minimum"]
    assert rounded(start, labels @ labels / (2 * len(labels)), start)
    assert rounded(minimum, residual @ residual / (2 * len(labels)), start, condition=raw.condition)


@given(TABLES, st.booleans(), st.integers(0, 9))
def test_the_prediction_is_what_the_run_does(table, planted, seed):
    labels = None if planted else np.random.default_rng(seed).standard_normal(len(table))
    limit = 1000
    for report in by_feed(table, labels, seed, limit).values():
        predicted, run = report.steps["predicted"], report.steps["run"]
        if run is None:
            continue
        removable = predicted["start"] - predicted["minimum"]
        for rate in ("largest", "best"):
            steps, loss = run[rate]["steps"], run[rate]["loss"]
            assert rounded(loss, predicted[rate]["loss"], predicted["start"], condition=1 + steps)
            left = loss - predicted["minimum"]
            # the minimum comes from solving RW = Q, whose condition number enters
            lost = predicted["start"] * (steps + report.condition)
            if steps < limit:
                assert below(left, descent.LEFT * removable, lost)
            if not rounded(left, descent.LEFT * removable, lost):
                assert steps == min(predicted[rate]["steps"], limit)
        assert run["best"]["steps"] <= predicted["condition"]


def test_at_the_largest_rate_the_steepest_direction_swings_for_ever():
    table, labels = drawn(40, 5)
    report = by_feed(table, labels)["raw"]
    steps = report.steps
    assert steps["predicted"]["largest"]["steps"] == np.inf
    assert steps["run"]["largest"]["steps"] == descent.LIMIT
    values, vectors = np.linalg.eigh(table.T @ table / 40)
    energy = (vectors[:, -1] @ table.T @ labels / 40) ** 2 / (2 * values[-1])
    kept = steps["run"]["largest"]["loss"] - steps["predicted"]["minimum"]
    assert rounded(kept, energy, steps["predicted"]["start"], condition=descent.LIMIT)


def test_the_rates_are_those_of_the_claims():
    table, _ = drawn(12, 4)
    R = table.T @ table / 12
    report = by_feed(table)["raw"]
    best = quadratic.optimal_rate(R=R)["rate"]
    assert rounded(report.rate["largest"], quadratic.max_rate(R=R), 1)
    assert rounded(report.rate["best"], best, 1)
    most = quadratic.iterations(R=R, left=1e-3)["upper"]
    assert report.steps["predicted"]["condition"] == most


def test_the_planted_target_is_one_seed_s():
    table, _ = drawn(12, 4)
    first, again, other = (by_feed(table, seed=seed)["raw"].steps for seed in (3, 3, 4))
    assert first == again != other
    assert first["predicted"]["minimum"] == 0  # a planted neuron can be learnt


# --- independent inputs ---


@pytest.mark.parametrize("size", [(101, 20), (51, 50), (21, 80)])
@pytest.mark.parametrize("square", [0.0, 0.5, 30.0])
def test_with_equal_variances_the_limits_are_the_claims(size, square):
    count, features = size
    n, v = count - 1, 0.7
    variances, alpha = np.full(features, v), n / features
    edges = spectra.edges(alpha=alpha, v=v)
    lower, upper = independent.bulk(variances, count)
    assert rounded([lower, upper], [edges["lower"], edges["upper"]], edges["upper"])
    mean = np.sqrt((square + v * features / n) * np.eye(features)[0])
    expected = spectra.outlier(N=features, alpha=alpha, m=np.sqrt(square / features), v=v)
    assert rounded(independent.largest(mean, variances, count), expected, expected)


@pytest.mark.parametrize("size", [(100, 200), (400, 200)])
def test_of_independent_inputs_the_gap_is_chance(size):
    """Means and variances of many sizes; the mean variance in place of each is refuted."""
    count, features = size
    rng = np.random.default_rng(0)
    quarter = np.arange(features) % 4 == 0
    deviation, mean = np.where(quarter, 3.0, 0.3), np.where(quarter, 2.0, 0.3)
    gaps, twins = [], []
    for _ in range(128):
        table = mean + deviation * rng.standard_normal((count, features))
        gram = table @ table.T if count < features else table.T @ table
        top = np.linalg.eigvalsh(gram)[-1] / count
        means, variances = table.mean(axis=0), table.var(axis=0)
        limit = independent.largest(means, variances, count)
        same = np.full(features, variances.mean())
        gaps.append((top - limit) / limit)
        twins.append((top - independent.largest(means, same, count)) / limit)
    assert not Student(lambda form: form(), gaps).judge(lambda: 0.0, 1e-6).refuted
    assert Student(lambda form: form(), twins).judge(lambda: 0.0, 1e-6).refuted


def test_the_edges_of_unequal_variances():
    """The extreme eigenvalues lie about the edges as the Tracy-Widom law says: mean -1.2065."""
    count, features = 801, 200
    rng = np.random.default_rng(0)
    variances = np.where(np.arange(features) % 2, 4.0, 0.5)
    n = count - 1
    scales = []
    for side in (-1, 1):
        edge = independent._Side(variances, n, side)
        x = edge.x(edge.critical())
        bend = np.sum(variances**2 / (x - variances) ** 3) / n
        scales.append(np.abs(x**4 * bend) ** (1 / 3) * n ** (-2 / 3))
    low, high = independent.bulk(variances, count)
    inward = []
    for _ in range(64):
        table = np.sqrt(variances) * rng.standard_normal((count, features))
        values = np.linalg.eigvalsh(np.cov(table.T))
        inward.append([(low - values[0]) / scales[0], (values[-1] - high) / scales[1]])
    plain = spectra.edges(alpha=n / features, v=variances.mean())
    shifts = (plain["lower"] - low) / scales[0], (high - plain["upper"]) / scales[1]
    for distances, shift in zip(np.transpose(inward), shifts, strict=True):
        assert not Student(lambda form: form(), distances).judge(lambda: -1.2065, 1e-6).refuted
        twin = Student(lambda form: form(), distances + shift)
        assert twin.judge(lambda: -1.2065, 1e-6).refuted


# --- reading ---


@pytest.mark.parametrize("suffix", ["npy", "npz", "csv"])
@given(TABLES)
def test_a_file_gives_its_table_back(tmp_path_factory, suffix, table):
    path = tmp_path_factory.mktemp("data") / f"table.{suffix}"
    if suffix == "npy":
        np.save(path, table)
    elif suffix == "npz":
        np.savez(path, table)
    else:
        np.savetxt(path, table, delimiter=",")
    assert np.array_equal(read_table(path), table)
    assert np.array_equal(read_table(path, columns=True), table.T)


def test_parquet(tmp_path):
    arrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    path = tmp_path / "table.parquet"
    parquet.write_table(arrow.table({"a": [1, 2, 3], "b": [0.5, 1.5, 2.5]}), path)
    assert read_table(path).tolist() == [[1, 0.5], [2, 1.5], [3, 2.5]]
    parquet.write_table(arrow.table({"a": [1, 2], "b": ["x", "y"]}), path)
    with pytest.raises(UsageError, match="column 'b' holds string values"):
        read_table(path)


def test_images_are_flattened_and_stay_bytes(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (5, 4, 3, 2), dtype=np.uint8)
    np.save(tmp_path / "rows.npy", images)
    table = read_table(tmp_path / "rows.npy")
    assert table.dtype == np.uint8 and isinstance(table, np.memmap)
    assert np.array_equal(table, images.reshape(5, 24))
    np.save(tmp_path / "columns.npy", np.moveaxis(images, 0, -1))
    assert np.array_equal(read_table(tmp_path / "columns.npy", columns=True), table)


def test_reading_does_not_change_the_table():
    table, labels = drawn(6, 4)
    kept = table.copy(), labels.copy()
    by_feed(table, labels)
    assert np.array_equal(table, kept[0]) and np.array_equal(labels, kept[1])


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n3,4\n",
        '\ufeff"a b",c\n1,2\n3,4',
        "1,2\n\n3,4\n",
        '"1", 2\r\n3,4.0\r\n',
        "1e0,2,\n3,4,\n",
    ],
)
def test_csv(tmp_path, text):
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8", newline="")
    if text.count(",\n"):
        with pytest.raises(UsageError, match="line 1, column 3 is ''"):
            read_table(path)
    else:
        assert read_table(path).tolist() == [[1, 2], [3, 4]]


def test_labels_are_an_array_of_the_archive_or_a_file(tmp_path):
    data, apart = tmp_path / "data.npz", tmp_path / "labels.csv"
    np.savez(data, x=np.eye(3), y=np.array([2, 0, 1], np.uint8), twins=np.eye(2))
    apart.write_text("label\n2\n0\n1\n")
    for labels in ("y", str(apart)):
        assert read_labels(labels, data, 3).tolist() == [2, 0, 1]
    with pytest.raises(UsageError, match=r"'nothing' is neither a file nor .* holds x, y, twins"):
        read_labels("nothing", data, 3)
    with pytest.raises(UsageError, match="holds 2 x 2 labels; one for each of 3"):
        read_labels("twins", data, 3)


# --- real images ---


@pytest.mark.landing
@pytest.mark.skipif(not IMAGES.exists(), reason="the images are not beside this repository")
def test_real_images():
    table = read_table(IMAGES)
    reports = by_feed(table, read_labels("y_train", IMAGES, len(table)))
    raw = reports["raw"]
    assert {name: round(value, 1) for name, value in raw.outlier.items()} == {
        "lower": 748.2,
        "measured": 748.4,
        "upper": 754.3,
        "independent": 698.3,
    }
    assert all(report.condition > 1e8 for report in reports.values())
    assert reports["centred"].condition < raw.condition / 10
    for report in reports.values():
        predicted, run = report.steps["predicted"], report.steps["run"]
        for rate in ("largest", "best"):
            assert run[rate]["steps"] == descent.LIMIT
            assert rounded(
                run[rate]["loss"],
                predicted[rate]["loss"],
                predicted["start"],
                condition=2 * descent.LIMIT,
            )


def test_long_doubles_beyond_float64_are_one_line():
    with pytest.raises(
        UsageError, match=r"^example 1, column 1 is .*a finite number below 1e\+70$"
    ):
        by_feed(np.full((3, 2), np.finfo(np.longdouble).max))
