"""``python -m tools.fonts`` writes the book's font of formulas: a part of STIX Two Math.

The whole font comes with the package ziamath, and the part needs brotli: pip install ziamath brotli

Two of Chromium's habits are met in the font. Behind each root it keeps room for the widest form of
the sign, so all forms get one width. A sign that is taller than its root hangs below the line, so
there is one more form, which is as tall as a capital needs.
"""

from collections.abc import Sequence
from copy import deepcopy
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont

from book.fonts import CHARACTERS, FILE
from companion.command import Exit, run
from companion.errors import UsageError
from companion.files import atomic

NAME = "STIXTwoMath-Regular.ttf"
#: Forms for indices, flat and dotless letters under accents, distances, places of accents.
FEATURES = ["ssty", "flac", "dtls", "kern", "mark", "mkmk"]
#: Copyright, names, version, and the licence with its address.
NAMES = [0, 1, 2, 3, 4, 5, 6, 13, 14]
#: The width of each form of the root, and the height of the least, in thousandths of the size.
ROOT_WIDTH, ROOT_HEIGHT = 850, 860


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
    add_root(font)
    level_roots(font)
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=sorted(map(ord, CHARACTERS)))
    chosen.subset(font)
    font.flavor = "woff2"
    data = BytesIO()
    font.save(data)
    return data.getvalue()


def add_root(font: TTFont) -> None:
    """Make the sign of the root lower, and what it was the next of its forms."""
    sign = font.getBestCmap()[ord("√")]
    as_it_was = f"{sign}.high"
    glyphs, forms = font["glyf"], _roots(font)
    font.setGlyphOrder([*font.getGlyphOrder(), as_it_was])
    glyphs.glyphOrder = font.getGlyphOrder()
    glyphs[as_it_was], font["hmtx"][as_it_was] = deepcopy(glyphs[sign]), font["hmtx"][sign]
    _scale(font, sign, 1, ROOT_HEIGHT / (glyphs[sign].yMax - glyphs[sign].yMin))
    high, low = forms.MathGlyphVariantRecord[0], deepcopy(forms.MathGlyphVariantRecord[0])
    high.VariantGlyph, low.AdvanceMeasurement = as_it_was, ROOT_HEIGHT
    forms.MathGlyphVariantRecord.insert(0, low)
    forms.VariantCount = len(forms.MathGlyphVariantRecord)


def level_roots(font: TTFont) -> None:
    """Give all forms of the root, and the parts of the highest, one width."""
    forms = _roots(font)
    names = {each.VariantGlyph for each in forms.MathGlyphVariantRecord}
    for name in names | {each.glyph for each in forms.GlyphAssembly.PartRecords}:
        _scale(font, name, ROOT_WIDTH / font["hmtx"][name][0], 1)


def _roots(font: TTFont) -> Any:
    """The forms of the root in the table MATH."""
    variants = font["MATH"].table.MathVariants
    at = variants.VertGlyphCoverage.glyphs.index(font.getBestCmap()[ord("√")])
    return variants.VertGlyphConstruction[at]


def _scale(font: TTFont, name: str, x: float, y: float) -> None:
    glyph = font["glyf"][name]
    glyph.coordinates.scale((x, y))
    glyph.coordinates.toInt()
    glyph.recalcBounds(font["glyf"])
    font["hmtx"][name] = round(font["hmtx"][name][0] * x), glyph.xMin


if __name__ == "__main__":
    run(main, "fonts")
