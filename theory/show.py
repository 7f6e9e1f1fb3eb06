"""How claims and errata show themselves: in a terminal, in a notebook, as JSON."""

from typing import Any

import sympy as sp

from companion.references import REFERENCES
from theory.claim import Claim
from theory.erratum import Erratum
from theory.formula import Formula


def record(claim: Claim) -> dict[str, Any]:
    """A claim as an entry of the list."""
    return {
        "claim": claim.name,
        "relation": claim.relation,
        "status": claim.status,
        "chapter": claim.chapter,
        "statement": claim.statement,
        "parameters": claim.domain,
        "references": [str(citation) for citation in claim.references],
    }


def full(claim: Claim) -> str:
    """A claim in full, for a terminal."""
    lines = [f"{claim.name}   ({claim.relation}, {claim.status})", "", claim.statement, ""]
    lines += _block("parameters", [f"{name}: {words}" for name, words in claim.domain.items()])
    lines += _block("assumptions", list(claim.assumptions))
    lines += ["definition", *_pretty(claim.definition), "", "closed form"]
    lines += [*_pretty(claim.closed_form), ""]
    if not claim.parameters:
        lines += _block("value", values(claim.closed_form))
    if claim.finite_size is not None:
        lines += ["deviation at finite size", *_pretty(claim.finite_size), ""]
    lines += _block("steps", [f"{n}. {step.words}" for n, step in enumerate(claim.steps, 1)])
    if claim.derivation.unproved:
        lines += _block("not proved here", [claim.derivation.unproved])
    lines += _block("twins (wrong versions that its check refutes)", list(claim.twins))
    sources = [f"{citation}: {_source(citation.key)}" for citation in claim.references]
    lines += _block("references", sources)
    return "\n".join(lines).rstrip()


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


def _pretty(formula: Formula) -> list[str]:
    named = formula.expression if formula.named else {"": formula.expression}
    lines: list[str] = []
    for name, expression in named.items():
        if name:
            lines.append(f"  {name}:")
        text = sp.pretty(sp.sympify(expression), use_unicode=True, wrap_line=False)
        lines += ["    " + line for line in text.splitlines()]
    return lines


def _source(key: str) -> str:
    source = REFERENCES[key]
    year = "" if source.year is None else f" {source.year}"
    return f"{source.authors}{year}, {source.title}. {source.where}"
