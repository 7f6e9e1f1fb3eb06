"""The command that runs proofs: what holds, what fails and why, and its exit code."""

import json
from dataclasses import replace

import pytest
import sympy as sp

import theory
from companion.errors import UsageError
from theory import prove
from theory.__main__ import main
from theory.claim import Claim, Step
from theory.proof_in_text import END
from theory.proofs.tactics import equal, positive

CLAIMS = theory.claims()
a = sp.Symbol("a", real=True)
FALSE = equal("A square.", (a + 1) ** 2, a**2 + 1)


def with_step(claim: Claim, step: Step) -> Claim:
    """The claim with one more step."""
    derivation = claim.derivation
    return replace(claim, derive=lambda: replace(derivation, steps=(*derivation.steps, step)))


def test_a_proof_is_shown_link_by_link_and_step_by_step(capsys):
    assert main(["smoothness.gradient_norm_bounds", "--prove"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "smoothness.gradient_norm_bounds   (bound, derived)"
    assert "  <= gamma**2*(inner(g, g) - inner(1, g)**2/B - inner(g, yhat)**2/B)/sigma**2" in lines
    assert [line.split()[:2] for line in lines if line[:4].strip().isdigit()] == [
        [str(number), "holds"] for number in (1, 2, 3)
    ]
    assert any(line.startswith("steps") and "the chain" in line for line in lines)
    assert lines[-3:] == [
        "1 derived.",
        "4 links hold, 0 fail.",
        f"3 steps hold, 0 fail, 0 cite a theorem. {END}",
    ]
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("smoothness.gradient_norm", "steps, of which the chain uses 2; the others are checked"),
        ("stability.class_outliers", "steps, checked beside the chain, which uses none of them"),
    ],
)
def test_which_steps_the_chain_uses_is_said(capsys, name, said):
    assert main([name, "--prove"]) == 0
    assert said in capsys.readouterr().out


def test_a_link_that_fails_shows_both_sides_and_is_exit_code_1(capsys, monkeypatch):
    right = CLAIMS["smoothness.gradient_norm"]
    closed = 2 * right.derivation.closed_form
    wrong = replace(right, derive=lambda: replace(right.derivation, closed_form=closed))
    monkeypatch.setattr("theory.prove.claims", lambda: {**CLAIMS, right.name: wrong})
    assert main([right.name, "--prove"]) == 1
    out = capsys.readouterr().out
    assert "[does not hold]" in out
    assert "  left:  " in out
    assert "  right: " in out
    assert "the chain is refused: does not hold: Pi is a projector" in out
    assert out.splitlines()[0].endswith("(identity, steps checked)")


@pytest.mark.parametrize("names", [["quadratic.form"], ["quadratic.f*"], ["quadratic.[fg]*"]])
def test_a_step_that_fails_shows_both_sides_and_is_exit_code_1(names, capsys, monkeypatch):
    wrong = {**CLAIMS, "quadratic.form": with_step(CLAIMS["quadratic.form"], FALSE)}
    monkeypatch.setattr("theory.prove.claims", lambda: wrong)
    assert main([*names, "--prove", "--jobs", "1"]) == 1
    out = capsys.readouterr().out
    assert "left:  a**2 + 2*a + 1" in out
    assert "right: a**2 + 1" in out
    assert ", 1 fail," in out


def test_json_has_every_step(capsys):
    assert main(["spectra.outlier", "--prove", "--json"]) == 0
    (proof,) = json.loads(capsys.readouterr().out)
    claim = CLAIMS["spectra.outlier"]
    assert proof["claim"] == claim.name
    assert proof["holds"] is True
    assert [step["words"] for step in proof["steps"]] == [step.words for step in claim.steps]
    assert {step["outcome"] for step in proof["steps"]} == {"holds", "cited"}
    assert all(link["holds"] for link in proof["links"])


def test_two_processes_say_what_one_says(capsys):
    said = []
    for jobs in "12":
        assert main(["quadratic.max_*", "--prove", "--jobs", jobs]) == 0
        said.append([line[:50] for line in capsys.readouterr().out.splitlines()])
    assert said[0] == said[1]


def test_a_proof_that_stops_on_an_error_fails():
    def stops() -> bool:
        raise NotImplementedError("no index argument for Inverse")

    ran = prove.run(Step("A step.", None, stops, tactic="entrywise"))
    assert (ran.outcome, ran.compared.splitlines()[1]) == (
        "fails",
        "  NotImplementedError: no index argument for Inverse",
    )
    assert prove.run(positive("No sign.", a)).outcome == "fails"


@pytest.mark.parametrize("words", ["N=3", "--latex", "--digits 4"])
def test_it_takes_no_values(words):
    with pytest.raises(UsageError, match="--prove takes claims alone"):
        main(["spectra.outlier", "--prove", *words.split()])
