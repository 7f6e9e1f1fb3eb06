"""The verdicts on record: what is recorded, and what is said of it."""

import json
from dataclasses import asdict
from types import SimpleNamespace

import pytest

from companion.errors import UsageError
from companion.scale import Scale
from deepnet.experiments.experiment import experiments
from deepnet.experiments.runner import Job
from figures import passages, verdicts
from figures.verdicts import Verdicts, record, recorded, verdict


@pytest.mark.parametrize(
    ("some", "said"),
    [
        (Verdicts(1, 1, {"a.b": "agrees"}), "agrees"),
        (Verdicts(1, 1, {"a.b": "agrees", "a.c": None}), "agrees; 1 reported"),
        (Verdicts(1, 3, {"a.b": None}), "1 reported; 3 seeds"),
        (
            Verdicts(1, 1, {"a.b": "agrees", "a.c": "unresolved"}),
            "1 of 2 agree, `a.c` is unresolved",
        ),
    ],
)
def test_a_verdict_in_words(some, said):
    assert verdict(some) == said


def test_what_is_not_recorded_is_one_line():
    with pytest.raises(UsageError, match=r"not recorded: python -m deepnet \w+ --seeds 3, then"):
        passages.markdown({})


def test_what_has_no_result_keeps_its_verdict(tmp_path):
    path = tmp_path / "verdicts.json"
    before = {name: Verdicts(0, 2, {f"{name}.x": "agrees"}) for name in experiments()}
    told = {name: asdict(each) for name, each in before.items()}
    path.write_text(json.dumps(told | {"gone": {"version": 1, "seeds": 1, "observations": {}}}))
    assert record(tmp_path / "results", path) == before
    assert recorded(path) == before
    path.write_text("{}")
    with pytest.raises(UsageError, match="has no result in"):
        record(tmp_path / "results", path)
    path.write_text("{")
    with pytest.raises(UsageError, match="cannot be read"):
        recorded(path)


def test_verdicts_are_read_off_the_seeds_from_0_on_that_are_stored(tmp_path, monkeypatch):
    def planned(experiment, scale, source, seed, results):
        return SimpleNamespace(stored=lambda: f"run {seed}" if seed in (0, 1, 3) else None)

    (experiment, *_) = experiments().values()
    monkeypatch.setattr(verdicts, "Job", planned)
    assert verdicts._stored(experiment, tmp_path) == []
    (tmp_path / experiment.name).mkdir()
    assert verdicts._stored(experiment, tmp_path) == ["run 0", "run 1"]


def test_verdicts_carry_the_version_that_ran_and_say_where_it_is_an_earlier_one(
    tmp_path, results, monkeypatch
):
    """A result read off again is of the version of now; what stays on record is of before."""
    experiment = experiments()["random_dense_nets"]
    earlier = {
        name: Verdicts(each.version - 1, 1, {f"{name}.x": "agrees"})
        for name, each in experiments().items()
    }
    path = tmp_path / "verdicts.json"
    path.write_text(json.dumps({name: asdict(each) for name, each in earlier.items()}))
    result = Job(experiment, Scale.TINY, "textures", 0, results).result()
    monkeypatch.setattr(verdicts, "_stored", lambda each, _: [result] * (each == experiment))
    on_record = record(tmp_path, path)
    assert on_record[experiment.name].version == experiment.version
    keys = (experiment.source.key,)
    of_before = {
        check: row.verdict.endswith("; recorded before")
        for row in passages.table(keys, on_record)
        for check in row.checks
        if check.startswith("experiment ")
    }
    assert [check for check, before in of_before.items() if not before] == [
        f"experiment {experiment.name}"
    ]
    (line,) = [each for each in passages.summary(on_record).splitlines() if keys[0] in each]
    assert "(recorded before a change)" in line
    now = {name: Verdicts(each.version, 1, {}) for name, each in experiments().items()}
    assert "recorded before" not in passages.markdown(now) + passages.summary(now)
