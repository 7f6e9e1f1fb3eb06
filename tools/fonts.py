"""``python -m tools.fonts`` writes the book's font of formulas: a part of STIX Two Math.

The whole font comes with the package ziamath, and the part needs brotli: pip install ziamath brotli
"""

from collections.abc import Sequence
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from fontTools import subset

from book.fonts import CHARACTERS, FILE
from companion.command import Exit, run
from companion.errors import UsageError
from companion.files import atomic

NAME = "STIXTwoMath-Regular.ttf"
#: Forms for indices, flat and dotless letters under accents, distances, places of accents.
FEATURES = ["ssty", "flac", "dtls", "kern", "mark", "mkmk"]
#: Copyright, names, version, and the licence with its address.
NAMES = [0, 1, 2, 3, 4, 5, 6, 13, 14]


def main(argv: Sequence[str]) -> int:
    """Write the part of the font, say its size, and return the exit code."""
    data = part(whole())
    with atomic(FILE) as temporary:
        temporary.write_bytes(data)
    print(f"{FILE}: {len(data) / 1000:.0f} kB")
    return Exit.OK


def whole() -> Path:
    """The file of the whole font. Raises UsageError where ziamath is not installed."""
    found = find_spec("ziamath")
    if not found or not found.origin:
        raise UsageError("STIX Two Math is not here: pip install ziamath brotli")
    return Path(found.origin).parent / "fonts" / NAME


def part(path: Path) -> bytes:
    """The font at ``path`` with ``CHARACTERS`` alone, in the format woff2.

    The MATH table stays, and the parts from which roots and brackets of any height are built.
    Instructions for coarse screens are left out.
    """
    options = subset.Options()
    options.layout_features = FEATURES
    options.name_IDs = NAMES
    options.bidi_closure = False  # no brackets for writing from right to left
    options.hinting = False
    options.flavor = "woff2"
    font = subset.load_font(str(path), options)
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=sorted(map(ord, CHARACTERS)))
    chosen.subset(font)
    font.flavor = "woff2"
    data = BytesIO()
    font.save(data)
    return data.getvalue()


if __name__ == "__main__":
    run(main, "fonts")
