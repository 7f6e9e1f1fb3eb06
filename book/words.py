"""Sentences of the house as HTML: their mathematics, and the names in them as links."""

import html as escaping
import re
from collections.abc import Iterable
from functools import cache

from book.mathml import in_line
from companion.index import find, index
from theory.sentences.reader import Sentence

#: The kinds of names that have an address in the book, and their pages.
PAGES = {
    "claim": "{chapter}.html#{rest}",
    "figure": "{chapter}.html#figure-{rest}",
    "erratum": "errata.html#{name}",
    "experiment": "{source}.html#experiment-{name}",
    "observation": "{source}.html#observation-{name}",
}
#: Code between backquotes and errata, and names such as CIFAR-10, whose number is no mathematics.
APART = re.compile(r"(?<!`)`([^`]+)`(?!`)|\b(E[1-9]\d?)\b|\b([A-Z][A-Za-z]{2,}-\d+)\b")
#: A name of a claim, a figure or an observation in a text.
DOTTED = re.compile(r"[a-z]\w*\.[a-z]\w*")


def html(text: str, letters: Iterable[str] = ()) -> str:
    """``text`` with its mathematics as MathML and its names as links.

    ``letters`` are names that are letters beside mathematics, such as "decay".

    >>> html("at N inputs")
    'at <math><mi>N</mi></math> inputs'
    >>> html("on CIFAR-10, see `E11`")
    'on CIFAR-10, see <a href="errata.html#E11">E11</a>'
    """
    return _read(text, frozenset(letters))


@cache
def _read(text: str, letters: frozenset[str]) -> str:
    shown, at = "", 0
    for match in APART.finditer(text):
        shown += _mathematics(text[at : match.start()], letters)
        shown += link(match[1] or match[2]) if match[1] or match[2] else escaping.escape(match[3])
        at = match.end()
    return shown + _mathematics(text[at:], letters)


def _mathematics(text: str, letters: frozenset[str]) -> str:
    read = Sentence(text, letters).read(_token)
    return re.sub(r"\$(.+?)\$", lambda match: in_line(match[1]), read)


def _token(token: str) -> str:
    """A token that is no mathematics."""
    name = token.strip("`")
    if DOTTED.fullmatch(name) or token.startswith("``"):
        return link(name)
    return escaping.escape(token, quote=False).replace("$", "&#36;")


def breaking(name: str) -> str:
    """A name that may break at a dot or a line below.

    >>> breaking("spectra.one_outlier")
    'spectra.<wbr>one_<wbr>outlier'
    """
    return escaping.escape(name).replace(".", ".<wbr>").replace("_", "_<wbr>")


def link(name: str, shown: str = "") -> str:
    """A name of the house as a link to its place in the book, or as code where it has none.

    >>> link("E11")
    '<a href="errata.html#E11">E11</a>'
    >>> link("python -m sim")
    '<code>python -m sim</code>'
    """
    shown = breaking(shown or name)
    for kind in PAGES:
        if (kind, name) in index() and not name.startswith("own."):
            mark = f' data-claim="{name}"' if kind == "claim" else ""
            css = ' class="claim-link"' if mark else ""
            return f'<a{css} href="{address(kind, name)}"{mark}>{shown}</a>'
    return f"<code>{shown}</code>"


def address(kind: str, name: str) -> str:
    """Where the book has a name: its page and its place there, for ever.

    >>> address("claim", "spectra.outlier")
    'spectra.html#outlier'
    """
    chapter, _, rest = name.partition(".")
    source = _source(chapter) if "{source}" in PAGES[kind] else ""
    return PAGES[kind].format(chapter=chapter, rest=rest, name=name, source=source)


def _source(experiment: str) -> str:
    """The page of an experiment, on which its figures stand."""
    figures = find("experiment", experiment).carries["figure"]
    return figures[0].partition(".")[0]
