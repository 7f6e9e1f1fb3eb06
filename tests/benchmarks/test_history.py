"""What is on record, and what has changed since."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import history
from companion.errors import UsageError

NOW = datetime(2026, 11, 30, 20, 15, tzinfo=UTC)
INTEL = "Intel(R) Xeon(R) Processor, family 6.143.8"


def run(processor=INTEL, rows=()):
    return {"machine": {"processor": processor}, "records": list(rows)}


def row(ours, theirs, task="product", threads=1, fastest=True, crowded=False):
    """A record of rounds with these ``ours`` and ``theirs``, seconds of CPU and by the clock."""
    ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
    times = {
        "ours": ours[0],
        "theirs": theirs[0],
        "ratio": ratios[0],
        "lowest": min(ratios),
        "highest": max(ratios),
    }
    of = {"case": "page", "threads": threads, "task": task, "title": task}
    return {**of, **times, "cpu": times, "fastest": fastest, "crowded": crowded}


def test_the_last_run_of_the_processor_is_found(tmp_path):
    assert history.last(INTEL, tmp_path / "absent") is None
    earlier = history.write(run(rows=[1]), tmp_path, NOW)
    history.write(run("another"), tmp_path, NOW.replace(hour=23))
    later = history.write(run(rows=[2]), tmp_path, NOW.replace(hour=21))
    assert earlier.name == "2026-11-30-2015-intel-r-xeon-r-processor-family-6-143-8.json"
    assert history.last(INTEL, tmp_path)["records"] == [2]
    later.unlink()
    assert history.last(INTEL, tmp_path)["records"] == [1]
    assert history.last("a third", tmp_path) is None


@pytest.mark.parametrize("text", ["", "[]", '{"time": "now", "records": []}', '{"machine": 1}'])
def test_a_file_that_is_no_record_is_named(tmp_path, text):
    (tmp_path / "some.json").write_text(text)
    with pytest.raises(UsageError, match=r"some\.json is no record"):
        history.last(INTEL, tmp_path)


def test_new_times_are_compared_with_old_ones_of_the_same_task():
    old = [row([4.0, 4.0], [8.0, 8.0]), row([1.0], [1.0], "step"), row([1.0], [1.0], threads=2)]
    new = [
        row([1.0, 1.0], [4.0, 4.0]),
        row([1.0], [1.0], fastest=False),
        row([1.0], [1.0], "block"),
    ]
    (change,) = history.changes(new, old)
    assert (change["ours"], change["theirs"], change["ratio"]) == (0.25, 0.5, 0.5)
    assert change["verdict"] == "faster"
    assert len(history.lines([change])) == 2


TIMES = st.lists(st.floats(0.5, 2.0), min_size=3, max_size=3)


@given(TIMES, TIMES, TIMES, TIMES)
def test_a_change_is_noise_unless_all_rounds_are_on_one_side(ours, theirs, before, theirs_before):
    pairs = zip(before, theirs_before, strict=True)
    now, then = [a / b for a, b in zip(ours, theirs, strict=True)], [a / b for a, b in pairs]
    signs = {(a > b) - (a < b) for a in now for b in then}
    (change,) = history.changes([row(ours, theirs)], [row(before, theirs_before)])
    expected = {-1: "faster", 0: "noise", 1: "slower"}
    assert change["verdict"] == (expected[signs.pop()] if len(signs) == 1 else "noise")
    assert change["lowest"] <= change["ratio"] <= change["highest"]


@pytest.mark.parametrize("crowded", [(True, False), (False, True)])
def test_a_crowded_machine_gives_no_verdict(crowded):
    new, old = (row([a], [1.0], crowded=each) for a, each in zip((1.0, 9.0), crowded, strict=True))
    (change,) = history.changes([new], [old])
    assert change["verdict"] == "crowded"


def test_lines_fit_the_terminal():
    (change,) = history.changes([row([12.0], [1.0])], [row([1.0], [1.0])])
    change["title"] = "8 Hessian products at once, each"
    assert max(map(len, [history.TITLES, *history.lines([change])])) <= 80
