"""The font of the formulas, which the pages carry with them.

Browsers draw roots, tall brackets and bars by the MATH table of a font, and many systems have no
such font. The book ships a part of STIX Two Math, which ``python -m tools.fonts`` writes. The text
has no font of its own: the system's faces are there at once, weigh nothing and move no line.
"""

import unicodedata
from base64 import b64encode
from pathlib import Path

FOLDER = Path(__file__).parent / "static" / "fonts"
FILE = FOLDER / "STIXTwoMath.woff2"
#: The name of the font in the style sheets.
FAMILY = "Book Math"
#: Ranges of the characters in the font, first and last.
RANGES = (
    (0x0020, 0x007E),  # letters, digits and signs upright
    (0x00A0, 0x00A0),  # the space in words of a formula
    (0x00A8, 0x00B7),  # accents, plus or minus, the dot between factors
    (0x00D7, 0x00D7),  # times
    (0x02C6, 0x02DD),  # accents
    (0x0391, 0x03CE),  # Greek upright
    (0x03D5, 0x03D6),
    (0x2010, 0x2016),  # dashes, bars of a norm
    (0x2020, 0x2022),
    (0x2026, 0x2026),  # dots
    (0x2032, 0x2034),  # primes
    (0x2061, 0x2064),  # operations that are not seen
    (0x2102, 0x2134),  # letters of sets, script letters
    (0x2190, 0x21D4),  # arrows
    (0x2200, 0x22A5),  # operators and relations
    (0x22C0, 0x22C6),
    (0x22EE, 0x22F1),  # dots
    (0x2308, 0x230B),  # brackets of rounding
    (0x23DC, 0x23DF),  # brackets over and under a sum
    (0x27C2, 0x27C2),  # is perpendicular to
    (0x27E8, 0x27EB),  # angle brackets
    (0x1D400, 0x1D467),  # bold and italic: a letter alone is drawn italic
    (0x1D49C, 0x1D4B5),  # script capitals
    (0x1D538, 0x1D550),  # double-struck capitals
    (0x1D6A4, 0x1D6A5),  # i and j without their dots
    (0x1D6E2, 0x1D71B),  # Greek italic
    (0x1D7CE, 0x1D7E1),  # digits bold and double-struck
)
#: The characters in the font. Some numbers between the letters stand for no character.
CHARACTERS = frozenset(
    chr(code)
    for first, last in RANGES
    for code in range(first, last + 1)
    if unicodedata.name(chr(code), "")
)


NOTE = "A part of STIX Two Math. Its licence is in fonts/OFL.txt."


def script() -> str:
    """The script that gives the font to a page.

    A font that stands in a style sheet comes after the page was drawn, and moves its lines. A
    script in the head of the page has the font ready before anything is drawn.
    """
    return (
        f"// {NOTE}\n(function () {{\n  'use strict';\n"
        f"  const text = atob('{_text()}');\n"
        "  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));\n"
        f"  document.fonts.add(new FontFace('{FAMILY}', bytes));\n}})();\n"
    )


def css() -> str:
    """The style sheet of the font, for a page without scripts."""
    return (
        f'/* {NOTE} */\n@font-face {{\n  font-family: "{FAMILY}";\n'
        f'  src: url("data:font/woff2;base64,{_text()}") format("woff2");\n'
        "  font-display: block;\n}\n"
    )


def _text() -> str:
    return b64encode(FILE.read_bytes()).decode()
