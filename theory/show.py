"""How claims and errata show themselves: in a terminal, in a notebook, as JSON."""

from dataclasses import asdict
from typing import Any

from companion.index import find
from companion.references import REFERENCES
from theory import typeset
from theory.chain import Chain
from theory.claim import Claim, Step
from theory.erratum import Erratum
from theory.formula import Formula


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
    """A claim alone: the entry of the list, and its formulas, its chain and its steps, run."""
    from theory.prove import prove

    proof = prove(claim)
    formulas = {
        name: {key: str(part) for key, part in formula._named.items()}
        for name, formula in (("definition", claim.definition), ("closed_form", claim.closed_form))
    }
    return {
        **record(claim),
        "why": claim.verdict.why,
        **{name: parts[""] if list(parts) == [""] else parts for name, parts in formulas.items()},
        "chain": [asdict(link) for link in proof.links],
        "letters": dict(proof.letters),
        "steps": [
            _step(step, run.tactic, run.outcome)
            for step, run in zip(claim.steps, proof.steps, strict=True)
        ],
        "twins": list(claim.twins),
        **neighbours(claim),
    }


def neighbours(claim: Claim) -> dict[str, list[str]]:
    """Look up what stands on a claim in the index of names.

    These are its check, the observations on real nets that measure it, the figures that show it,
    and the errata that it corrects.
    """
    entry = find("claim", claim.name)
    return {
        "checked_by": list(entry.carries.get("check", ())),
        "measured_by": list(entry.measured_by),
        "drawn_in": list(entry.carries.get("figure", ())),
        "corrects": list(entry.carries.get("erratum", ())),
    }


def _step(step: Step, tactic: str, outcome: str) -> dict[str, Any]:
    """A step with both sides; what a cited theorem does not state is null."""
    sides = step.statement.args if step.statement is not None else (None, None)
    return {
        "words": step.words,
        "left": None if sides[0] is None else str(sides[0]),
        "right": None if sides[1] is None else str(sides[1]),
        "latex": None if step.statement is None else typeset.latex(step.statement),
        "how": tactic,
        "holds": None if outcome == "cited" else outcome == "holds",
    }


def full(claim: Claim) -> str:
    """A claim in full, for a terminal."""
    lines = [f"{claim.name}   ({claim.relation}, {claim.status})", "", claim.statement, ""]
    lines += _block("derived from", list(claim.rests_on))
    lines += _block(
        "parameters", [f"{_both(name)}: {words}" for name, words in claim.domain.items()]
    )
    lines += _block("assumptions", list(claim.assumptions))
    lines += ["definition", *_pretty(claim.definition), "", "closed form"]
    lines += [*_pretty(claim.closed_form), ""]
    if not claim.parameters:
        lines += _block("value", values(claim.closed_form))
    if claim.finite_size is not None:
        lines += ["deviation at finite size", *_pretty(claim.finite_size), ""]
    if claim.derivation.chain is not None:
        lines += _block("from the definition to the closed form", _links(claim.derivation.chain))
    lines += _block("steps", [f"{n}. {step.words}" for n, step in enumerate(claim.steps, 1)])
    if claim.verdict.why:
        lines += _block("what is missing", [claim.verdict.why])
    lines += _block("twins (wrong versions that its check refutes)", list(claim.twins))
    sources = [f"{citation}: {_source(citation.key)}" for citation in claim.references]
    lines += _block("references", sources)
    near = neighbours(claim)
    lines += _block("checked by", [f"python -m sim {name}" for name in near["checked_by"]])
    lines += _block("measured on nets by", near["measured_by"])
    lines += _block("drawn in", near["drawn_in"])
    lines += _block("corrects", near["corrects"])
    return "\n".join(lines).rstrip()


def _links(chain: Chain) -> list[str]:
    """The words of each link, under the name of its output where there are several."""
    lines = []
    for output, links in chain.links.items():
        lines += [f"{output}:"] if output else []
        by = [f" [step {link.by}]" if isinstance(link.by, int) else "" for link in links]
        words = [f"{link.relation} {link.words}{how}" for link, how in zip(links, by, strict=True)]
        lines += [f"  {each}" for each in words] if output else words
    return lines


def latex(claim: Claim) -> str:
    """The closed form and, for claims with one, the definition, in LaTeX."""
    return (
        f"% {claim.name} ({claim.relation}, {claim.status})\n"
        f"% definition\n{claim.definition.latex()}\n% closed form\n{claim.closed_form.latex()}"
    )


def erratum(entry: Erratum) -> str:
    """An erratum in full, for a terminal."""
    values = entry.as_dict()
    lines = [f"{entry.name}   ({entry.kind}; {values['reference']})"]
    lines += [f"  printed:  {values['printed']}", f"  right:    {entry.right}"]
    lines += [f"  example:  {entry.counterexample}"]
    if entry.kind == "counterexample":
        printed, right = number(values["printed_value"]), number(values["right_value"])
        lines += [f"            printed {printed}, right {right}"]
    if entry.claims:
        lines += [f"  see:      {', '.join(values['claims'])}"]
    return "\n".join(lines)


def number(value: Any) -> str:
    """A value to 12 significant digits, trailing zeros kept.

    >>> number(17.149838842975207)
    '17.1498388430'
    """
    return f"{value:#.12g}" if isinstance(value, float) else str(value)


def values(formula: Formula) -> list[str]:
    """The lines that give the value of a formula without letters."""
    value = formula.exact(17)
    if not formula.named:
        return [number(float(value))]
    return [f"{name} = {number(float(part))}" for name, part in value.items()]


def _block(title: str, lines: list[str]) -> list[str]:
    return [title, *(f"  {line}" for line in lines), ""] if lines else []


def _both(name: str) -> str:
    """A parameter's name, and the letter that formulas write for it where they differ."""
    letter = typeset.in_unicode(name)
    return name if letter == name else f"{name} ({letter})"


def _pretty(formula: Formula) -> list[str]:
    named = formula.expression if formula.named else {"": formula.expression}
    lines: list[str] = []
    for name, expression in named.items():
        if name:
            lines.append(f"  {name}:")
        lines += ["    " + line for line in typeset.pretty(expression).splitlines()]
    return lines


def _source(key: str) -> str:
    source = REFERENCES[key]
    year = "" if source.year is None else f" {source.year}"
    return f"{source.authors}{year}, {source.title}. {source.where}"
