"""What the page of a claim holds, in order. A terminal, TeX and a notebook write the same page."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sympy as sp

from companion.index import find
from companion.references import REFERENCES
from theory import symbols
from theory.domain import Parameter
from theory.formula import Formula
from theory.layout import Names

#: A letter that stands alone in a text.
LETTER = re.compile(r"(?<![A-Za-z])[A-Za-z](?![A-Za-z])")
#: How a step is proved, by the name of its tactic.
HOW = {
    "equal": "by simplification",
    "entrywise": "entry by entry, with sums over indices",
    "equal_blocks": "by multiplying out blocks",
    "at_sizes": "entry by entry, at these sizes",
    "positive": "by the signs of its letters",
    "nonnegative": "by the signs of its letters",
    "cited": "cited, not proved here",
}


#: What every reader wants to see.
SHOWN_FIRST = (
    "parameters",
    "assumptions",
    "definition",
    "closed form",
    "deviation at finite size",
)


@dataclass(frozen=True)
class Item:
    """An entry of a section: ``words``, a formula, or both.

    ``label`` is the number of a step, the name of an output or of a twin. ``relation`` joins the
    formula of a link to what stands before it. ``how`` says how a step is proved, ``given`` which
    products it may replace, as equations. ``code`` says that the words are the name of something.
    """

    words: str = ""
    formula: Any = None
    label: str = ""
    relation: str = ""
    how: str = ""
    given: tuple[Any, ...] = ()
    code: bool = False


@dataclass(frozen=True)
class Section:
    """A titled part of a page."""

    title: str
    items: tuple[Item, ...]

    @property
    def folded(self) -> bool:
        """Whether a notebook shows it on demand alone."""
        return self.title not in SHOWN_FIRST


def page(claim: Any) -> list[Section]:
    """The sections of the page of a ``theory.claim.Claim``; one without items is left out.

    The claim derives itself. No proof is run.
    """
    sections = [
        Section("derived from", _named(claim.rests_on)),
        Section(
            "parameters",
            tuple(Item(words, label=name) for name, words in claim.domain.items()),
        ),
        Section("assumptions", tuple(map(Item, claim.assumptions))),
        Section("definition", _outputs(claim.definition)),
        Section("closed form", _outputs(claim.closed_form)),
        Section("deviation at finite size", _outputs(claim.finite_size)),
        Section("from the definition to the closed form", tuple(_links(claim.derivation.chain))),
        Section("steps", tuple(_steps(claim.steps))),
        Section("what is missing", (Item(claim.verdict.why),) if claim.verdict.why else ()),
        Section("twins (wrong versions that its check refutes)", tuple(_twins(claim))),
        Section("references", tuple(map(_source, claim.references))),
    ]
    near = neighbours(claim.name)
    near["checked_by"] = [f"python -m sim {name}" for name in near["checked_by"]]
    sections += [Section(title, _named(near[key])) for key, title in SEE_ALSO.items()]
    return [section for section in sections if section.items]


#: The neighbours of a claim, by their key in JSON, and their titles on the page.
SEE_ALSO = {
    "rests_on_claims": "rests on the claims",
    "used_by": "used by the claims",
    "checked_by": "checked by",
    "measured_by": "measured on nets by",
    "drawn_in": "drawn in",
    "corrects": "corrects",
}


def neighbours(claim: str) -> dict[str, list[str]]:
    """Look up what a claim stands on and what stands on it in the index of names.

    These are the claims that it rests on and that rest on it, its check, the observations on real
    nets that measure it, the figures that show it, and the errata that it corrects.
    """
    entry = find("claim", claim)
    return {
        "rests_on_claims": list(entry.rests_on.get("claim", ())),
        "used_by": list(entry.carries.get("claim", ())),
        "checked_by": list(entry.carries.get("check", ())),
        "measured_by": list(entry.measured_by),
        "drawn_in": list(entry.carries.get("figure", ())),
        "corrects": list(entry.carries.get("erratum", ())),
    }


def names_of(claim: Any) -> Names:
    """The names that parts of a claim's formulas may get: none that says something else there."""
    stated = (claim.definition, claim.closed_form, *claim.twins.values())
    own = {str(x) for each in stated for part in each._named.values() for x in part.free_symbols}
    chain = claim.derivation.chain
    letters = {x: image for x, image in chain.letters.items() if str(x) not in own} if chain else {}
    house = {each.name for each in vars(symbols).values() if isinstance(each, Parameter)}
    said = set(LETTER.findall(" ".join([claim.statement, *(step.words for step in claim.steps)])))
    shown = (step.shown for step in claim.steps if step.shown is not None)
    working = {str(symbol) for each in shown for symbol in each.free_symbols}
    return Names(frozenset(own | house | said | working), letters)


def how(step: Any) -> str:
    """How a ``theory.claim.Step`` is proved, in words."""
    if step.tactic == "equal" and getattr(step.statement.lhs, "is_Matrix", False):
        return "by expansion of matrices"
    return HOW.get(step.tactic, step.tactic)


def given(step: Any) -> tuple[Any, ...]:
    """The products that a step may replace, as equations."""
    return tuple(sp.Eq(left, right, evaluate=False) for left, right in (step.rules or {}).items())


def _steps(steps: Iterable[Any]) -> Iterable[Item]:
    """The steps by their numbers; rules that are those of the step before are not repeated."""
    before: tuple[Any, ...] = ()
    for number, step in enumerate(steps, 1):
        rules = given(step)
        same = rules and rules == before
        said = f"{how(step)}, with the same rules" if same else how(step)
        yield Item(step.words, step.shown, f"{number}.", how=said, given=() if same else rules)
        before = rules or before


def _outputs(formula: Formula | None) -> tuple[Item, ...]:
    if formula is None:
        return ()
    return tuple(Item(formula=part, label=name) for name, part in formula._named.items())


def _links(chain: Any) -> Iterable[Item]:
    """The links of a chain; the last one of an output leads to the closed form."""
    for output, links in chain.links.items() if chain is not None else ():
        for link in links:
            by = f"step {link.by}" if isinstance(link.by, int) else ""
            yield Item(link.words, link.right, output, link.relation, how=by)


def _twins(claim: Any) -> Iterable[Item]:
    """The twins by their names, which are the mistakes; an output without a mistake is left out."""
    right = claim.closed_form._named
    for name, twin in claim.twins.items():
        for output, part in twin._named.items():
            if part != right[output]:
                yield Item(
                    formula=part, label=f"{name} ({output.replace('_', ' ')})" if output else name
                )


def _named(names: Iterable[str]) -> tuple[Item, ...]:
    return tuple(Item(name, code=True) for name in names)


def _source(citation: Any) -> Item:
    source = REFERENCES[citation.key]
    year = "" if source.year is None else f" {source.year}"
    return Item(f"{citation}: {source.authors}{year}, {source.title}. {source.where}")
