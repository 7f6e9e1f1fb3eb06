"""The font of the formulas: what is in it, and that a page carries it."""

import re
from base64 import b64decode
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont

from book import fonts


@pytest.fixture(scope="module")
def font() -> TTFont:
    """The font as the style sheet gives it to a browser."""
    (text,) = re.findall(r"url\(\"data:font/woff2;base64,([^\"]+)\"\)", fonts.css())
    return TTFont(BytesIO(b64decode(text)))


def test_the_font_has_the_characters_that_the_formulas_may_use(font: TTFont) -> None:
    assert set(map(chr, font.getBestCmap())) == fonts.CHARACTERS


def test_a_letter_alone_is_drawn_italic(font: TTFont) -> None:
    """A browser draws ``<mi>x</mi>`` by the character for an italic x. That of h is Planck's."""
    italic = {0x1D434 + n for n in range(26)} | {
        0x1D44E + n for n in range(26) if chr(97 + n) != "h"
    }
    greek = {0x1D6E2 + n for n in range(25)} | {0x1D6FC + n for n in range(25)}
    assert italic | greek | {0x210E} <= set(font.getBestCmap())


def test_roots_and_brackets_grow(font: TTFont) -> None:
    """By the table MATH: each has taller forms, and parts for forms of any height."""
    cmap, variants = font.getBestCmap(), font["MATH"].table.MathVariants
    grown = dict(
        zip(variants.VertGlyphCoverage.glyphs, variants.VertGlyphConstruction, strict=True)
    )
    for sign in "√()[]{}|‖":
        construction = grown[cmap[ord(sign)]]
        assert construction.GlyphAssembly, sign


def test_the_licence_is_with_the_font(font: TTFont) -> None:
    text = (fonts.FOLDER / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in text
    assert "The STIX Fonts Project Authors" in text
    assert "SIL Open Font License" in font["name"].getDebugName(13)
    assert f'"{fonts.FAMILY}"' in fonts.css()
