"""Run the proofs: how each link of a chain and each step holds, and how long it takes.

``python -m theory NAME --prove`` prints them (``theory.proof_in_text``). A chain leads from the
definition to the closed form. A step is an equation or an inequality that a chain may use. A
theorem is cited and not proved here.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import sympy as sp

from companion.side_by_side import side_by_side
from theory import claims
from theory.claim import Claim, Step
from theory.proofs.join import join
from theory.proofs.joined import Joined
from theory.proofs.text import in_text
from theory.proofs.witness import told
from theory.status import Verdict

Outcome = Literal["holds", "fails", "cited"]


@dataclass(frozen=True)
class Run:
    """One step, run: ``compared`` shows both sides where it fails."""

    words: str
    tactic: str
    outcome: Outcome
    seconds: float
    compared: str = ""


@dataclass(frozen=True)
class LinkRun:
    """One link of a chain, run: ``left relation right``, and ``how`` it holds ("" where it does
    not); ``output`` names the output of the claim, and ``case`` the case, "" where there is one."""

    case: str
    output: str
    words: str
    left: str
    relation: str
    right: str
    how: str
    holds: bool
    seconds: float
    compared: str = ""


@dataclass(frozen=True)
class Proof:
    """The chain and all steps of a claim, run.

    ``letters`` says what the letters of the chain mean, ``refused`` why the chain is refused.
    ``bounds`` says of each side of a bound whether values are known at which it is reached.
    """

    claim: str
    relation: str
    status: str
    rests_on: tuple[str, ...]
    why: str
    links: tuple[LinkRun, ...]
    letters: Mapping[str, str]
    refused: str
    bounds: Mapping[str, str]
    steps: tuple[Run, ...]

    @property
    def holds(self) -> bool:
        """Whether no step fails, and no chain is refused."""
        return not self.refused and all(step.outcome != "fails" for step in self.steps)

    @property
    def seconds(self) -> float:
        """How long the proof took."""
        links = sum(link.seconds for link in self.links)
        return links + sum(step.seconds for step in self.steps)

    @property
    def verdict(self) -> Verdict:
        """What the proof comes to."""
        return Verdict(self.status, self.rests_on, self.why)  # type: ignore[arg-type]

    def count(self, outcome: Outcome) -> int:
        """How many steps ended so."""
        return sum(step.outcome == outcome for step in self.steps)

    def as_dict(self) -> dict[str, Any]:
        """The proof as JSON has it."""
        return {**asdict(self), "holds": self.holds, "seconds": self.seconds}


def prove(claim: Claim) -> Proof:
    """Run the chain and every step of ``claim``."""
    steps = tuple(map(run, claim.steps))
    derivation = claim.derivation
    joined = join(claim) if derivation.chain is not None else None
    verdict = _verdict(claim, steps, joined)
    letters = derivation.chain.letters if derivation.chain is not None else {}
    return Proof(
        claim=claim.name,
        relation=claim.relation,
        status=verdict.status,
        rests_on=verdict.rests_on,
        why=verdict.why,
        links=tuple(_links(joined, letters)) if joined is not None else (),
        letters={str(letter): str(image) for letter, image in letters.items()},
        refused=joined.refused if joined is not None else "",
        bounds=_bounds(claim),
        steps=steps,
    )


def _bounds(claim: Claim) -> dict[str, str]:
    """For each side of a bound that has a chain: whether it is known where it is reached."""
    if claim.relation != "bound" or claim.derivation.chain is None:
        return {}
    return {side: told(claim, side) for side in claim.derivation.closed_form}


def _verdict(claim: Claim, steps: Sequence[Run], joined: Joined | None) -> Verdict:
    if claim.relation == "observation":
        return Verdict("observed", why=claim.derivation.missing)
    failing = [step.words for step in steps if step.outcome == "fails"]
    if failing:
        return Verdict("steps checked", why=f"a step fails: {failing[0]}")
    if joined is None:
        return Verdict("steps checked", why=claim.derivation.missing)
    if joined.refused:
        return Verdict("steps checked", why=joined.refused)
    if not joined.cited:
        return Verdict("derived")
    named = sorted(f"{theorem.name} [{theorem.source}]" for theorem in joined.cited)
    return Verdict("derived from", tuple(named))


def run(step: Step) -> Run:
    """Run one step. A proof that raises an error fails."""
    if step.scope == "cited":
        return Run(step.words, step.tactic, "cited", 0.0)
    start = time.perf_counter()
    try:
        compared = "" if step.holds() else step.compared()
    except Exception as error:  # whatever stops a proof, the step is not proved
        compared = f"{step.tactic or 'proof'}: {step.words}\n  {type(error).__name__}: {error}"
    seconds = time.perf_counter() - start
    return Run(step.words, step.tactic, "fails" if compared else "holds", seconds, compared)


def _links(joined: Joined, letters: Mapping[Any, Any]) -> Iterator[LinkRun]:
    """The links as text, in the letters of the chain."""
    for each in joined.links:
        sides = {side: in_letters(getattr(each, side), letters) for side in ("left", "right")}
        yield LinkRun(**{**vars(each), **sides}, holds=bool(each.how))


def in_letters(expression: Any, letters: Mapping[Any, Any]) -> str:
    """An expression with a letter for each part that a letter of the chain stands for."""
    images = {sp.sympify(image): letter for letter, image in letters.items()}
    named = {
        image: letter
        for image, letter in images.items()
        if not image.is_Atom and not isinstance(image, sp.MatrixSymbol)
    }
    expression = sp.sympify(expression)
    for image in sorted(named, key=lambda each: -each.count_ops()):
        expression = expression.xreplace({image: named[image]})
    return in_text(expression)


def proofs(names: Sequence[str], jobs: int) -> Iterator[Proof]:
    """The proofs of the claims of these names, in order, in up to ``jobs`` processes."""
    return side_by_side(_prove, [(name,) for name in names], jobs)


def _prove(name: str) -> Proof:
    return prove(claims()[name])
