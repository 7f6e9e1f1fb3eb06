"""The table of contents of the book: chapters, their sections, the claims of each."""

import re
from importlib import import_module

from theory import CHAPTERS, claims
from theory.claim import Claim


def contents() -> str:
    """The table of contents in Markdown: each claim with the first sentence of its statement.

    >>> print(contents().splitlines()[0])
    ## quadratic
    """
    return "\n\n".join(_chapter(chapter) for chapter in CHAPTERS)


def summary() -> str:
    """One line of Markdown per chapter: its name, its number of claims, what it is about."""
    return "\n".join(
        f"- **{chapter}** ({len(claims_of(chapter))}): {title(f'theory.{chapter}')}"
        for chapter in CHAPTERS
    )


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


def _chapter(chapter: str) -> str:
    sections: dict[str, list[str]] = {}
    for claim in claims_of(chapter):
        line = f"- `{claim.name}`: {escaped(first_sentence(claim.statement))}"
        sections.setdefault(claim.derive.__module__, []).append(line)
    parts = [f"## {chapter}", title(f"theory.{chapter}")]
    for module, lines in sections.items():
        parts += [f"### {title(module).removesuffix('.')}", "\n".join(lines)]
    return "\n\n".join(parts)
