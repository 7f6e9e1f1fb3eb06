"""Sentences with plain-text mathematics become TeX: what is mathematics, and what stays a word."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.theory.typeset.corpus import complaint
from theory.sentences import markdown, tex
from theory.sentences.vocabulary import FUNCTIONS, GREEK, OPERATORS, RELATIONS


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("a mean m of A and a", "a mean $m$ of $A$ and $a$"),
        ("N m^2 > v/sqrt(alpha)", r"$N m^{2} > v/\sqrt{\alpha}$"),
        ("lambda_out = (v + N m^2)/m", r"$\lambda_{\mathrm{out}} = (v + N m^{2})/m$"),
        ("lambda+- = v(1 +- sqrt v)^2", r"$\lambda^{\pm} = v (1 \pm \sqrt{v})^{2}$"),
        ("|W - W*|^2", r"$\lvert W - W^{*} \rvert^{2}$"),
        ("1 and <g,yhat>", r"1 and $\langle g, \hat{y} \rangle$"),
        ("I - 11'/B of B x B", r"$I - \mathbf{1}\mathbf{1}^{\prime}/B$ of $B \times B$"),
        ("A (x) S of K-FAC, the source's R", r"$A \otimes S$ of K-FAC, the source's $R$"),
        ("at 100 % of {x}", r"at 100 \% of \{$x$\}"),
        ("1 - eta decay = 0, with weight decay", r"$1 - \eta \zeta = 0$, with weight decay"),
        ("Wl~ = Wl L and x ~ N", r"$\tilde{W_{\ell}} = W_{\ell} L$ and $x \sim N$"),
        ("gamma^decay, 1e-5 or 2.5e-6", r"$\gamma^{\zeta}$, $10^{-5}$ or $2.5 \cdot 10^{-6}$"),
        ("see spectra.one_outlier", r"see \texttt{spectra.\allowbreak one\_\allowbreak outlier}"),
        ("E x^2 = tr(R)/N -> 1", r"$\operatorname{E} x^{2} = \operatorname{tr} (R)/N \to 1$"),
        ("a remark (of two words)", "a remark (of two words)"),
    ],
)  # fmt: skip
def test_mathematics_is_told_from_words(text, right):
    assert tex(text, ["decay"]) == right


SIGNS = ["(", ")", "[", "]", "|", "^", "_", "'", "{", "}", "$", "\\", "%", "&", "#", "~", "."]
TOKENS = [*sorted(GREEK | FUNCTIONS | OPERATORS), *RELATIONS, *SIGNS, "sqrt", "x", "W", "11", "is"]


@given(st.lists(st.sampled_from([*TOKENS, " ", " "]), max_size=30).map("".join))
def test_any_sentence_is_valid_tex_and_loses_no_letter(text):
    """Every word and number is there in order, whatever is read as mathematics."""
    written = tex(text)
    parts = re.split(r"(?<!\\)\$", written)
    assert len(parts) % 2 == 1, "dollar signs come in pairs"
    assert [complaint(part) for part in parts[1::2] if complaint(part)] == []
    words = re.sub(r"\\[\w{}^~]*?(?=[{}\s^~_]|$)", "", written)
    assert re.findall(r"\d", written) == re.findall(r"\d", text)
    assert len(re.findall("W", words)) == text.count("W")


def test_markdown_has_the_same_mathematics():
    assert markdown("once N m^2 > v*: `x`") == r"once $N m^{2} > v^{*}$: \`$x$\`"
