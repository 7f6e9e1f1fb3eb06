"""Formulas as MathML, which browsers draw without a script."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from functools import lru_cache

from latex2mathml.converter import convert

from book.fonts import CHARACTERS

#: What MathML holds of a command that its converter does not know, or of a sign out of place.
STRAY = re.compile(r"<mi>&(?!#)|<m[iot]\w*>[^<]*\\|linebreak|<mo ?/>|<mo></mo>")
NAMESPACE = re.compile(r' xmlns="[^"]*"')
#: The elements that hold a row without saying so.
ROWS = {"math", "mrow", "msqrt", "mtd", "mstyle"}
UPRIGHT = {"mathvariant": "normal"}
#: Browsers draw no bold letter by its attribute, but they have characters for bold letters.
BOLD = {"mathvariant": "bold"}
#: The characters at which the bold letters begin, by the first of each kind.
BOLD_FROM = {"A": 0x1D400, "a": 0x1D41A, "0": 0x1D7CE}
#: Signs that the converter takes for letters.
SIGNS = {"\N{PLUS-MINUS SIGN}", ":", ";"}
BRACKETS = {"\N{MATHEMATICAL LEFT ANGLE BRACKET}", "\N{MATHEMATICAL RIGHT ANGLE BRACKET}"}
#: A thin space, and none.
THIN, NONE = "0.167em", "0"
#: Names of functions that the converter takes for letters.
FUNCTIONS = {"arccos", "arcsin", "arctan", "cos", "det", "dim", "exp", "ker", "ln", "log", "sin"}
#: Names of functions that have what they range over under them on display.
UNDER = {"inf", "lim", "max", "min", "sup"}
#: Signs that stand close to what is beside them.
BARS = {"|", "\N{DOUBLE VERTICAL LINE}"}
CLOSE = {"/", *BARS}
#: A formula of at most so many signs is not cut within a sentence, and where the others are cut.
SHORT = 12
CUTS = {
    "=",
    "<",
    ">",
    "\N{LESS-THAN OR EQUAL TO}",
    "\N{GREATER-THAN OR EQUAL TO}",
    "+",
    "\N{MINUS SIGN}",
}
OPENING, CLOSING = {"(", "[", "{"}, {")", "]", "}"}


@lru_cache(1 << 14)
def inside(latex: str, display: bool = False) -> str:
    """The MathML of ``latex`` without the element ``math`` around it.

    Limits of a sum stand under and over it where it is on ``display``.

    Raises ValueError where a command is unknown, for a reader would see it in the formula, and
    where the book's font lacks a character.
    """
    text = convert(latex, display="block" if display else "inline")
    stray = STRAY.search(text)
    if stray:
        raise ValueError(f"no MathML for {stray[0]!r} in {latex}")
    root = ET.fromstring(NAMESPACE.sub("", text))
    for element in root.iter():
        _mend(element)
        if display and element.tag == "msub" and element[0].text in UNDER:
            element.tag = "munder"
        if element.tag == "mtable":
            element.set("displaystyle", "true")  # else fractions in it are small
    _shorten(root)
    lacking = set("".join(root.itertext())) - CHARACTERS
    if lacking:
        raise ValueError(f"the book's font lacks {sorted(lacking)} of {latex}; see book/fonts.py")
    return _text(root)


def _mend(element: ET.Element) -> None:
    """Mark an element as browsers read it."""
    text = element.text or ""
    if element.attrib == BOLD:
        element.text = "".join(map(_bold, text))
        element.attrib.clear()
    elif element.tag == "mi" and text in SIGNS | BRACKETS:
        element.tag = "mo"
    if element.tag == "mo" and text in BRACKETS | BARS and not element.get("stretchy"):
        element.set("stretchy", "false")  # it would grow as high as its row


def _bold(character: str) -> str:
    """A letter or a digit in bold.

    >>> _bold("1")
    '𝟏'
    """
    for first, code in BOLD_FROM.items():
        offset = ord(character) - ord(first)
        if 0 <= offset < (10 if first == "0" else 26):
            return chr(code + offset)
    raise ValueError(f"there is no bold {character!r}")


def _shorten(element: ET.Element) -> None:
    """Take out rows that hold one element or lie in a row, and join letters of one word."""
    for child in element:
        _shorten(child)
    parts = [part for child in element for part in _parts(child, element.tag in ROWS)]
    element[:] = list(_joined(parts)) if element.tag in ROWS else parts
    _space(element)


def _space(element: ET.Element) -> None:
    """Give signs and names of functions in a row the spaces of print."""
    row = list(element)
    for before, sign, after in zip([None, *row], row, [*row[1:], None], strict=False):
        name = sign.text or ""
        if sign.tag == "mi" and name in FUNCTIONS:
            sign.tag = "mo"  # an identifier would stand without a space before its argument
        if sign.tag != "mo" or sign.get("stretchy") == "true":
            continue
        if name in CLOSE:
            sign.attrib |= {"lspace": NONE, "rspace": NONE}
        elif name.isalpha():
            opens = after is None or after.text in ("(", "[")
            sign.attrib |= {"lspace": NONE if before is None else THIN}
            sign.attrib |= {"rspace": NONE if opens else THIN}


def _parts(child: ET.Element, in_row: bool) -> list[ET.Element]:
    """What a row holds, where it stands in a row or holds one element, else the element itself.

    A row with brackets that grow stays, for they grow with what stands in their row.
    """
    if child.tag != "mrow" or child.attrib or len(child) == 0:
        return [child]
    grows = any(each.get("stretchy") == "true" for each in child)
    return list(child) if len(child) == 1 or (in_row and not grows) else [child]


def _joined(parts: Iterable[ET.Element]) -> Iterator[ET.Element]:
    """Upright letters beside each other are one word."""
    before: ET.Element | None = None
    for part in parts:
        if part.tag == "mi" and part.attrib == UPRIGHT:
            if before is not None:
                before.text = f"{before.text}{part.text}"
                before.attrib.clear()  # a name of several letters is upright by itself
                continue
            before = part
        else:
            before = None
        yield part


def mathml(latex: str, display: bool = False) -> str:
    r"""The element ``math`` of a formula in LaTeX.

    >>> mathml(r"N / \sqrt{m}")
    '<math><mi>N</mi><mo lspace="0" rspace="0">/</mo><msqrt><mi>m</mi></msqrt></math>'
    """
    head = '<math display="block">' if display else "<math>"
    return f"{head}{inside(latex, display)}</math>"


def in_line(latex: str) -> str:
    """A formula within a sentence, in pieces between which a line may end.

    Browsers break no formula. A long one is cut before relations and signs outside all brackets,
    and before the rows of a matrix.

    >>> in_line("a = b").count("<math>")
    1
    """
    root = ET.fromstring(f"<math>{inside(latex)}</math>")
    if _leaves(root) <= SHORT:
        return mathml(latex)
    pieces: list[list[ET.Element]] = [[]]
    depth = 0
    for each in root:
        sign = _sign(each)
        if pieces[-1] and _may_begin(each, pieces[-1][-1], depth):
            pieces.append([])
        if sign in CUTS and depth == 0 and len(pieces) > 1 and not pieces[-1]:
            each.set("form", "infix")  # at the start of a formula it would be a prefix
        depth += (sign in OPENING) - (sign in CLOSING)
        pieces[-1].append(each)
    return "<wbr>".join(f"<math>{_text(piece)}</math>" for piece in pieces)


def _may_begin(element: ET.Element, before: ET.Element, depth: int) -> bool:
    """Whether a line may begin with an element: a sign, a bracket after another, a long root.

    Within brackets a line begins with the row of a matrix alone.
    """
    sign, last = _sign(element), _sign(before)
    if depth:
        return sign in OPENING and last == ","
    if sign in {*CUTS, "["} or (sign in OPENING and (last in CLOSING or last == "/")):
        return True
    return element.tag == "msqrt" and _leaves(element) > SHORT


def _sign(element: ET.Element) -> str:
    """The sign that an element is, or that has its exponent; "" for another element."""
    base = element[0] if element.tag in ("msup", "msub", "msubsup") else element
    return (base.text or "") if base.tag == "mo" else ""


def _leaves(element: ET.Element) -> int:
    return sum(1 for each in element.iter() if len(each) == 0)


def _text(elements: Iterable[ET.Element]) -> str:
    return "".join(ET.tostring(each, encoding="unicode") for each in elements)


def aligned(rows: Iterable[str]) -> str:
    """Displayed rows of ``theory.document.rows_of``, aligned at the first "&" of each."""
    lines = [row.partition("&") for row in rows]
    if len(lines) == 1:
        left, _, right = lines[0]
        return mathml(f"{left} {right}".strip(), display=True)
    body = "".join(
        f'<mtr><mtd class="left">{_cell(left)}</mtd><mtd class="right">{_cell(right)}</mtd></mtr>'
        for left, _, right in lines
    )
    return f'<math display="block"><mtable class="rows">{body}</mtable></math>'


def _cell(latex: str) -> str:
    latex = latex.strip()
    return f'<mstyle displaystyle="true">{inside(latex, True)}</mstyle>' if latex else ""
