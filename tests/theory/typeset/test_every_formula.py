"""Each formula of each claim is valid LaTeX, in letters, and so is what a terminal shows."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import sympy as sp

import theory
from tests.about import each_claim
from tests.theory.typeset.corpus import HOUSE, complaint, expressions, in_latex, two_signs, words
from theory import typeset
from theory.claim import Claim
from theory.domain import Array
from theory.typeset.latex import Latex
from theory.typeset.unicode import Unicode

DOCUMENT = r"""\documentclass{article}
\usepackage{amsmath,amssymb,graphicx}
\begin{document}
%s
\end{document}
"""
#: A formula that is wider than the page is made smaller.
FIT = (
    r"\noindent\resizebox{\ifdim\width>\linewidth \linewidth\else\width\fi}{!}{$\displaystyle %s$}"
)


@each_claim
def test_its_latex_is_read_by_a_parser_and_by_a_converter(claim: Claim) -> None:
    assert {tex: complaint(tex) for tex in in_latex(claim) if complaint(tex)} == {}


@each_claim
def test_no_letters_spell_a_word(claim: Claim) -> None:
    assert {tex: words(tex) for tex in in_latex(claim) if words(tex)} == {}


@each_claim
def test_no_sign_follows_a_sign(claim: Claim) -> None:
    assert [tex for tex in in_latex(claim) if two_signs(tex)] == []


@each_claim
def test_a_twin_looks_unlike_the_closed_form(claim: Claim) -> None:
    right = claim.closed_form._named
    for name, twin in claim.twins.items():
        for form in (typeset.latex, typeset.pretty):
            assert {key: form(part) for key, part in twin._named.items()} != {
                key: form(part) for key, part in right.items()
            }, name


@each_claim
def test_a_link_looks_unlike_what_stands_before_it(claim: Claim) -> None:
    chain = claim.derivation.chain
    for output, links in chain.links.items() if chain is not None else ():
        before = claim.definition._named.get(output)
        for link in links:
            if link.right is None:
                continue
            for form in (typeset.latex, typeset.pretty):
                assert before is None or form(link.right) != form(before), link.words
            before = link.right


@each_claim
def test_different_letters_of_a_formula_look_different(claim: Claim) -> None:
    for expression in expressions(claim):
        names = {str(each.name) for each in expression.atoms(sp.Symbol, sp.MatrixSymbol)}
        for form in (typeset.form, typeset.in_unicode):
            assert len({form(name) for name in names}) == len(names), (form, names)


@each_claim
def test_a_letter_of_the_house_is_a_number_or_an_array_as_there(claim: Claim) -> None:
    for expression in expressions(claim):
        for each in expression.atoms(sp.Symbol, sp.MatrixSymbol):
            house = HOUSE.get(str(each.name))
            if house is not None and house.latex:
                is_array = isinstance(each, sp.MatrixSymbol)
                assert is_array == isinstance(house.domain, Array), each


@each_claim
def test_printers_know_each_function_and_the_same_letters(
    claim: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_python_writes_it = Unicode.emptyPrinter

    def unknown(printer: Unicode, expression: object) -> object:
        assert isinstance(expression, sp.Number), f"{type(expression).__name__} is not known"
        return as_python_writes_it(printer, expression)

    monkeypatch.setattr(Latex, "emptyPrinter", unknown)
    monkeypatch.setattr(Latex, "_print_Basic", unknown)
    monkeypatch.setattr(Unicode, "emptyPrinter", unknown)
    names = {name for name in HOUSE if len(name) > 1 and typeset.in_unicode(name) != name}
    for expression in expressions(claim):
        assert typeset.latex(expression)
        shown = typeset.pretty(expression).replace("batch norm", "")
        assert not names & set(re.findall(r"[A-Za-z_]+", shown)), shown


@pytest.mark.parametrize(
    "tex",
    [
        r"\begin{aligned} a &= b \\ c &= d \end{aligned}",
        r"\text{squared_length} = 1",
        r"\frac{a}{b",
        r"a}",
        r"\left( a",
        r"a^{2}^{3}",
        r"a_{2}_{3}",
        r"\nonsense{a}",
        r"\begin{array}{rl} a & b",
        r"\operatorname{largest\ one}",
        r"a \\ b",
    ],
)
def test_what_is_not_valid_is_refused(tex: str) -> None:
    assert complaint(tex)


@pytest.mark.parametrize("tex", [r"\eta lam", "e p s", r"\frac{norm}{2}", r"\operatorname{E} lr"])
def test_a_word_is_found(tex: str) -> None:
    assert words(tex)


@pytest.mark.parametrize("tex", ["a + - b", "a - -b", r"a +- \frac{1}{B}"])
def test_two_signs_are_found(tex: str) -> None:
    assert two_signs(tex)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no TeX engine here")
def test_a_tex_engine_sets_all_of_them(tmp_path: Path) -> None:
    formulas = [tex for claim in theory.claims().values() for tex in in_latex(claim)]
    body = "\n\n".join(FIT % tex for tex in formulas)
    (tmp_path / "all.tex").write_text(DOCUMENT % body, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace")
    assert run.returncode == 0, run.stdout[-2000:]
