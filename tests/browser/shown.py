"""What a page shows as a reader has it: a number in words, and a place by the ticks of an axis."""

import re
from dataclasses import dataclass

import numpy as np

RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"
PLAIN = str.maketrans(RAISED + "−", "0123456789--")
#: A picture has its coordinates to a tenth of a pixel, and cuts them far outside its frame.
ROUNDING = 0.05
CUT = (-2000, 4000)


def number(text: str) -> float:
    """The number that a text says.

    >>> number("−2.5 × 10⁻³"), number("10⁶"), number("1010")
    (-0.0025, 1000000.0, 1010.0)
    """
    ten = re.compile(f"( × |(?<![0-9.]))10(?=[{RAISED}])")
    return float(ten.sub(lambda found: "e" if found[1] else "1e", text).translate(PLAIN))


@dataclass
class Axis:
    """An axis by its ticks: what stands at each, and at which pixel."""

    ticks: list[tuple[str, float]]
    log: bool

    def pixels(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where values lie by the outermost ticks, and how far rounding may put them off."""
        (first, start), *_, (last, end) = self.ticks
        low, high, at = map(self._scaled, (number(first), number(last), values))
        share = (at - low) / (high - low)
        allowed = ROUNDING * (1 + np.abs(share) + np.abs(1 - share))
        return np.clip(start + share * (end - start), *CUT), allowed

    def _scaled(self, values: float | np.ndarray) -> np.ndarray:
        return np.log(values) if self.log else np.asarray(values)
