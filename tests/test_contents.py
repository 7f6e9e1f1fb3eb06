"""The table of passages: what is recorded, and what is said of it."""

import json

import pytest

from companion.errors import UsageError
from deepnet.experiments.experiment import experiments
from figures.contents import record, recorded, verdict


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"a.b": "agrees"}, "agrees"),
        ({"a.b": "agrees", "a.c": None}, "agrees; 1 reported"),
        ({"a.b": None}, "1 reported"),
        ({"a.b": "agrees", "a.c": "unresolved"}, "1 of 2 agree, `a.c` is unresolved"),
    ],
)
def test_a_verdict_in_words(found, said):
    assert verdict(found) == said


def test_what_has_no_result_keeps_its_verdict(tmp_path):
    path = tmp_path / "verdicts.json"
    before = {name: {f"{name}.x": "agrees"} for name in experiments()}
    path.write_text(json.dumps(before | {"gone": {}}))
    assert record(tmp_path / "results", path) == before
    assert recorded(path) == before
    path.write_text("{}")
    with pytest.raises(UsageError, match="has no result in"):
        record(tmp_path / "results", path)
    path.write_text("{")
    with pytest.raises(UsageError, match="cannot be read"):
        recorded(path)
