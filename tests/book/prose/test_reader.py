"""The reader of prose: what it makes of a text, and what it refuses, where and in which words."""

import math
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from book import prose
from book.prose import Block, computed
from companion.errors import UsageError
from theory import claims
from theory.claim import Claim

OUTLIER = "{= outlier N=320 alpha=1.25 m=0.22 v=0.9}"
FINITE = st.floats(allow_nan=False, allow_infinity=False)


def lead(text: str, name: str = "spectra") -> str:
    """The HTML of a lead of one paragraph."""
    (block,) = prose.parse(f"# Title\n\n{text}\n", name).lead
    assert block.kind == "html"
    return block.text


def refusal(text: str, name: str = "spectra") -> str:
    with pytest.raises(UsageError) as refused:
        prose.parse(text, name)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_a_text_has_a_title_a_lead_and_sections() -> None:
    text = prose.parse(
        "# A title\n\nOne.\n\n::: figure spectra.energies\n\nTwo.\n\n"
        "## bulk: The bulk\n\nThree.\n\nFour.\n",
        "spectra",
    )
    assert text.title == "A title"
    assert [block.kind for block in text.lead] == ["html", "figure", "html"]
    assert text.lead[1] == Block("figure", "spectra.energies")
    title, (block,) = text.sections["bulk"]
    assert title == "The bulk"
    assert block.text == "<p>Three.</p>\n<p>Four.</p>\n"


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("outlier", "spectra.html#outlier"),
        ("spectra.outlier", "spectra.html#outlier"),
        ("quadratic.max_rate", "quadratic.html#max_rate"),
        ("figure energies", "spectra.html#figure-energies"),
        ("figure spectra.energies", "spectra.html#figure-energies"),
        ("figure invariance.equilibrium", "invariance.html#figure-equilibrium"),
        ("invariance.equilibrium", "invariance.html#equilibrium"),
        ("E11", "errata.html#E11"),
        ("quadratic", "quadratic.html"),
        ("experiment training", "page2019.html#figure-training"),
    ],
)
def test_a_name_is_a_link(written: str, address: str) -> None:
    assert f'href="{address}"' in lead(f"See {{{written}}}.")


def test_a_term_is_mathml_and_a_verdict_is_the_passages() -> None:
    assert "<math" in lead("with $N$ inputs")
    assert "<em>holds</em>" in lead("it {judged page2019, momentum}")


def test_markdown_does_not_reach_html() -> None:
    assert "<script>" not in lead("a <script> here")


def test_a_number_follows_its_claim(monkeypatch: pytest.MonkeyPatch) -> None:
    """A changed closed form changes the number: nothing but the claim computes it."""
    assert ">17.15<" in lead(OUTLIER)
    claim = claims()["spectra.outlier"]

    def tampered() -> object:
        derivation = claim.derivation
        return replace(derivation, closed_form=-derivation.closed_form)

    changed = replace(claim, derive=tampered)
    known: dict[str, Claim] = {**claims(), claim.name: changed}
    monkeypatch.setattr(computed, "claims", lambda: known)
    assert ">−17.15<" in lead(OUTLIER)


def test_a_renamed_claim_is_missed_in_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {name: claim for name, claim in claims().items() if name != "spectra.outlier"}
    monkeypatch.setattr(computed, "claims", lambda: known | {"spectra.outliers": None})
    with pytest.raises(UsageError, match=r"^book/prose/spectra\.md line \d+: .*'outliers'"):
        prose.read("spectra")


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("{outlie}", 3, "the nearest is 'outlier'"),
        ("{quadratic.max_rat}", 3, "the nearest is 'quadratic.max_rate'"),
        ("one\ntwo {E1l}", 4, "no claim, erratum or page is named 'E1l'"),
        ("one\n$N$ and\n{= outlie N=1}", 5, "no claim is named 'outlie'"),
        ("{= outlier\nN=320} {no}", 3, "parameter alpha is missing"),
        ("{= edges alpha=1\nv=1 upper} {no}", 4, "is named 'no'"),
        ("{= outlier N=320 alpha=-1 m=1 v=1}", 3, "alpha = -1"),
        ("{= outlier N=1.5 alpha=1 m=1 v=1}", 3, "whole number"),
        ("{= outlier N=320 beta=1 alpha=1 m=1 v=1}", 3, "no parameter 'beta'"),
        ("{= edges alpha=1 v=1}", 3, "has the parts lower, upper; name one"),
        ("{= edges middle alpha=1 v=1}", 3, "has the parts lower, upper; name one"),
        ("{= atom lower alpha=1}", 3, "has no parts; name none"),
        ("{= kronecker.softmax_regression M=2 mu=[1]}", 3, "is a matrix"),
        ("{= atom alpha=one}", 3, "cannot be read"),
        ("{= atom alpha=1 digits=x}", 3, "cannot be read"),
        ("{= atom alpha=1 digits=0}", 3, "digits = 0 is no whole number from 1 to 17"),
        ("{figure energie}", 3, "the nearest is 'spectra.energies'"),
        ("{experiment trainin}", 3, "the nearest is 'training'"),
        ("{judged page2018, momentum}", 3, "the nearest is 'page2019'"),
        ("{judged page2019, momentums}", 3, "the nearest is 'momentum'"),
        ("It is 17.15.", 3, "the number 17.15. is not computed"),
        ("In `N=3` code.", 3, "the number N=3 is not computed"),
        ("$$N$$", 3, "a formula is a claim's"),
        (f"${'N' * 41}$", 3, "a formula is a claim's"),
        (r"$\nosuchcommand$", 3, "no MathML"),
        ("a { alone", 3, "'{' stands alone"),
        ("costs $ alone", 3, "'$' stands alone"),
        ("[link](https://example.org)", 3, "a text has no link"),
        ("![image](a.png)", 3, "a text has no image"),
        ("```\ncode\n```", 3, "a text has no fence"),
        ("### deep", 3, "a text has no heading"),
        ("::: figure spectra.energie", 3, "the nearest is 'spectra.energies'"),
        ("::: explorer densty", 3, "the nearest is 'density'"),
        ("::: exercise larges", 3, "the nearest is 'largest'"),
        ("::: figur spectra.energies", 3, "the nearest is 'figure'"),
        ("::: figure", 3, "stands alone in a paragraph"),
        ("one\n\n## bulk", 5, "has no slug"),
        ("## bulks: The bulk", 3, "the nearest is 'bulk'"),
        ("## bulk: One\n\n## bulk: Two", 5, "is there already"),
        ("## shape: One\n\n## bulk: Two", 5, "stands before 'shape'"),
        ("## bulk: The $N$", 3, "has words alone"),
        ("# Another", 3, "one title"),
    ],
)
def test_what_has_no_place_is_refused_with_its_line(text: str, line: int, says: str) -> None:
    refused = refusal(f"# Title\n\n{text}\n")
    assert refused.startswith(f"book/prose/spectra.md line {line}: ")
    assert says in refused


def test_only_a_chapter_has_sections_and_own_claims() -> None:
    assert "no chapter" in refusal("# Title\n\n## bulk: The bulk\n", "start")
    assert "is named 'outlier'" in refusal("# Title\n\n{outlier}\n", "start")


def test_a_text_begins_with_its_title() -> None:
    assert "line 1: a text begins with its title" in refusal("No title.\n")
    assert "a text begins with its title" in refusal("")
    with pytest.raises(UsageError, match="the nearest is 'spectra'"):
        prose.read("spectr")


@given(FINITE, st.integers(1, 12))
def test_a_shown_number_is_the_nearest_with_so_many_digits(value: float, digits: int) -> None:
    shown = computed.decimal(value, digits)
    number = float(shown.replace(" × 10<sup>", "e").replace("</sup>", ""))
    assert number == float(f"{value:.{digits - 1}e}") or number == round(value)


@given(FINITE.filter(lambda x: abs(x) < 1e9))
def test_whole_numbers_by_ceil_and_floor(value: float) -> None:
    for option, rounding in (("ceil", math.ceil), ("floor", math.floor)):
        shown = computed.written(value, {option}, 4)
        assert int(re.sub("−", "-", shown)) == rounding(value)
