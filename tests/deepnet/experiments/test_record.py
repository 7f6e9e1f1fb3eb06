"""The findings on record: what is recorded, and what stays."""

import json
from dataclasses import asdict
from types import SimpleNamespace

import pytest

from companion.errors import UsageError
from companion.scale import Scale
from deepnet.experiments import record as module
from deepnet.experiments.experiment import experiments
from deepnet.experiments.record import JUDGED, Recorded, agreement, record, recorded
from deepnet.experiments.runner import Job

AGREES = {"verdict": "agrees"}


def test_the_record_has_every_observation_of_every_experiment():
    on_record = recorded()
    assert list(on_record) == list(experiments())
    for name, experiment in experiments().items():
        found = on_record[name].verdicts
        assert set(found) == {each.name for each in experiment.observations}
        assert set(found.values()) <= {*JUDGED, "reported"}


def test_agreement_counts_observations_with_a_band():
    found = {"a.b": AGREES, "a.c": {"verdict": "refuted"}, "a.d": {"verdict": "reported"}}
    assert agreement([Recorded(1, 3, "quick", "x", found)] * 2) == (2, 4)


def test_what_has_no_result_keeps_its_findings(tmp_path):
    path = tmp_path / "verdicts.json"
    before = {name: Recorded(0, 2, "quick", "x", {f"{name}.x": AGREES}) for name in experiments()}
    told = {name: asdict(each) for name, each in before.items()}
    gone = asdict(Recorded(1, 1, "quick", "x", {}))
    path.write_text(json.dumps(told | {"gone": gone}))
    assert record(tmp_path / "results", path) == before
    assert recorded(path) == before
    path.write_text("{}")
    with pytest.raises(UsageError, match="has no result in"):
        record(tmp_path / "results", path)
    path.write_text("{")
    with pytest.raises(UsageError, match="cannot be read"):
        recorded(path)


def test_findings_are_read_off_the_seeds_from_0_on_that_are_stored(tmp_path, monkeypatch):
    def planned(experiment, scale, source, seed, results):
        return SimpleNamespace(stored=lambda: f"run {seed}" if seed in (0, 1, 3) else None)

    (experiment, *_) = experiments().values()
    monkeypatch.setattr(module, "Job", planned)
    assert module._stored(experiment, tmp_path) == []
    (tmp_path / experiment.name).mkdir()
    assert module._stored(experiment, tmp_path) == ["run 0", "run 1"]


def test_a_record_has_the_version_and_the_numbers_of_what_ran(tmp_path, results, monkeypatch):
    experiment = experiments()["random_dense_nets"]
    earlier = {
        name: Recorded(each.version - 1, 1, "quick", "x", {f"{name}.x": AGREES})
        for name, each in experiments().items()
    }
    path = tmp_path / "verdicts.json"
    path.write_text(json.dumps({name: asdict(each) for name, each in earlier.items()}))
    result = Job(experiment, Scale.TINY, "textures", 0, results).result()
    monkeypatch.setattr(module, "_stored", lambda each, _: [result] * (each == experiment))
    written = record(tmp_path, path)
    now = written[experiment.name]
    assert not now.before(experiment)
    assert (now.scale, now.data, now.seeds) == ("tiny", "textures (generated)", 1)
    for observation in experiment.observations:
        numbers = now.findings[observation.name]
        assert numbers["measured"] == observation.finding([result.arrays]).measured
    assert all(each.before(experiments()[name]) for name, each in earlier.items())
    assert written == recorded(path)
