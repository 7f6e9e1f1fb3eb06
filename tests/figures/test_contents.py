"""The table of passages: what is recorded, and what is said of it."""

import json
from dataclasses import asdict
from types import SimpleNamespace

import pytest

from companion.errors import UsageError
from deepnet.experiments.experiment import experiments
from figures import contents
from figures.contents import Verdicts, record, recorded, verdict


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Verdicts(1, {"a.b": "agrees"}), "agrees"),
        (Verdicts(1, {"a.b": "agrees", "a.c": None}), "agrees; 1 reported"),
        (Verdicts(3, {"a.b": None}), "1 reported; 3 seeds"),
        (Verdicts(1, {"a.b": "agrees", "a.c": "unresolved"}), "1 of 2 agree, `a.c` is unresolved"),
    ],
)
def test_a_verdict_in_words(found, said):
    assert verdict(found) == said


def test_what_has_no_result_keeps_its_verdict(tmp_path):
    path = tmp_path / "verdicts.json"
    before = {name: Verdicts(2, {f"{name}.x": "agrees"}) for name in experiments()}
    told = {name: asdict(verdicts) for name, verdicts in before.items()}
    path.write_text(json.dumps(told | {"gone": {"seeds": 1, "observations": {}}}))
    assert record(tmp_path / "results", path) == before
    assert recorded(path) == before
    path.write_text("{}")
    with pytest.raises(UsageError, match="has no result in"):
        record(tmp_path / "results", path)
    path.write_text("{")
    with pytest.raises(UsageError, match="cannot be read"):
        recorded(path)


def test_verdicts_are_read_off_the_seeds_from_0_on_that_are_stored(tmp_path, monkeypatch):
    def planned(experiment, scale, data, seed, results):
        return SimpleNamespace(stored=lambda: f"run {seed}" if seed in (0, 1, 3) else None)

    (experiment, *_) = experiments().values()
    monkeypatch.setattr(contents, "plan", planned)
    assert contents._stored(experiment, tmp_path) == []
    (tmp_path / experiment.name).mkdir()
    assert contents._stored(experiment, tmp_path) == ["run 0", "run 1"]
