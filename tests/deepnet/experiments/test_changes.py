"""Changes of the configuration, by ``--set``."""

import json
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.errors import UsageError
from companion.scale import Scale
from deepnet.experiments.changes import read_changes
from deepnet.experiments.experiment import Experiment

CONFIGURATION = {"train": 20, "width": "1/8", "peak": 0.5, "augment": True}
KNOWN = [
    Experiment("one", SimpleNamespace(configuration=lambda scale: CONFIGURATION)),
    Experiment("two", SimpleNamespace(configuration=lambda scale: {"train": 50, "only": 1})),
]


@given(
    train=st.integers(),
    width=st.text(),
    peak=st.floats(allow_nan=False, allow_infinity=False),
    augment=st.booleans(),
)
def test_what_is_set_is_what_the_experiment_gets(train, width, peak, augment):
    wanted = {"train": train, "width": width, "peak": peak, "augment": augment}
    texts = [f"{k}={v if isinstance(v, str) else json.dumps(v)}" for k, v in wanted.items()]
    changed = read_changes(texts, KNOWN, Scale.QUICK)
    entries = changed["one"]
    assert entries == wanted
    assert {name: type(v) for name, v in entries.items()} == {k: type(v) for k, v in wanted.items()}
    assert KNOWN[0].configuration(Scale.QUICK, entries) == wanted
    assert changed["two"] == {"train": train}
    assert KNOWN[1].configuration(Scale.QUICK, changed["two"]) == {"train": train, "only": 1}


def test_a_whole_number_is_a_number_and_the_last_one_counts():
    by_experiment = read_changes(["peak=2", "only=3", "only=4"], KNOWN, Scale.QUICK)
    assert by_experiment == {"one": {"peak": 2.0}, "two": {"only": 4}}
    assert isinstance(by_experiment["one"]["peak"], float)
    assert read_changes([], KNOWN, Scale.QUICK) == {"one": {}, "two": {}}


def test_one_experiment_can_be_set_alone():
    by_experiment = read_changes(["train=1", "two.train=2"], KNOWN, Scale.QUICK)
    assert by_experiment == {"one": {"train": 1}, "two": {"train": 2}}
    assert read_changes(["two.train=2"], KNOWN, Scale.QUICK)["one"] == {}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("train", "--set 'train' sets nothing; give NAME=VALUE, such as width=1/4"),
        ("=5", "no entry of these configurations is named ''"),
        ("trian=5", "no entry of these configurations is named 'trian'; the nearest is 'train'"),
        ("tow.train=5", "no chosen experiment is named 'tow'; the nearest is 'two'"),
        ("two.peak=5", "no entry of these configurations is named 'peak'"),
        ("train=5.5", "--set 'train=5.5' does not fit; give a value such as 20"),
        ("two.train=5.5", "--set 'two.train=5.5' does not fit; give a value such as 50"),
        ("train=true", "--set 'train=true' does not fit; give a value such as 20"),
        ("train=", "--set 'train=' does not fit; give a value such as 20"),
        ("peak=fast", "--set 'peak=fast' does not fit; give a value such as 0.5"),
        ("peak=true", "--set 'peak=true' does not fit; give a value such as 0.5"),
        ("peak=NaN", "--set 'peak=NaN' does not fit; give a value such as 0.5"),
        ("peak=1e999", "--set 'peak=1e999' does not fit; give a value such as 0.5"),
        ("peak=1" + 400 * "0", "does not fit; give a value such as 0.5"),
        ("augment=1", "--set 'augment=1' does not fit; give a value such as true"),
    ],
)
def test_what_cannot_be_set_is_refused_in_one_line(text, says):
    with pytest.raises(UsageError) as caught:
        read_changes([text], KNOWN, Scale.QUICK)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
