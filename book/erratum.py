"""An erratum as a box: what is printed, what is right, and the values of both."""

from dataclasses import dataclass

from book.words import html, link
from figures.passages import KINDS
from theory.erratum import Erratum


@dataclass(frozen=True)
class Box:
    """An erratum as HTML. The values are "" where the erratum does not evaluate."""

    name: str
    kind: str
    printed: str
    right: str
    example: str
    printed_value: str
    right_value: str
    claims: tuple[str, ...]
    source: str


def box(entry: Erratum) -> Box:
    """The box of ``entry``, with its values computed."""
    record = entry.as_dict()
    letters = [letter for claim in entry.claims for letter in claim.domain]
    return Box(
        name=entry.name,
        kind=KINDS[entry.kind],
        printed=html(record["printed"], letters),
        right=html(entry.right, letters),
        example=html(entry.counterexample, letters),
        printed_value=_value(record["printed_value"]),
        right_value=_value(record["right_value"]),
        claims=tuple(link(name) for name in record["claims"]),
        source=html(record["reference"]),
    )


def _value(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"
