"""An erratum: what a source prints, what is right, and the example that tells them apart."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from companion.references import Citation
from theory.claim import Claim

Kind = Literal["counterexample", "misprint", "scope", "unverified"]


@dataclass(frozen=True)
class Erratum:
    """A false or doubtful statement of a source.

    ``printed`` quotes it with the conditions that the source states beside it. Only a
    ``counterexample`` evaluates: ``printed_value`` and ``right_value`` are functions without
    arguments that compute what the printed and the right statement give on the counterexample; they
    differ. A ``misprint`` is a slip that its context corrects. ``scope`` is a statement that is
    true under a condition, which the source states or leaves out: what holds without it.
    ``unverified`` is a statement with no support found. ``also`` are other places that print the
    same. What is ``transcribed`` was read in recognised text, not in the source itself, and the
    slip may be the transcription's.
    """

    name: str
    kind: Kind
    printed: str
    right: str
    counterexample: str
    claims: tuple[Claim, ...]
    reference: Citation
    printed_value: Callable[[], Any] | None = None
    right_value: Callable[[], Any] | None = None
    also: tuple[Citation, ...] = ()
    transcribed: bool = False

    @property
    def references(self) -> tuple[Citation, ...]:
        """All places that print it."""
        return (self.reference, *self.also)

    def as_dict(self) -> dict[str, Any]:
        """The record as JSON has it, values evaluated."""
        return {
            "erratum": self.name,
            "kind": self.kind,
            "printed": self.printed + (", as transcribed" if self.transcribed else ""),
            "right": self.right,
            "counterexample": self.counterexample,
            "printed_value": None if self.printed_value is None else self.printed_value(),
            "right_value": None if self.right_value is None else self.right_value(),
            "claims": [claim.name for claim in self.claims],
            "reference": "; ".join(map(str, self.references)),
        }
