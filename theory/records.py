"""A claim as JSON has it."""

from dataclasses import asdict
from typing import Any

import sympy as sp

from theory import typeset
from theory.claim import Claim, Step
from theory.formula import Formula
from theory.layout import RELATIONS
from theory.page import given, how, neighbours
from theory.prove import prove


def record(claim: Claim) -> dict[str, Any]:
    """A claim as an entry of the list."""
    return {
        "claim": claim.name,
        "relation": claim.relation,
        "status": claim.status,
        "rests_on": list(claim.rests_on),
        "chapter": claim.chapter,
        "statement": claim.statement,
        "parameters": claim.domain,
        "references": [str(citation) for citation in claim.references],
    }


def record_in_full(claim: Claim) -> dict[str, Any]:
    """A claim alone: the entry of the list, and its formulas, its chain and its steps, run.

    A formula is text and LaTeX, of each output by its name where there are several.
    """
    proof = prove(claim)
    return {
        **record(claim),
        "why": claim.verdict.why,
        "assumptions": list(claim.assumptions),
        "definition": _texts(claim.definition),
        "closed_form": _texts(claim.closed_form),
        "latex": {"definition": claim.definition.latex(), "closed_form": claim.closed_form.latex()},
        "chain": [asdict(link) for link in proof.links],
        "letters": dict(proof.letters),
        "steps": [
            _step(step, run.outcome) for step, run in zip(claim.steps, proof.steps, strict=True)
        ],
        "twins": [
            {"name": name, "closed_form": _texts(twin), "latex": twin.latex()}
            for name, twin in claim.twins.items()
        ],
        **neighbours(claim.name),
    }


def _texts(formula: Formula) -> Any:
    texts = {key: str(part) for key, part in formula._named.items()}
    return texts if formula.named else texts[""]


def _step(step: Step, outcome: str) -> dict[str, Any]:
    """A step as it stood before evaluation; what a cited theorem does not state is null.

    ``tactic`` is the name of what proves it, ``how`` says it in words.
    """
    shown = step.shown
    sides = shown.args if shown is not None else (None, None)
    return {
        "words": step.words,
        "left": None if sides[0] is None else str(sides[0]),
        "relation": None if shown is None else RELATIONS[shown.rel_op],
        "right": None if sides[1] is None else str(sides[1]),
        "latex": None if shown is None else typeset.latex(shown),
        "how": how(step),
        "given": [sp.sstr(rule.lhs) + " = " + sp.sstr(rule.rhs) for rule in given(step)],
        "tactic": step.tactic,
        "holds": None if outcome == "cited" else outcome == "holds",
    }
