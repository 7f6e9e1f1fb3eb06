"""Formulas as MathML: what is shortened, what is spaced, and what is refused."""

import xml.etree.ElementTree as ET

import pytest

from book.mathml import aligned, mathml
from theory import claims
from theory.document import rows_of
from theory.page import names_of


def text_of(formula: str) -> str:
    """All characters of a formula in their order."""
    return "".join(ET.fromstring(formula).itertext())


def test_a_command_that_is_unknown_is_refused() -> None:
    with pytest.raises(ValueError, match="no MathML for"):
        mathml(r"\unknowncommand x")


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\frac{N m^{2} + v}{\alpha}", "Nm2+vα"),
        (r"\left|x\right| < \|y\|", "|x|<‖y‖"),
        (r"\lambda_{\mathrm{out}}", "λout"),
        (
            r"\begin{cases} a & \text{if } b \\ c & \text{otherwise} \end{cases}",
            "{aif\xa0bcotherwise",
        ),
    ],
)
def test_nothing_of_a_formula_is_lost(latex: str, text: str) -> None:
    assert text_of(mathml(latex, display=True)) == text


def test_bold_letters_are_characters_of_their_own() -> None:
    """Browsers draw ``mathvariant="bold"`` as if it were not there."""
    formula = mathml(r"X \mathbf{1} \mathbf{A}")
    assert text_of(formula) == "X𝟏𝐀"
    assert "mathvariant" not in formula


@pytest.mark.parametrize("latex", [r"a \pm b", r"\langle a, b \rangle^{2}", r"\{z: a\}"])
def test_signs_and_brackets_are_no_letters(latex: str) -> None:
    letters = [each.text for each in ET.fromstring(mathml(latex)).iter("mi")]
    assert all(letter.isalpha() for letter in letters)


def test_a_character_that_the_font_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match=r"lacks .*♠"):
        mathml("♠")


def test_a_word_of_upright_letters_is_one_identifier() -> None:
    assert "<mi>out</mi>" in mathml(r"\lambda_{\mathrm{out}}")


def test_brackets_grow_with_their_own_row_alone() -> None:
    short = ET.fromstring(mathml(r"\frac{a}{b} + \left(c\right)"))
    (row,) = short.findall("mrow")
    assert "".join(row.itertext()) == "(c)"


def test_names_of_functions_have_a_space_before_their_argument() -> None:
    formula = ET.fromstring(mathml(r"2 \ln x + \max(a, b)"))
    names = {each.text: each.get("rspace") for each in formula.findall("mo") if each.text.isalpha()}
    assert names == {"ln": "0.167em", "max": "0"}


def test_rows_are_aligned_at_their_relation() -> None:
    claim = claims()["spectra.edges"]
    formula = claim.finite_size._named["lower"]
    rows = rows_of(formula, names_of(claim), "")
    table = ET.fromstring(aligned(rows))
    assert len(rows) > 1
    assert len(table.findall("mtable/mtr")) == len(rows)
    assert text_of(aligned(["x & = y"])) == "x=y"
