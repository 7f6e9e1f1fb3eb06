"""What became of a chain, and of each of its links."""

from dataclasses import dataclass
from typing import Any

from theory.proofs.uses import Theorem


@dataclass(frozen=True)
class Held:
    """A link that was run: ``how`` names what discharges it, "" where it does not hold.

    ``compared`` shows both sides then. ``case`` says which case of the covers it is run in.
    """

    case: str
    output: str
    words: str
    relation: str
    left: Any
    right: Any
    how: str
    seconds: float
    compared: str = ""


@dataclass(frozen=True)
class Joined:
    """What became of a chain: its links, why it is refused ("" where it is not), what it cites."""

    links: tuple[Held, ...]
    refused: str
    cited: tuple[Theorem, ...]

    @property
    def holds(self) -> bool:
        """Whether definition and closed form are joined."""
        return not self.refused
