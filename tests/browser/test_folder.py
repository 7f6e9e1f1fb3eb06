"""The folder of the whole book: links, what pages load, size."""

from pathlib import Path

from book.links import faults, loads

MEGABYTE = 1e6


def test_each_link_leads_to_a_place_and_each_place_is_there_once(book: Path) -> None:
    files = {
        path.relative_to(book).as_posix(): path.read_text("utf-8")
        if path.suffix == ".html"
        else path
        for path in book.rglob("*")
        if path.is_file()
    }
    assert faults(files) == []


def test_style_sheets_load_nothing(book: Path) -> None:
    for path in book.rglob("*.css"):
        assert loads(path.read_text("utf-8")) == [], path


def test_the_book_is_small(book: Path) -> None:
    assert sum(path.stat().st_size for path in book.rglob("*") if path.is_file()) < 25 * MEGABYTE
