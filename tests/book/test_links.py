"""What of a book does not hold together."""

import pytest

from book.links import faults


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        ('<a href="#here">', ""),
        ('<a href="b.html#there">', ""),
        ('<a href="b.html#there?alpha=2">', ""),
        ('<a href="later.html#place">', ""),
        ('<a href="https://arxiv.org/abs/1805.11604">', ""),
        ('<img src="figures/a.svg">', ""),
        ('<a href="#gone">', "a.html: no place a.html#gone"),
        ('<a href="b.html#gone">', "a.html: no place b.html#gone"),
        ('<a href="gone.html">', "a.html: no file gone.html"),
        ('<img src="figures/gone.svg">', "a.html: no file figures/gone.svg"),
        ('<link href="static/gone.css">', "a.html: no file static/gone.css"),
        ('<i id="here"></i>', "a.html: 2 places here"),
        ('<label for="gone">', "a.html: no place #gone"),
        (
            '<script src="https://cdn.org/x.js">',
            "a.html: loads https://cdn.org/x.js from elsewhere",
        ),
        ('<script src="//cdn.org/x.js">', "a.html: loads //cdn.org/x.js from elsewhere"),
    ],
)
def test_each_fault_is_named(page: str, fault: str) -> None:
    files = {
        "a.html": f'<p id="here"></p>{page}',
        "b.html": '<p id="there"></p>',
        "figures/a.svg": "<svg/>",
    }
    assert faults(files, may_lack=["later.html"]) == ([fault] if fault else [])
