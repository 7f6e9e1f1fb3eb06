"""The ledger of the bands agrees with the experiments, and grows at its end alone."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.errors import UsageError
from deepnet.experiments.bands import (
    AND,
    CHANGES,
    COLUMNS,
    LEDGER,
    RENAMED,
    Stated,
    append,
    band_of,
    in_force,
    ledger,
    now,
)
from deepnet.experiments.experiment import Observation, experiments

ROOT = Path(__file__).parents[3]
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1)
ENDS = st.tuples(st.floats(allow_nan=False), st.floats(allow_nan=False)).map(sorted)


@st.composite
def statements(draw):
    """A line of a ledger."""
    low, high = map(str, draw(ENDS))
    changes = draw(st.lists(st.sampled_from(CHANGES[:-1]), min_size=1, unique=True))
    date = draw(st.datetimes()).strftime("%Y-%m-%dT%H:%MZ").zfill(17)
    return Stated(date, draw(WORDS), low, high, AND.join(changes), " ".join(draw(st.lists(WORDS))))


def judged():
    """The observations that have a band."""
    every = [each for experiment in experiments().values() for each in experiment.observations]
    return [each for each in every if each.band is not None]


def git(*words):
    """The text that git prints, or None where git or the object is absent."""
    try:
        done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=False)
    except FileNotFoundError:
        return None
    return None if done.returncode else done.stdout.decode()


def test_the_band_of_every_observation_is_the_band_of_its_last_line():
    bands = {name: line.band for name, line in in_force(ledger()).items()}
    assert {each.name: band_of(each) for each in judged()} == bands


def test_the_ledger_that_landed_last_is_the_beginning_of_this_one():
    commit = (git("merge-base", "HEAD", "refs/remotes/origin/main") or "HEAD").strip()
    landed = git("show", f"{commit}:{LEDGER.relative_to(ROOT).as_posix()}")
    if landed is None:
        pytest.skip("git has no ledger that landed")
    assert LEDGER.read_text(encoding="utf-8").startswith(landed)


def test_dates_do_not_decrease():
    dates = [line.date for line in ledger()]
    assert dates == sorted(dates)


def test_a_name_is_stated_first_once_and_a_renaming_starts_from_a_known_name():
    known = set()
    for line in ledger():
        new = line.former_name is not None or "first" in line.changes
        assert new == (line.observation not in known), line
        assert line.former_name is None or line.former_name in known, line
        known.add(line.observation)


def test_an_observation_says_what_it_was_if_its_lines_say_what_changed():
    changed = {line.observation for line in ledger() if line.changes != ["first"]}
    told = {each.name for each in judged() if each.was}
    assert told == changed & {each.name for each in judged()}


def test_a_first_line_with_a_sign_of_seen_data_is_of_an_observation_stated_after():
    seen = {line.observation for line in ledger() if line.why}
    assert seen & {each.name for each in judged()} == {
        each.name for each in judged() if each.stated == "after"
    }


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({"was": "less than 1"}, "needs the reason"),
        ({"stated": "after", "was": "less than 1"}, "needs the reason"),
        ({"why": "the data"}, "after the data"),
        ({"stated": "after"}, "after the data"),
    ],
)
def test_an_observation_that_was_changed_has_a_reason_and_no_other_has_one(told, wrong):
    with pytest.raises(ValueError, match=wrong):
        Observation("a.b", (0, 1), min, max, **told)


@given(st.lists(statements()), st.lists(statements()))
def test_lines_are_read_as_they_were_appended(tmp_path_factory, before, after):
    path = tmp_path_factory.mktemp("ledger") / "bands.csv"
    path.write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
    append(before, path)
    landed = path.read_text(encoding="utf-8")
    append(after, path)
    assert ledger(path) == before + after
    assert path.read_text(encoding="utf-8").startswith(landed)


def test_a_dropped_observation_is_in_force_again_once_it_is_stated_again():
    lines = [
        Stated(now(), "a.b", "0", "1", "first"),
        Stated(now(), "a.b", "", "", "dropped", "the data"),
    ]
    assert in_force(lines) == {}
    again = Stated(now(), "a.b", "0", "2", "band", "new data")
    assert in_force([*lines, again]) == {"a.b": again}


@pytest.mark.parametrize(
    "line",
    [
        "2026-11-21,a.b,0,1,first,",
        "2026-11-21T12:09Z,a.b,1,0,first,",
        "2026-11-21T12:09Z,a.b,0,,first,",
        "2026-11-21T12:09Z,a.b,0,1,dropped,",
        "2026-11-21T12:09Z,a.b,0,1,bands,",
        f"2026-11-21T12:09Z,a.b,0,1,first,{RENAMED},",
        '2026-11-21T12:09Z,a.b,0,1,first,"two\nlines"',
        "2026-11-21T12:09Z,a.b,0,1",
    ],
)
def test_what_is_no_line_of_a_ledger_is_refused(tmp_path, line):
    path = tmp_path / "bands.csv"
    path.write_text(",".join(COLUMNS) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(UsageError, match="no ledger of bands"):
        ledger(path)


def test_a_file_without_the_columns_is_refused(tmp_path):
    with pytest.raises(UsageError, match="no ledger of bands"):
        ledger(tmp_path / "absent.csv")
    (tmp_path / "other.csv").write_text("a,b\n", encoding="utf-8")
    with pytest.raises(UsageError, match="the columns are not date"):
        ledger(tmp_path / "other.csv")
