"""The font of the formulas: what is in it, and that a page carries it."""

import re
from base64 import b64decode
from io import BytesIO
from typing import Any

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
    assert all(forms(font, sign).GlyphAssembly for sign in "√()[]{}|‖")


def test_no_gap_stands_behind_a_root_and_a_low_one_stands_on_its_line(font: TTFont) -> None:
    """Chromium keeps room for the widest form, and lets what is too high hang below the line."""
    root = forms(font, "√")
    names = [each.VariantGlyph for each in root.MathGlyphVariantRecord]
    parts = [each.glyph for each in root.GlyphAssembly.PartRecords]
    assert len({font["hmtx"][name][0] for name in names + parts}) == 1
    heights = [each.AdvanceMeasurement for each in root.MathGlyphVariantRecord]
    capital = font["OS/2"].sCapHeight
    assert capital < heights[0] < 1.5 * capital
    assert heights == sorted(heights)
    shapes = [font["glyf"][name] for name in names]
    grown = [shape.yMax - shape.yMin for shape in shapes]
    assert all(abs(a - b) <= 2 for a, b in zip(grown, heights, strict=True))  # whole units


def forms(font: TTFont, sign: str) -> Any:
    """The taller forms of a sign."""
    variants = font["MATH"].table.MathVariants
    at = variants.VertGlyphCoverage.glyphs.index(font.getBestCmap()[ord(sign)])
    return variants.VertGlyphConstruction[at]


def test_the_licence_is_with_the_font(font: TTFont) -> None:
    text = (fonts.FOLDER / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in text
    assert "The STIX Fonts Project Authors" in text
    assert "SIL Open Font License" in font["name"].getDebugName(13)


def test_script_and_style_sheet_give_the_same_font() -> None:
    (styled,) = re.findall(r"base64,([^\"]+)", fonts.css())
    (scripted,) = re.findall(r"atob\('([^']+)'\)", fonts.script())
    assert styled == scripted
    assert all(fonts.FAMILY in text for text in (fonts.css(), fonts.script()))
