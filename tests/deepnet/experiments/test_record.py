"""The runs on record: what is recorded, what stays, and what is read again."""

import json
from dataclasses import replace

import numpy as np
import pytest

from companion.errors import UsageError
from companion.scale import Scale
from deepnet.experiments import record as module
from deepnet.experiments.experiment import Experiment, experiments
from deepnet.experiments.record import (
    FINDINGS,
    JUDGED,
    RECORD,
    Recorded,
    agreement,
    record,
    recorded,
    recorded_results,
)
from deepnet.experiments.runner import Job
from tests.close import exact
from tests.deepnet.experiments.fake import Fake, run_fake

AGREES = {"verdict": "agrees"}
#: Bytes of all files of the record.
MOST = 10_000_000


def test_the_record_has_every_experiment():
    on_record = recorded()
    assert list(on_record) == list(experiments())
    for name, experiment in experiments().items():
        found = on_record[name].verdicts
        known = {each.name for each in experiment.observations}
        assert set(found) <= known, name
        assert set(found.values()) <= {*JUDGED, "reported", "not on textures"}
    assert {path.name for path in RECORD.iterdir()} <= {*experiments(), "__init__.py"}


def test_the_record_is_small_and_whole():
    files = [path for path in RECORD.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < MOST
    for name, known in recorded().items():
        named = [run["file"] for run in known.runs if run["file"]]
        assert len(recorded_results(name)) == len(named), name
        found = {path.name for path in (RECORD / name).iterdir()}
        assert found == {FINDINGS, *named}, name
        assert bool(named) == bool(known.runs), name


def test_the_verdict_on_record_follows_from_the_numbers_on_record():
    for name, known in recorded().items():
        experiment = experiments()[name]
        if known.before(experiment):
            continue
        for each in experiment.observations:
            runs = [run for run in known.runs if run["seed"] not in each.seen]
            numbers = [run["observations"][each.name] for run in runs]
            again = replace(each, measure=_number("measured"), null=_number("null"))
            found = again.finding(numbers)
            told = known.findings[each.name]
            if told["verdict"] in JUDGED:
                assert found.verdict == told["verdict"], each.name


def _number(key):
    return lambda numbers: float("nan") if numbers[key] is None else numbers[key]


def test_agreement_counts_observations_with_a_band():
    found = {"a.b": AGREES, "a.c": {"verdict": "refuted"}, "a.d": {"verdict": "reported"}}
    assert agreement([Recorded(1, 3, "quick", "x", found)] * 2) == (2, 4)


def test_what_is_recorded_is_read_again(tmp_path):
    fake = Fake()
    experiment = Experiment("fake", fake)
    results = [run_fake(fake, tmp_path / "results", seed) for seed in range(3)]
    path = record(experiment, results, tmp_path)
    assert path == tmp_path / "fake" / FINDINGS
    told = json.loads(path.read_text())
    assert (told["version"], told["seeds"], told["scale"]) == (1, 3, "quick")
    assert told["data"] == "textures (generated)"
    assert told["findings"]["fake.mean"]["verdict"] == "agrees"
    again = recorded_results("fake", tmp_path)
    assert [each.facts["seed"] for each in again] == [0, 1, 2]
    for here, there, run in zip(results, again, told["runs"], strict=True):
        assert there.is_recorded and not here.is_recorded
        assert all(exact(there.arrays[name], here.arrays[name]) for name in here.arrays)
        assert run["observations"]["fake.mean"]["measured"] == float(here.arrays["mean"])
        assert there.images == here.images
        assert run["date"] == here.facts["date"]


def test_a_new_record_takes_the_place_of_the_old_one(tmp_path):
    experiment = Experiment("fake", Fake())
    record(experiment, [run_fake(Fake(), tmp_path / "one", seed) for seed in (0, 1)], tmp_path)
    record(experiment, [run_fake(Fake(0.4), tmp_path / "two", 5)], tmp_path)
    (only,) = recorded_results("fake", tmp_path)
    assert only.facts["seed"] == 5
    assert len(list((tmp_path / "fake").iterdir())) == 2


def test_a_large_record_keeps_the_arrays_of_the_first_run(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "ROOM", 10)
    monkeypatch.setattr(module, "LARGE", 16)
    results = [run_fake(Fake(), tmp_path / "results", seed) for seed in range(2)]
    told = json.loads(record(Experiment("fake", Fake()), results, tmp_path).read_text())
    assert [bool(run["file"]) for run in told["runs"]] == [True, False]
    assert told["runs"][1]["observations"]["fake.mean"]["measured"] is not None
    (first,) = recorded_results("fake", tmp_path)
    assert first.arrays["x"].dtype == np.float32
    assert first.arrays["mean"].dtype == float


def test_damaged_arrays_count_as_missing_and_damaged_findings_are_one_line(tmp_path):
    path = record(Experiment("fake", Fake()), [run_fake(Fake(), tmp_path / "results")], tmp_path)
    (arrays,) = path.parent.glob("*.npz")
    content = arrays.read_bytes()
    arrays.write_bytes(content[:100] + bytes([content[100] ^ 1]) + content[101:])
    assert recorded_results("fake", tmp_path) == []
    path.write_text("{")
    with pytest.raises(UsageError, match="cannot be read: python -m deepnet fake --record"):
        recorded_results("fake", tmp_path)
    assert recorded_results("nothing", tmp_path) == []


def test_numbers_that_are_not_finite_are_recorded_as_missing(tmp_path, results):
    experiment = experiments()["random_dense_nets"]
    result = Job(experiment, Scale.TINY, "textures", 0, results).result()
    told = json.loads(record(experiment, [result], tmp_path).read_text())
    assert set(told["findings"]) == {each.name for each in experiment.observations}
    assert {each["verdict"] for each in told["findings"].values()} == {"not at this scale"}
