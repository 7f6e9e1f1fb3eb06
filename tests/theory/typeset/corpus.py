"""All formulas that the product shows of a claim, and what must not be found in their LaTeX."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from latex2mathml.converter import convert
from latex2mathml.exceptions import (
    DoubleSubscriptsError,
    DoubleSuperscriptsError,
    ExtraLeftOrMissingRightError,
    MissingEndError,
    NoAvailableTokensError,
)
from pylatexenc.latexwalker import LatexWalker, LatexWalkerParseError

from theory import symbols, typeset
from theory.claim import Claim
from theory.domain import Parameter
from theory.formula import Formula

#: The letters of the house, by name.
HOUSE = {each.name: each for each in vars(symbols).values() if isinstance(each, Parameter)}
#: What MathML holds of a command that it does not know, or of a sign out of place.
STRAY = re.compile(r"<mi>&(?!#)|<m[iot]\w*>[^<]*\\|linebreak|<mo ?/>|<mo></mo>")
UPRIGHT = re.compile(r"\\(?:operatorname\*?|text|begin|end)\{[^{}]*\}(?:\{rl\})?")
#: What cannot be read.
UNREADABLE = (
    DoubleSubscriptsError,
    DoubleSuperscriptsError,
    ExtraLeftOrMissingRightError,
    LatexWalkerParseError,
    MissingEndError,
    NoAvailableTokensError,
)


def expressions(claim: Claim) -> Iterator[Any]:
    """Definition, closed form, finite size, twins and steps of a claim."""
    for formula in _formulas(claim):
        yield from formula._named.values()
    yield from (step.shown for step in claim.steps if step.shown is not None)


@cache
def in_latex(claim: Claim) -> tuple[str, ...]:
    """The same in LaTeX, each once; named ones as they are listed."""
    steps = (typeset.latex(step.shown) for step in claim.steps if step.shown is not None)
    return tuple(dict.fromkeys([*(each.latex() for each in _formulas(claim)), *steps]))


def _formulas(claim: Claim) -> Iterator[Formula]:
    yield from (claim.definition, claim.closed_form, *claim.twins.values())
    if claim.finite_size is not None:
        yield claim.finite_size


def complaint(tex: str) -> str:
    """What is wrong with LaTeX; empty where a parser and a converter to MathML read it."""
    try:
        LatexWalker(tex, tolerant_parsing=False).get_latex_nodes()
        stray = STRAY.search(convert(tex))
    except UNREADABLE as error:
        return repr(error)
    if stray:
        return f"stray: {stray[0]}"
    names = "".join(re.findall(r"\\(?:text|operatorname)\*?\{([^{}]*)\}", tex))
    return "an underscore in a name" if "_" in names else ""


def words(tex: str) -> list[str]:
    """What italic letters spell: runs without a space, and names of the house letter by letter."""
    italic = re.sub(r"\\[A-Za-z]+", ";", UPRIGHT.sub(";", tex))
    runs = re.findall(r"[A-Za-z]{2,}", italic)
    products = [run.replace(" ", "") for run in re.findall(r"(?:\b[A-Za-z]\b ?){2,}", italic)]
    names = [name for name in HOUSE if len(name) > 1]
    return runs + [name for name in names for run in products if name in run]


def two_signs(tex: str) -> bool:
    """Whether a plus or a minus stands before another."""
    return bool(re.search(r"[+-] *[+-]", tex))
