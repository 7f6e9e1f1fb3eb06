"""A proof that was run, as text for a terminal: in full, in a line, and the counts of several."""

from collections.abc import Sequence

from theory.claim import Claim
from theory.prove import Proof
from theory.show import NARROW, filled, formula_lines, names_of

END = "Cited theorems are not proved here."


def in_full(proof: Proof, claim: Claim, columns: int = NARROW) -> str:
    """A proof of ``claim`` link by link and step by step, each step with its equation."""

    def put(text: str, first: str, others: str) -> list[str]:
        return filled(text, columns, first, others)

    names = names_of(claim)
    rests = f" {', '.join(proof.rests_on)}" if proof.rests_on else ""
    lines = put(f"{proof.claim}   ({proof.relation}, {proof.status}{rests})", "", "    ")
    if proof.links:
        lines += ["", "from the definition to the closed form"]
    place = None
    for link in proof.links:
        if (link.case, link.output) != place:
            if link.case and (place is None or link.case != place[0]):
                lines += put(f"where {link.case}", "  ", "      ")
            place = (link.case, link.output)
            head = f"{link.output}: " if link.output else ""
            lines += put(f"{head}{link.left}", "    ", "      ")
        how = f"[{link.how}]" if link.holds else "[does not hold]"
        lines += put(f"{link.words} {how} {link.seconds:.2f} s", " " * 8, " " * 8)
        for line in link.compared.splitlines():
            lines += put(line.strip(), "    ", "      ")
        lines += put(f"{link.relation} {link.right}", "  ", "      ")
    where = "; ".join(f"{x} = {image}" for x, image in proof.letters.items() if x != image)
    if where:
        lines += put(f"with {where}", "  ", "      ")
    for side, known in proof.bounds.items():
        lines += put(f"{side} bound: {known}", "  ", "      ")
    if proof.refused:
        lines += put(f"the chain is refused: {proof.refused}", "  ", "      ")
    lines += ["", _heading_of_steps(proof)] if proof.steps else []
    for number, (step, stated) in enumerate(zip(proof.steps, claim.steps, strict=True), 1):
        is_cited = step.outcome == "cited"
        took = " " * 8 if is_cited else f"{step.seconds:6.2f} s"
        head = f"{number:>3}  {step.outcome:<5} {took}  "
        words = step.words if is_cited else f"{step.tactic or 'proof'}: {step.words}"
        lines += put(words, head, " " * len(head))
        if stated.shown is not None:
            lines += formula_lines(stated.shown, names, columns)
        for line in step.compared.splitlines()[1:]:
            lines += put(line.strip(), "       ", "         ")
    if proof.why and not proof.refused:
        lines += ["", *put(f"what is missing: {proof.why}", "", "  ")]
    return "\n".join(lines)


def _heading_of_steps(proof: Proof) -> str:
    """Which steps the links of the chain use."""
    numbers = {int(link.how.removeprefix("step ")) for link in proof.links if "step " in link.how}
    used = ", ".join(map(str, sorted(numbers)))
    if not proof.links:
        return "steps"
    if not used:
        return "steps, checked beside the chain, which uses none of them"
    if len(numbers) == len(proof.steps):
        return "steps, each used by the chain"
    return f"steps, of which the chain uses {used}; the others are checked beside it"


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
        lines += filled(f"the chain is refused: {proof.refused}", NARROW, "  ", "    ")
    for link in proof.links:
        if link.compared:
            lines += [*filled(f"link: {link.words}", NARROW, "  ", "    "), link.compared]
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
