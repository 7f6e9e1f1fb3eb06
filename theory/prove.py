"""Run the proofs: each step of a claim, whether it holds, by which tactic, and how long it takes.

``python -m theory NAME --prove`` prints them. A cited theorem is named and not proved here. Each
step is proved by itself: that the steps lead from the definition to the closed form is for the
reader to see.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from textwrap import TextWrapper
from typing import Any, Literal

from companion.side_by_side import side_by_side
from theory import claims
from theory.claim import Claim, Step

Outcome = Literal["holds", "fails", "cited"]
WIDTH = 80
END = "Each step is proved by itself. Cited theorems are not proved here."


@dataclass(frozen=True)
class Run:
    """One step, run: ``compared`` shows both sides where it fails."""

    words: str
    tactic: str
    outcome: Outcome
    seconds: float
    compared: str = ""


@dataclass(frozen=True)
class Proof:
    """All steps of a claim, run; ``unproved`` says why they stop short, if they do."""

    claim: str
    steps: tuple[Run, ...]
    unproved: str

    @property
    def holds(self) -> bool:
        """Whether no step fails. ``unproved`` says what the steps do not show."""
        return all(step.outcome != "fails" for step in self.steps)

    @property
    def seconds(self) -> float:
        """How long the proof took."""
        return sum(step.seconds for step in self.steps)

    def count(self, outcome: Outcome) -> int:
        """How many steps ended so."""
        return sum(step.outcome == outcome for step in self.steps)

    def as_dict(self) -> dict[str, Any]:
        """The proof as JSON has it."""
        return {**asdict(self), "holds": self.holds}


def prove(claim: Claim) -> Proof:
    """Run every step of ``claim``."""
    return Proof(claim.name, tuple(map(run, claim.steps)), claim.derivation.unproved)


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


def proofs(names: Sequence[str], jobs: int) -> Iterator[Proof]:
    """The proofs of the claims of these names, in order, in up to ``jobs`` processes."""
    return side_by_side(_prove, [(name,) for name in names], jobs)


def _prove(name: str) -> Proof:
    return prove(claims()[name])


def in_full(proof: Proof) -> str:
    """A proof step by step, for a terminal."""
    lines = [proof.claim]
    for number, step in enumerate(proof.steps, 1):
        is_cited = step.outcome == "cited"
        took = " " * 8 if is_cited else f"{step.seconds:6.2f} s"
        head = f"{number:>3}  {step.outcome:<5} {took}  "
        wrapped = TextWrapper(WIDTH, head, " " * len(head), break_on_hyphens=False)
        lines += wrapped.wrap(step.words if is_cited else f"{step.tactic or 'proof'}: {step.words}")
        lines += [f"     {line}" for line in step.compared.splitlines()[1:]]
    if proof.unproved:
        lines += TextWrapper(WIDTH, "     ", "     ").wrap(f"not proved here: {proof.unproved}")
    return "\n".join(lines)


def in_a_line(proof: Proof, width: int) -> str:
    """A proof in a line; each step that fails is shown below it."""
    verdict = "holds" if proof.count("holds") else "-"
    if proof.unproved:
        verdict = "in part"
    if not proof.holds:
        verdict = "fails"
    line = (
        f"{proof.claim:<{width}}  {verdict:<7}  {proof.count('holds'):>2} hold  "
        f"{proof.count('cited'):>2} cited  {proof.seconds:5.1f} s"
    )
    return "\n".join([line, *(step.compared for step in proof.steps if step.compared)])


def summary(proofs_run: Sequence[Proof]) -> str:
    """What came out of some proofs."""
    hold, fail, cited = (
        sum(p.count(outcome) for p in proofs_run) for outcome in ("holds", "fails", "cited")
    )
    return f"{hold} steps hold, {fail} fail, {cited} cite a theorem.\n{END}"
