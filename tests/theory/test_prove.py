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
from theory.proofs.tactics import equal, positive

CLAIMS = theory.claims()
a = sp.Symbol("a", real=True)
FALSE = equal("A square.", (a + 1) ** 2, a**2 + 1)


def with_step(claim: Claim, step: Step) -> Claim:
    """The claim with one more step."""
    derivation = claim.derivation
    return replace(claim, derive=lambda: replace(derivation, steps=(*derivation.steps, step)))


def test_a_proof_is_shown_step_by_step(capsys):
    assert main(["quadratic.curvature_bounds", "--prove"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "quadratic.curvature_bounds"
    assert [line.split()[:2] for line in lines if line[:4].strip().isdigit()] == [
        ["1", "cited"],
        *[[str(number), "holds"] for number in (2, 3, 4, 5)],
    ]
    assert lines[-2:] == ["4 steps hold, 0 fail, 1 cite a theorem.", prove.END]
    assert max(map(len, lines)) <= 80


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
