"""The judgement of a passage: whether the source's statement holds, by reading, with the reason.

A person judges a passage. No program does. The check of a passage is computed, and stands apart.
"""

from dataclasses import dataclass
from typing import Literal, get_args

Verdict = Literal["holds", "holds in part", "does not hold here", "reversed", "not asked"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


@dataclass(frozen=True)
class Judgement:
    """What became of a passage of a source.

    ``verdict`` is "holds", "holds in part", "does not hold here" (in our derivation, or in our nets
    at the scale that the reason names), "reversed" (the opposite holds) or "not asked".
    ``reason`` is one sentence. Unless the passage holds, the sentence names what was found, and
    what would have to be found for "holds".
    """

    verdict: Verdict
    reason: str


def holds(reason: str) -> Judgement:
    """The passage holds."""
    return Judgement("holds", reason)


def holds_in_part(reason: str) -> Judgement:
    """A part of the passage holds, or the passage holds under a condition that it does not name."""
    return Judgement("holds in part", reason)


def does_not_hold(reason: str) -> Judgement:
    """The passage does not hold here."""
    return Judgement("does not hold here", reason)


def reversed_here(reason: str) -> Judgement:
    """The opposite of the passage holds here."""
    return Judgement("reversed", reason)


def not_asked(reason: str) -> Judgement:
    """Nothing here asks whether the passage holds."""
    return Judgement("not asked", reason)
