"""Run the proofs: how each link of a chain and each step holds, and how long it takes.

``python -m theory NAME --prove`` prints them. A chain leads from the definition to the closed form;
a step is an equation or an inequality that a chain may use. A theorem is cited and not proved here.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from textwrap import TextWrapper
from typing import Any, Literal

import sympy as sp

from companion.side_by_side import side_by_side
from theory import claims
from theory.claim import Claim, Step
from theory.proofs.join import join
from theory.proofs.joined import Joined
from theory.proofs.witness import told
from theory.status import Verdict

Outcome = Literal["holds", "fails", "cited"]
WIDTH = 80
END = "Cited theorems are not proved here."


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
    # to order the terms of a sum SymPy computes their integrals by quadrature
    return str(sp.sstr(expression, order="none" if expression.has(sp.Integral) else None))


def proofs(names: Sequence[str], jobs: int) -> Iterator[Proof]:
    """The proofs of the claims of these names, in order, in up to ``jobs`` processes."""
    return side_by_side(_prove, [(name,) for name in names], jobs)


def _prove(name: str) -> Proof:
    return prove(claims()[name])


def in_full(proof: Proof) -> str:
    """A proof link by link and step by step, for a terminal."""
    rests = f" {', '.join(proof.rests_on)}" if proof.rests_on else ""
    lines = _filled(f"{proof.claim}   ({proof.relation}, {proof.status}{rests})", "", "    ")
    if proof.links:
        lines += ["", "from the definition to the closed form"]
    place = None
    for link in proof.links:
        if (link.case, link.output) != place:
            if link.case and (place is None or link.case != place[0]):
                lines += _filled(f"where {link.case}", "  ", "      ")
            place = (link.case, link.output)
            head = f"{link.output}: " if link.output else ""
            lines += _filled(f"{head}{link.left}", "    ", "      ")
        how = f"[{link.how}]" if link.holds else "[does not hold]"
        lines += _filled(f"{link.words} {how} {link.seconds:.2f} s", " " * 8, " " * 8)
        lines += link.compared.splitlines()
        lines += _filled(f"{link.relation} {link.right}", "  ", "      ")
    where = "; ".join(f"{x} = {image}" for x, image in proof.letters.items() if x != image)
    if where:
        lines += _filled(f"with {where}", "  ", "      ")
    for side, known in proof.bounds.items():
        lines += _filled(f"{side} bound: {known}", "  ", "      ")
    if proof.refused:
        lines += _filled(f"the chain is refused: {proof.refused}", "  ", "      ")
    lines += ["", "steps"] if proof.steps else []
    for number, step in enumerate(proof.steps, 1):
        is_cited = step.outcome == "cited"
        took = " " * 8 if is_cited else f"{step.seconds:6.2f} s"
        head = f"{number:>3}  {step.outcome:<5} {took}  "
        words = step.words if is_cited else f"{step.tactic or 'proof'}: {step.words}"
        lines += _filled(words, head, " " * len(head))
        lines += [f"     {line}" for line in step.compared.splitlines()[1:]]
    if proof.why and not proof.refused:
        lines += ["", *_filled(f"what is missing: {proof.why}", "", "  ")]
    return "\n".join(lines)


def _filled(text: str, first: str, others: str) -> list[str]:
    return TextWrapper(WIDTH, first, others, break_on_hyphens=False).wrap(text) or [first.rstrip()]


def in_a_line(proof: Proof, width: int) -> str:
    """A proof in a line; each link and step that fails is shown below it."""
    verdict = proof.status if proof.holds else "fails"
    joined = sum(link.holds for link in proof.links)
    line = (
        f"{proof.claim:<{width}}  {verdict:<13} {joined:>3} links {proof.count('holds'):>3} steps "
        f"{proof.seconds:5.1f} s"
    )
    lines = [line]
    if proof.refused:
        lines += _filled(f"the chain is refused: {proof.refused}", "  ", "    ")
    for link in proof.links:
        if link.compared:
            lines += [*_filled(f"link: {link.words}", "  ", "    "), link.compared]
    return "\n".join([*lines, *(step.compared for step in proof.steps if step.compared)])


def summary(proofs_run: Sequence[Proof]) -> str:
    """What came out of some proofs."""
    hold, fail, cited = (
        sum(p.count(outcome) for p in proofs_run) for outcome in ("holds", "fails", "cited")
    )
    links = [link for proof in proofs_run for link in proof.links]
    failing = sum(not link.holds for link in links)
    words = [p.status for p in proofs_run]
    counts = ", ".join(f"{words.count(word)} {word}" for word in dict.fromkeys(words))
    return (
        f"{counts}.\n{len(links) - failing} links hold, {failing} fail.\n"
        f"{hold} steps hold, {fail} fail, {cited} cite a theorem. {END}"
    )
