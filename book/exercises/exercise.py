"""What an exercise is: a question whose answer is a claim, and whose mistakes are its twins."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from book.words import html
from theory.claim import Claim
from theory.domain import Array, Domain, Integer

#: A letter in a question.
SLOT = re.compile(r"\{(\w+)\}")
#: How far twins lie apart from the answer and from each other, in tolerances.
APART = 4


@dataclass(frozen=True)
class Exercise:
    """A question on a claim, answered by a number.

    ``question`` has each letter of the claim in braces; ``values`` are its numbers at first sight,
    and ``ranges`` those of new numbers, where they are not the letter's typical ones. The answer is
    the claim's ``part``, right to the share ``tolerance``. ``mistakes`` says of every twin why it
    is wrong. ``why`` explains the answer, ``hint`` helps after a second wrong one.
    """

    name: str
    title: str
    claim: Claim
    question: str
    values: Mapping[str, float]
    why: str
    hint: str
    mistakes: Mapping[str, str]
    part: str = ""
    tolerance: float = 0.005
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def check(self) -> None:
        """Raises ValueError where the exercise does not fit its claim.

        Every letter must be a number, have a value and stand in the question; every twin must have
        a sentence, and no other may; twins must lie apart at the first values.
        """
        letters, twins = sorted(self.claim.domain), sorted(self.claim.twins)
        if any(isinstance(each.domain, Array) for each in self.claim.parameters):
            raise self._fault(f"{self.claim.name} has a letter that is no number")
        if not sorted(SLOT.findall(self.question)) == sorted(self.values) == letters:
            raise self._fault(f"the question and the values have the letters {letters}, once each")
        if sorted(self.mistakes) != twins:
            raise self._fault(f"each of {twins} needs its sentence, and no other")
        if not self.are_apart(self.values):
            raise self._fault("two answers lie close together at the first values")

    def _fault(self, words: str) -> ValueError:
        return ValueError(f"exercise {self.name}: {words}")

    def answers(self, values: Mapping[str, float]) -> list[float]:
        """The right answer, then that of each twin."""
        formulas = [self.claim.closed_form, *(self.claim.twins[twin] for twin in self.mistakes)]
        found = [formula(**values) for formula in formulas]
        return [float(each[self.part] if self.part else each) for each in found]

    def are_apart(self, values: Mapping[str, float]) -> bool:
        """Whether the answers lie apart by at least four tolerances."""
        found = self.answers(values)
        pairs = [(a, b) for i, a in enumerate(found) for b in found[:i]]
        return all(abs(a - b) >= APART * self.tolerance * max(abs(a), abs(b)) for a, b in pairs)

    def asked(self) -> str:
        """The question as HTML; a letter has its value, which a script replaces."""
        letters = list(self.claim.domain)
        parts = SLOT.split(self.question)
        shown = [
            f'<output data-letter="{part}">{self.values[part]:g}</output>'
            if i % 2
            else html(part, letters)
            for i, part in enumerate(parts)
        ]
        return "".join(shown)


def data(exercise: Exercise) -> dict[str, Any]:
    """What static/exercise.js needs of an exercise."""
    letters = list(exercise.claim.domain)
    drawn = {
        each.name: _drawn(exercise.ranges.get(each.name), each.domain)
        for each in exercise.claim.parameters
    }
    return {
        "claim": exercise.claim.name,
        "part": exercise.part,
        "tolerance": exercise.tolerance,
        "apart": APART,
        "values": dict(exercise.values),
        "ranges": drawn,
        "why": html(exercise.why, letters),
        "hint": html(exercise.hint, letters),
        "names": {twin: html(twin, letters) for twin in exercise.mistakes},
        "mistakes": {twin: html(words, letters) for twin, words in exercise.mistakes.items()},
    }


def _drawn(chosen: tuple[float, float] | None, domain: Domain) -> dict[str, Any]:
    """From where to where a letter is drawn, and whether it is whole."""
    assert not isinstance(domain, Array)  # Exercise.check refuses it
    low, high = chosen or domain.typical
    return {"low": low, "high": high, "whole": isinstance(domain, Integer)}
