"""Whether the book holds together: each place once on its page, each link leads to a place."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

from book.publish import Content

#: Attributes that name a place of the same page.
REFERRING = ("for", "aria-controls", "aria-labelledby", "aria-describedby")


class _Page(HTMLParser):
    """Collects the places of a page and what it points to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.places: Counter[str] = Counter()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.referred: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.places[given["id"]] += 1
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "link":
            self.loads.append(given.get("href", ""))
        if "src" in given:
            self.loads.append(given["src"])
        for name in REFERRING:
            self.referred += given.get(name, "").split()


def faults(files: Mapping[str, Content], may_lack: Iterable[str] = ()) -> list[str]:
    """What does not hold together in ``files``, one line per fault.

    Pages that are in ``may_lack`` need not be there.

    >>> faults({"a.html": '<p id="x"></p><a href="b.html#y">y</a>', "b.html": ""})
    ['a.html: no place b.html#y']
    """
    pages = {
        name: _Page(content)
        for name, content in files.items()
        if name.endswith(".html") and isinstance(content, str)
    }
    return [
        f"{name}: {fault}"
        for name, page in pages.items()
        for fault in _faults(name, page, pages, set(files) | set(may_lack))
    ]


def _faults(
    name: str, page: _Page, pages: Mapping[str, _Page], known: Iterable[str]
) -> Iterator[str]:
    for place, count in page.places.items():
        if count > 1:
            yield f"{count} places {place}"
    for place in dict.fromkeys(page.referred):
        if place not in page.places:
            yield f"no place #{place}"
    for address in dict.fromkeys([*page.links, *page.loads]):
        parts = urlsplit(address)
        target = unquote(parts.path) or name
        place = unquote(parts.fragment).partition("?")[0]
        if parts.scheme or parts.netloc:
            if address in page.loads and parts.scheme != "data":
                yield f"loads {address} from elsewhere"
        elif target not in known:
            yield f"no file {target}"
        elif place and target in pages and place not in pages[target].places:
            yield f"no place {target}#{place}"


def loads(style: str) -> list[str]:
    """What a style sheet loads, other than what stands in it.

    >>> loads('a { b: url("data:x") } @import "c.css"; d { e: url(f.png) }')
    ['c.css', 'f.png']
    """
    found = re.findall(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""", style)
    return sorted(a or b for a, b in found if not (a or b).startswith("data:"))
