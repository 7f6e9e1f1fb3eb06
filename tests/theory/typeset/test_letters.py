"""Each letter of the house has one form, and no two have the same."""

import re
from collections import Counter

import pytest

from tests.theory.typeset.corpus import HOUSE, complaint
from theory.typeset import form, in_unicode


def test_no_two_letters_of_the_house_look_alike():
    for written in (form, in_unicode):
        counted = Counter(map(written, HOUSE))
        assert [shown for shown, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("name", HOUSE)
def test_a_letter_is_a_letter(name):
    tex = form(name)
    assert not complaint(tex)
    assert not re.match(r"\\operatorname|[A-Za-z]{2}", tex), "a word stands for a letter"
    assert "\\" not in in_unicode(name) and "{" not in in_unicode(name)


@pytest.mark.parametrize(
    ("name", "tex", "text"),
    [
        ("lam", r"\lambda", "λ"),
        ("norm", r"\left\lVert W \right\rVert", "‖W‖"),
        ("|W_above|^2", r"\left\lVert W_2 \right\rVert^{2}", "‖W₂‖²"),
        ("velocity", r"\dot{f}", "ḟ"),
        ("tangent", r"\tan \theta", "tan θ"),
        ("z1", "z_{1}", "z₁"),
        ("yhat_i", r"\hat{y}_{i}", "ŷᵢ"),
        ("W_last", r"W_{\text{last}}", "Wₗₐₛₜ"),
        ("lambda_min+", r"\lambda_{\min}^{+}", "λₘᵢₙ⁺"),
        ("u'g", r"u^{\top} g", "uᵀg"),
        ("1", r"\mathbf{1}", "𝟙"),
        ("spread", r"\operatorname{spread}", "spread"),
    ],
)
def test_names_and_forms(name, tex, text):
    assert (form(name), in_unicode(name)) == (tex, text)
