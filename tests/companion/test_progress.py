"""Progress is shown by one process; a note is one line on stderr."""

import multiprocessing
import sys

from companion.progress import forecast, say, track


def test_other_processes_show_no_progress(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(multiprocessing, "parent_process", lambda: object())
    assert list(track(range(3), 3, "counting")) == [0, 1, 2]
    forecast(3, "counting", lambda: 1)
    assert capsys.readouterr().err == ""


def test_a_note_is_one_line_on_stderr_under_the_name_of_its_room(capsys):
    say("deepnet", "no cuDNN")
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "deepnet: no cuDNN\n")
