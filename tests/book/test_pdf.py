"""What ``--pdf`` says where no page can be printed."""

import sys
from pathlib import Path

import pytest

from book.chromium import VARIABLE
from book.pdf import print_pages
from companion.errors import UsageError


def test_a_program_that_prints_nothing_is_named(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv(VARIABLE, sys.executable)
    with pytest.raises(UsageError, match=r"could not print .*index\.html; set CHROMIUM"):
        print_pages(["index.html"], tmp_path, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_without_a_browser_one_line_says_so(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("book.pdf.find", lambda: None)
    with pytest.raises(UsageError, match="--pdf: there is no Chromium or Chrome here"):
        print_pages(["index.html"], tmp_path, tmp_path / "out")
    assert not (tmp_path / "out").exists()
