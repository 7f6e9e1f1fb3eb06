"""Progress is shown by one process."""

import multiprocessing
import sys

from companion.progress import forecast, track


def test_other_processes_show_no_progress(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(multiprocessing, "parent_process", lambda: object())
    assert list(track(range(3), 3, "counting")) == [0, 1, 2]
    forecast(3, "counting", lambda: 1)
    assert capsys.readouterr().err == ""
