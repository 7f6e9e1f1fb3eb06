"""The pages that are opened: a few of each kind, or with ALL=1 every page."""

import os

from book.render import SOURCES, TITLES

LOOKED_UP = ("claims.html", "errata.html", "letters.html")
EVERY = (
    "index.html",
    "how_to_read.html",
    *(f"{chapter}.html" for chapter in TITLES),
    *(f"{source}.html" for source in SOURCES),
    *LOOKED_UP,
)
#: One page of each kind; of the chapters the one that has most.
FEW = ("index.html", "spectra.html", "page2019.html", "errata.html")
ALL = bool(os.environ.get("ALL"))
CHOSEN = EVERY if ALL else FEW
