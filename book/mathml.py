"""Formulas as MathML, which browsers draw without a script."""

import re
from collections.abc import Iterable
from functools import lru_cache

from latex2mathml.converter import convert

#: What MathML holds of a command that its converter does not know, or of a sign out of place.
STRAY = re.compile(r"<mi>&(?!#)|<m[iot]\w*>[^<]*\\|linebreak|<mo ?/>|<mo></mo>")
#: The attributes of <math> that say nothing that is not said already.
HEAD = re.compile(r'<math xmlns="[^"]*" display="\w+">')


@lru_cache(1 << 14)
def inside(latex: str) -> str:
    """The MathML of ``latex`` without the element ``math`` around it.

    Raises ValueError where a command is unknown, for a reader would see it in the formula.
    """
    text = convert(latex)
    stray = STRAY.search(text)
    if stray:
        raise ValueError(f"no MathML for {stray[0]!r} in {latex}")
    return HEAD.sub("", text).removesuffix("</math>")


def mathml(latex: str, display: bool = False) -> str:
    r"""The element ``math`` of a formula in LaTeX.

    >>> mathml("N")
    '<math><mrow><mi>N</mi></mrow></math>'
    """
    head = '<math display="block">' if display else "<math>"
    return f"{head}{inside(latex)}</math>"


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
    return f'<mstyle displaystyle="true">{inside(latex)}</mstyle>' if latex else ""
