"""Letters that a kernel makes for functions of others, and which letters these hide."""

from typing import Any

import sympy as sp

from theory.domain import Parameter
from theory.proofs.kernel.coordinates import Coordinates


class Hidden(Coordinates):
    """Coordinates that know what stands inside the letters made from them."""

    def __init__(self, parameters: tuple[Parameter, ...]) -> None:
        super().__init__(parameters)
        self.within_name: dict[Any, set[Any]] = {}  # letters in the names of made letters

    def refuse_hidden(self, letter: Any, letters: Any) -> None:
        """Refuse a derivative in ``letter`` where it stands inside others, whose slope is not
        known."""
        for each in letters:
            if letter != each and letter in self.inside(each):
                raise NotImplementedError(f"no derivative of {each} in {letter}")

    def made(self, letter: Any, *parts: Any) -> Any:
        """A ``letter`` that stands for a function of ``parts``, polynomials and numbers."""
        inside: set[Any] = set()
        for part in parts:
            for e in (*part, *part.values()) if isinstance(part, dict) else (part,):
                for each in e if isinstance(e, tuple) else (e,):
                    inside |= self.inside(each)
        self.within_name[letter] = inside
        return letter

    def inside(self, e: Any) -> set[Any]:
        """The letters of an expression, and those within what its letters stand for."""
        met = set(sp.sympify(e).free_symbols) | {e}
        hidden = [self.within_name.get(x, set()) for x in met]
        words = [self.inside(x) for each in met for x in self.products.get(each, ())]
        return met.union(*hidden, *words)
