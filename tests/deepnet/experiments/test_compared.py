"""A rerun beside the record, and what would be chance."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from companion.errors import UsageError
from deepnet.experiments.compared import chance, compared_rows, line
from deepnet.experiments.experiment import Experiment
from deepnet.experiments.record import Recorded, record
from tests.close import rounded
from tests.deepnet.experiments.fake import Fake, run_fake


def test_a_further_seed_lies_in_the_interval_as_often_as_it_says():
    rng, inside, many = np.random.default_rng(0), 0, 2000
    for values in rng.lognormal(size=(many, 4)):
        low, high = chance(values[:3], "log")
        inside += low <= values[3] <= high
    low, high = stats.binom.ppf([1e-6, 1 - 1e-6], many, 0.95)
    assert low <= inside <= high


def test_few_or_infinite_values_have_no_interval():
    assert chance([1.0]) is None
    assert chance([0.0, 1.0], "log") is None


def test_a_rerun_is_compared_with_the_run_of_its_seed(tmp_path):
    experiment = Experiment("fake", Fake())
    results = [run_fake(Fake(), tmp_path / "results", seed) for seed in range(3)]
    path = record(experiment, results, tmp_path)
    known = _read(path)
    rows = compared_rows(experiment, results[1:], known)
    assert [row["seed"] for row in rows] == [1, 2]
    for row, result in zip(rows, results[1:], strict=True):
        assert rounded(row["here"], row["recorded"])
        assert rounded(row["here"], float(result.arrays["mean"]))
        assert row["runs"] == 3
        assert all(len(each) <= 80 for each in line(row).splitlines())
    (row,) = compared_rows(experiment, [run_fake(Fake(), tmp_path / "results", 7)], known)
    assert row["recorded"] is None
    assert "on record nothing to compare" in " ".join(line(row).split())


def test_images_of_another_quality_are_said(tmp_path):
    experiment = Experiment("fake", Fake())
    taken = {"name": "cifar10", "quality": "JPEG", "checksum": ""}
    results = [run_fake(Fake(), tmp_path / "results", seed) for seed in range(2)]
    there = [replace(each, facts=each.facts | {"data": taken}) for each in results]
    known = _read(record(experiment, there, tmp_path))
    originals = taken | {"quality": "original"}
    here = [replace(each, facts=each.facts | {"data": originals}) for each in results]
    (row, _) = compared_rows(experiment, here, known)
    assert "here cifar10 (original), on record cifar10 (JPEG)" in " ".join(line(row).split())
    with pytest.raises(UsageError, match="this run is of quick, textures"):
        compared_rows(experiment, results, known)


def test_a_run_of_another_kind_is_refused(tmp_path):
    experiment = Experiment("fake", Fake())
    results = [run_fake(Fake(), tmp_path / "results")]
    for known in (None, Recorded(1, 3, "quick", "textures (generated)", {})):
        with pytest.raises(UsageError, match="has no runs on record"):
            compared_rows(experiment, results, known)
    other = _read(record(experiment, results, tmp_path))
    changed = Recorded(**{**vars(other), "scale": "laptop"})
    with pytest.raises(UsageError, match=r"is of laptop, .*; this run is of quick, textures"):
        compared_rows(experiment, results, changed)


def _read(path):
    import json

    return Recorded(**json.loads(path.read_text()))
