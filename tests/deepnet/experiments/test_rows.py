"""Rows and verdicts over seeds."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from companion.scale import Scale
from deepnet.experiments.experiment import Experiment, Observation
from deepnet.experiments.published import line, published_rows
from deepnet.experiments.rows import KEYS, rows
from tests.close import rounded
from tests.deepnet.experiments.fake import Fake, published, run_fake
from theory import invariance


@pytest.mark.parametrize(
    ("means", "verdict"),
    [
        ([0.2], "agrees"),
        ([1.2], "refuted"),
        ([0.2, 0.9], "agrees"),
        ([0.2, 1.2], "unresolved"),
        ([-0.2, 1.2], "refuted"),
        ([float("nan")], "unresolved"),
        ([-1.5], "refuted"),  # the null lies inside
    ],
)
def test_a_verdict_is_that_of_all_seeds(means, verdict):
    (observation,) = Fake.OBSERVATIONS
    assert observation.verdict([{"mean": np.array(mean)} for mean in means]) == verdict


def test_a_null_inside_the_band_refutes():
    same = Observation("c", (0, 1), lambda a: float(a["mean"]), lambda a: float(a["mean"]))
    assert same.verdict([{"mean": np.array(0.5)}]) == "refuted"


def test_what_has_no_band_is_reported_and_what_cannot_be_compared_is_left_open():
    def mean(arrays):
        return float(arrays["mean"])

    assert Observation("c", None, mean).verdict([{"mean": np.array(0.5)}]) is None
    nothing = Observation("c", (0, 1), mean, lambda _: 2.0)
    assert nothing.verdict([{"mean": np.array(0.5)}, {"mean": np.array(np.nan)}]) == "unresolved"
    with pytest.raises(ValueError, match="needs a null"):
        Observation("c", (0, 1), mean)


def test_a_row_names_the_claims_that_it_is_about():
    (observation,) = Fake.OBSERVATIONS
    angle = replace(observation, about=(invariance.equilibrium_angle,))
    fake = Fake()
    fake.OBSERVATIONS = (observation, angle)
    plain, about = rows(Experiment("fake", fake), Scale.QUICK, [])
    assert plain["about"] == []
    assert about["about"] == ["invariance.equilibrium_angle"]


def test_rows_over_seeds_have_the_mean_and_its_error(tmp_path):
    fake = Fake()
    results = [run_fake(fake, tmp_path, seed) for seed in range(3)]
    (row,) = rows(Experiment("fake", fake), Scale.QUICK, results)
    values = [float(result.arrays["mean"]) for result in results]
    assert tuple(row) == KEYS
    assert rounded(row["measured"], np.mean(values))
    assert rounded(row["stderr"], np.std(values, ddof=1) / 3**0.5)
    assert row["data"] == "textures (generated)"
    assert Path(row["file"]) == results[0].path.parent
    (single,) = rows(Experiment("fake", fake), Scale.TINY, results[:1])
    assert single["stderr"] is None
    assert single["verdict"] is None
    assert single["file"] == str(results[0].path)


@pytest.mark.parametrize(
    ("values", "measured", "stderr"),
    [
        ([0.2, np.nan, 0.4], 0.3, 0.1),
        ([np.nan, 0.4, np.nan], 0.4, None),
        ([np.nan, np.nan], None, None),
        ([np.inf, 1.0], np.inf, None),
    ],
)
def test_a_seed_with_nothing_to_compare_has_no_part_in_the_mean(tmp_path, values, measured, stderr):
    runs = [
        replace(run_fake(Fake(), tmp_path, seed), arrays={"mean": np.array(value)})
        for seed, value in enumerate(values)
    ]
    (row,) = rows(Experiment("fake", Fake()), Scale.QUICK, runs)
    for number, expected in ((row["measured"], measured), (row["stderr"], stderr)):
        assert number is None if expected is None else rounded(number, expected)
    if None in (measured, stderr):
        assert row["verdict"] != "agrees"
    experiment = Fake()
    experiment.PUBLISHED = (published(theirs=0.25),)
    (beside,) = published_rows(Experiment("fake", experiment), runs)
    assert (beside["ours"], beside["stderr"]) == (row["measured"], row["stderr"])
    assert beside["inside"] == (measured in (0.3, 0.4))
    assert ("nothing to compare" in line(beside)) == (measured is None)
