"""The lines that a ledger lacks."""

from functools import partial

import pytest

import tools.bands
from companion.errors import UsageError
from deepnet.experiments.bands import Stated, append, in_force, ledger
from tools.bands import Change, due, main, present

DATE, LATER = "2026-11-21T12:09Z", "2026-11-21T12:35Z"
LINES = [Stated(DATE, "a.b", "0", "1", "first"), Stated(DATE, "a.c", "claim", "claim", "first")]
BANDS = {line.observation: line.band for line in LINES}


def lacked(changed_bands, change=None):
    """The lines that are due at LATER: (name, band, change, reason) of each."""
    lines = due(LINES, changed_bands, change or Change(), LATER)
    assert all(line.date == LATER for line in lines)
    assert {name: line.band for name, line in in_force([*LINES, *lines]).items()} == changed_bands
    return [(line.observation, line.band, line.changed, line.why) for line in lines]


def test_nothing_is_due_where_nothing_changed():
    assert lacked(BANDS) == []


def test_a_new_observation_needs_no_reason():
    assert lacked(BANDS | {"a.d": ("2", "3")}) == [("a.d", ("2", "3"), "first", "")]


@pytest.mark.parametrize("new", [("0", "2"), ("claim", "claim")])
def test_a_changed_band_needs_a_reason(new):
    with pytest.raises(UsageError, match=r"a\.b: band after data were seen; say why"):
        lacked(BANDS | {"a.b": new})
    assert lacked(BANDS | {"a.b": new}, Change(why="x")) == [("a.b", new, "band", "x")]


def test_an_observation_without_a_band_any_more_is_dropped():
    left = {"a.c": BANDS["a.c"]}
    with pytest.raises(UsageError, match=r"a\.b: dropped after data were seen"):
        lacked(left)
    assert lacked(left, Change(why="x")) == [("a.b", ("", ""), "dropped", "x")]


def test_a_dropped_observation_that_comes_back_is_not_stated_first():
    gone = [*LINES, Stated(DATE, "a.b", "", "", "dropped", "x")]
    with pytest.raises(UsageError, match=r"a\.b: band after data were seen"):
        due(gone, BANDS, Change(), LATER)


def test_a_changed_measure_is_named_by_the_author():
    change = Change(["a.b"], "measure and null", "x")
    assert lacked(BANDS, change) == [("a.b", ("0", "1"), "measure and null", "x")]
    with pytest.raises(UsageError, match=r"a\.b: measure after data were seen"):
        lacked(BANDS, Change(["a.b"], "measure"))


def test_a_renamed_observation_keeps_its_history():
    renamed = {"a.new": ("0", "1"), "a.c": BANDS["a.c"]}
    change = Change(["a.new"], "renamed from a.b", "x")
    assert lacked(renamed, change) == [("a.new", ("0", "1"), "renamed from a.b", "x")]


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        (Change(["a.z"], "null", "x"), "no observation with a band is named 'a.z'"),
        (Change(["a.b"], why="x"), "give both"),
        (Change(changed="null", why="x"), "give both"),
        (Change(["a.b"], "nul", "x"), "no change is 'nul'; give first, statement"),
        (Change(["a.b"], "null", "x\ny"), "has line breaks; give one line"),
    ],
)
def test_a_wrong_change_is_refused_in_one_line(change, wrong):
    with pytest.raises(UsageError, match=wrong) as error:
        due(LINES, BANDS, change, LATER)
    assert "\n" not in str(error.value)


def test_the_command_appends_what_the_experiments_lack(tmp_path, monkeypatch, capsys):
    name, band = next(iter(present().items()))
    path = tmp_path / "bands.csv"
    lines = [line for line in ledger() if line.observation != name]
    path.write_text("date,observation,low,high,changed,why\n")
    append(lines, path)
    monkeypatch.setattr(tools.bands, "ledger", partial(ledger, path))
    monkeypatch.setattr(tools.bands, "append", partial(append, path=path))
    assert main([]) == 0
    (new,) = ledger(path)[len(lines) :]
    assert (new.observation, new.band, new.changed) == (name, band, "first")
    assert capsys.readouterr().out.split()[1] == name
    assert main([]) == 0
    assert capsys.readouterr().out == ""
