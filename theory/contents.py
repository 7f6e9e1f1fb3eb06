"""The table of contents of the book: chapters, their sections, the claims of each."""

import re
from collections import Counter
from collections.abc import Iterable
from importlib import import_module
from typing import Any, get_args

from companion.index import find
from theory import CHAPTERS, claims
from theory.claim import Claim
from theory.status import Status

STATUSES = get_args(Status)


def contents() -> str:
    """The table of contents in Markdown: each claim with its status, its first sentence and the
    observations that measure it on real nets.

    >>> print(contents().splitlines()[0])
    ## quadratic
    """
    return "\n\n".join(_chapter(chapter) for chapter in CHAPTERS)


def summary() -> str:
    """One line of Markdown per chapter: its name, how many claims, how many of them are derived,
    what it is about."""
    return "\n".join(
        f"- **{chapter}** ({len(claims_of(chapter))}; {derived(chapter)}): "
        f"{title(f'theory.{chapter}')}"
        for chapter in CHAPTERS
    )


def derived(chapter: str) -> int:
    """How many claims of a ``chapter`` are derived, from definition to closed form."""
    return sum(claim.status.startswith("derived") for claim in claims_of(chapter))


def statuses() -> str:
    """A table in Markdown: how many claims of each chapter have which status."""
    rows = []
    for chapter in CHAPTERS:
        found = Counter(claim.status for claim in claims_of(chapter))
        rows.append([chapter, *(found[status] for status in STATUSES)])
    rows.append(["sum", *(sum(column) for column in list(zip(*rows, strict=True))[1:])])
    lines = [f"| chapter | {' | '.join(STATUSES)} |", f"|---|{'---|' * len(STATUSES)}"]
    return "\n".join([*lines, *(f"| {' | '.join(map(str, row))} |" for row in rows)])


def claims_of(chapter: str) -> list[Claim]:
    """The claims of a ``chapter``, in reading order."""
    return [claim for claim in claims().values() if claim.chapter == chapter]


def title(module: str) -> str:
    """The first paragraph of a module's docstring."""
    return " ".join((import_module(module).__doc__ or "").split("\n\n")[0].split())


def first_sentence(text: str) -> str:
    """The first sentence of ``text``.

    >>> first_sentence("The minima are R^+Q + ker R. Descent from W ends at one of them.")
    'The minima are R^+Q + ker R.'
    """
    return re.split(r"(?<=[.?]) (?=[A-Z])", text)[0]


def escaped(text: str) -> str:
    r"""``text`` with a backslash before what Markdown would read as a mark.

    >>> print(escaped("<g,yhat> <= 0 at W*"))
    \<g,yhat> <= 0 at W\*
    """
    return re.sub(r"([*~]|<(?=[A-Za-z/!?]))", r"\\\1", text)


def code(names: Iterable[str]) -> str:
    """Write ``names`` in code. Words before a name say what it is.

    After the first name of a chapter, the others of the same chapter leave it out.

    >>> print(code(["spectra.edges", "spectra.density", "experiment training"]))
    `spectra.edges`, `.density`, experiment `training`
    """
    said, before = [], ""
    for each in names:
        kind, _, name = each.rpartition(" ")
        chapter, dot, rest = name.partition(".")
        shown = f"`.{rest}`" if dot and chapter == before else f"`{name}`"
        said.append(f"{kind} {shown}".strip())
        before = chapter
    return ", ".join(said)


def as_records() -> list[dict[str, Any]]:
    """The table of contents as JSON has it: chapters, sections, claims."""
    return [
        {
            "chapter": chapter,
            "title": title(f"theory.{chapter}"),
            "sections": [
                {"section": title(module), "claims": list(map(_record, those))}
                for module, those in sections(chapter).items()
            ],
        }
        for chapter in CHAPTERS
    ]


def _record(claim: Claim) -> dict[str, Any]:
    return {
        "claim": claim.name,
        "status": claim.status,
        "statement": first_sentence(claim.statement),
        "measured_by": list(find("claim", claim.name).measured_by),
    }


def sections(chapter: str) -> dict[str, list[Claim]]:
    """The claims of a chapter by the modules of its sections, in reading order."""
    sections: dict[str, list[Claim]] = {}
    for claim in claims_of(chapter):
        sections.setdefault(claim.derive.__module__, []).append(claim)
    return sections


def _chapter(chapter: str) -> str:
    parts = [f"## {chapter}", title(f"theory.{chapter}")]
    for module, those in sections(chapter).items():
        lines = "\n".join(map(_line, those))
        parts += [f"### {title(module).removesuffix('.')}", lines]
    return "\n\n".join(parts)


def _line(claim: Claim) -> str:
    line = f"- `{claim.name}` ({claim.status}): {escaped(first_sentence(claim.statement))}"
    measured = find("claim", claim.name).measured_by
    return line + (f"\n  - measured on nets by {code(measured)}" if measured else "")
