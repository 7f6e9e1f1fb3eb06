"""A claim as a reader meets it: what its card holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from book.mathml import aligned, mathml
from book.plate import cited
from book.words import breaking, html, link
from theory import typeset
from theory.claim import Claim
from theory.document import MARKS, rows_of
from theory.domain import Parameter
from theory.layout import Names
from theory.page import Item, Section, names_of, page

#: The sections of ``theory.page`` that a card has under names of its own.
PARTS = {
    "definition": "definition",
    "from the definition to the closed form": "links",
    "steps": "steps",
    "what is missing": "missing",
    "twins (wrong versions that its check refutes)": "twins",
    "closed form": "closed_form",
    "deviation at finite size": "finite_size",
    "assumptions": "assumptions",
    "derived from": "theorems",
    "rests on the claims": "rests_on",
    "used by the claims": "used_by",
    "measured on nets by": "measured_by",
    "drawn in": "drawn_in",
    "corrects": "corrects",
}
#: The sections whose lines are outputs by their names.
OUTPUTS = ("definition", "closed form", "deviation at finite size")


@dataclass(frozen=True)
class Line:
    """An entry of a part: a label, words, a formula, each as HTML and each perhaps empty.

    ``cited`` says that a step is a theorem whose proof is not repeated.
    """

    label: str = ""
    words: str = ""
    formula: str = ""
    cited: bool = False


@dataclass(frozen=True)
class Letter:
    """A letter of a claim: its name, its form as MathML, its meaning and its domain."""

    name: str
    form: str
    meaning: str
    domain: str


@dataclass(frozen=True)
class Card:
    """The card of a claim, as HTML.

    ``place`` is its name within its page.
    ``parts`` has the lines of each of ``PARTS``; a part that the claim has not is empty.
    ``check`` is the row of ``python -m sim --json``, or None where there is none.
    ``python`` and ``latex`` are texts to copy.
    ``mistakes`` is the number of wrong versions.
    ``curved`` says whether a number of the claim can be drawn along a letter.
    """

    name: str
    place: str
    relation: str
    status: str
    statement: str
    letters: tuple[Letter, ...]
    parts: Mapping[str, tuple[Line, ...]]
    sources: tuple[str, ...]
    check: Mapping[str, Any] | None
    python: str
    latex: str
    mistakes: int
    curved: bool

    @property
    def shown(self) -> str:
        """The name, which may break at a dot or a line below."""
        return breaking(self.name)

    @property
    def proved(self) -> str:
        """The words over the folded derivation."""
        count = len(self.parts.get("steps", ()))
        if self.status == "observed":
            return "What it says in symbols"
        return f"Derivation in {count} step{'s' * (count != 1)}"


def card(claim: Claim, example: Mapping[str, str], check: Mapping[str, Any] | None) -> Card:
    """The card of ``claim``; ``example`` has the text of each letter at first sight."""
    letters = tuple(claim.domain)
    names = names_of(claim)
    parts = dict.fromkeys(PARTS.values(), ()) | {
        PARTS[section.title]: tuple(_lines(section, names, letters))
        for section in page(claim)
        if section.title in PARTS
    }
    return Card(
        name=claim.name,
        place=claim.name.partition(".")[2],
        relation=claim.relation,
        status=claim.status,
        statement=html(claim.statement, letters),
        letters=tuple(letter(each) for each in claim.parameters),
        parts=parts,
        sources=tuple(map(cited, claim.references)),
        check=check,
        python=f"theory.claims()[{claim.name!r}]({_arguments(example)})",
        latex=claim.closed_form.latex(),
        mistakes=len(claim.twins),
        curved=_curved(claim),
    )


def letter(parameter: Parameter) -> Letter:
    """A letter of the house as a reader sees it."""
    form = mathml(typeset.form(parameter.name))
    return Letter(parameter.name, form, html(parameter.meaning), html(str(parameter.domain)))


def _arguments(example: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in example.items())


def _curved(claim: Claim) -> bool:
    """Whether a value of the claim is a number that depends on a letter that is a number."""
    letters = any(parameter.symbol.is_Symbol for parameter in claim.parameters)
    return letters and any(_is_number(part) for part in claim.closed_form._named.values())


def _is_number(part: Any) -> bool:
    return not getattr(part, "is_Matrix", False) and not hasattr(part, "shape")


def _lines(section: Section, names: Names, letters: tuple[str, ...]) -> Iterable[Line]:
    before = ""
    for item in section.items:
        label = item.label if item.label != before else ""
        before = item.label
        named = section.title in OUTPUTS and bool(label)
        yield _line(item, label, named, names, letters)


def _line(item: Item, label: str, named: bool, names: Names, letters: tuple[str, ...]) -> Line:
    """A line; an output is ``named`` in its formula."""
    if item.code:
        return Line(words=link(item.words))
    rules = ", ".join(mathml(typeset.latex(rule)) for rule in item.given)
    how = " ".join(filter(None, [item.how, f"given {rules}" if rules else ""]))
    words = html(item.words, letters) + (f' <span class="how">[{how}]</span>' if how else "")
    formula = ""
    if item.formula is not None:
        mark = f"{typeset.named(label)} =" if named else item.relation
        formula = aligned(rows_of(item.formula, names, mark))
    elif item.relation:
        formula = mathml(
            rf"{MARKS.get(item.relation, item.relation)} \text{{the closed form}}", True
        )
    says = bool(label) and not named and not label.endswith(".")
    shown = html(label.replace("_", " "), letters) if says else ""
    return Line(shown, words.strip(), formula, cited=item.how.startswith("cited"))
