"""Hostile files: one line, little memory, nothing executed, nothing written, nothing echoed raw."""

import os
import tracemalloc

import numpy as np
import pytest

from companion.errors import UsageError
from sim.inputs.read_table import read
from sim.inputs.reader import source, text
from sim.inputs.reader.options import Options
from tests.sim.inputs.reader.hostile import BOMB, files

FILES = dict(files())
#: The hostile files that are tables all the same.
READ = {"big.csv", "bomb.npz", "signs.csv", "quotes for a name.csv"}


@pytest.fixture
def little_memory(monkeypatch):
    """A machine on which an eighth of the memory is half a bomb, and half the memory is more."""
    monkeypatch.setattr(source, "memory", lambda: 4 * BOMB)


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_one_line(tmp_path, monkeypatch, little_memory, name):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "x"
    path = path.with_name(name.replace(" ", "_"))
    path.write_bytes(FILES[name])
    tracemalloc.start()
    try:
        table = read(path)
    except UsageError as error:
        assert str(error).isprintable(), str(error)
        assert len(str(error).replace(str(tmp_path), "")) <= 300
        assert "allow_pickle" not in str(error) and "None" not in str(error)
        assert name not in READ
    else:
        assert name in READ
        assert all(line.isprintable() and len(line) < 400 for line in table.in_words(str(path)))
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 6 * BOMB
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_a_bomb_is_refused_by_what_the_memory_holds(tmp_path, little_memory, monkeypatch):
    for name, says in {
        "lines.csv.gz": "unpacks to more than 2 MB, which this machine's memory does not hold",
        "one line.csv.gz": "unpacks to more than 2 MB",
        "zeros.csv.gz": "NUL bytes|more than 2 MB",
    }.items():
        (tmp_path / name).write_bytes(FILES[name])
        with pytest.raises(UsageError, match=says):
            read(tmp_path / name)
    (tmp_path / "bomb.npz").write_bytes(FILES["bomb.npz"])
    monkeypatch.setattr(source, "memory", lambda: BOMB)
    with pytest.raises(UsageError, match="an array of 4 MB, more than half of this machine's"):
        read(tmp_path / "bomb.npz")


def test_a_file_that_grows_is_read_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "x.csv"
    whole = "a,b\n" + "1,2\n3,5\n" * 100
    path.write_text(whole)
    look = text._layout

    def looked(*arguments):
        layout = look(*arguments)
        with path.open("a") as file:
            file.write("7,x\n" * 5000)
        return layout

    monkeypatch.setattr(text, "_layout", looked)
    assert read(path).values.tolist() == [[1, 2], [3, 5]] * 100


def test_a_file_that_shrinks_is_one_line(tmp_path, monkeypatch):
    path = tmp_path / "x.csv"
    path.write_text("a,b\n" + "1,2\n3,5\n" * 100)
    look = text._layout

    def looked(*arguments):
        layout = look(*arguments)
        path.write_text("a,b\n1,")
        return layout

    monkeypatch.setattr(text, "_layout", looked)
    with pytest.raises(UsageError, match=r"line 2, column 2 is ''"):
        read(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "x.csv")
    with pytest.raises(UsageError, match=r"is a pipe or a device; .* or - for a pipe"):
        read(tmp_path / "x.csv")


@pytest.mark.parametrize("name", ["a\x00b.csv", "x" * 5000 + ".csv", "\x1b[2J.csv", "x.csv/y.csv"])
def test_names_that_no_file_has(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.csv").write_text("1,2\n")
    with pytest.raises(UsageError, match="there is no file") as refused:
        read(name)
    assert str(refused.value).isprintable()


def test_control_characters_of_names_are_escaped(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes("\x1b[2J,\x9bb,\u202ec\n1,2,5\n3,5,6\n".encode())
    (line,) = read(path).in_words("x")
    assert line == r"x; float64; header \x1b[2J, \x9bb, \u202ec"
    path.write_bytes(b"\x1b[2J,b\nx,2\n3,5\n")
    with pytest.raises(UsageError, match=r"line 2, column 1 is 'x'; .* --drop 1 leaves"):
        read(path)
    assert np.array(read(path, Options(drop=("1",))).values).tolist() == [[2], [5]]
