"""The definition of a claim: a formula that says what the words mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sympy as sp
from sympy.core.function import AppliedUndef

from theory import arguments
from theory.domain import Array, DomainError
from theory.formula import Formula
from theory.functions.heads import Head
from theory.functions.iterates import Iterated

if TYPE_CHECKING:
    from theory.definitions.estimates import Estimate

#: What NumPy does not evaluate: it is differenced, drawn, searched for or cut off.
STATED = (AppliedUndef, Head, Iterated, sp.Limit, sp.Derivative, sp.Subs)


@dataclass(frozen=True, eq=False)
class Definition(Formula):
    """What a claim's words mean, in the symbols of its parameters and in letters of its own.

    A letter that is no parameter has the law that ``laws`` states, or is a column of the identity
    (``axes``), or is arbitrary, so that the value must not depend on it. What the words of the
    claim called ``name`` ask of it besides, ``theory.definitions.letters`` holds. The closed form
    is never used.
    """

    laws: Mapping[Any, Any] = field(default_factory=dict)
    axes: tuple[Any, ...] = ()
    name: str = ""

    def __call__(self, **values: Any) -> Any:
        """The value in float64: ``estimate`` says how far off it may be.

        Matrix algebra and integrals are NumPy's and right to rounding, as those of any formula.
        Derivatives are differences in 120 digits, and right to rounding too. Means over random
        letters are exact up to the second power of their matrices, else drawn; limits are cut off;
        extremes and zeros are searched for. Raises DomainError as a formula does, and
        NotImplementedError with one line where a word has no meaning in numbers.
        """
        if self._is_plain:
            return super().__call__(**values)
        found = self.estimate(values)
        return {k: e.value for k, e in found.items()} if isinstance(found, dict) else found.value

    def estimate(
        self, values: Mapping[str, Any], seed: int = 0, *, floats: bool = True
    ) -> "Estimate | dict[str, Estimate]":
        """The value and its error, or those of each name: see ``Estimate``.

        ``values`` are one number or one matrix per parameter. ``seed`` is of what is drawn. Raises
        as a call does, and FloatsError where the value needs draws, a search or another computation
        in floats and ``floats`` is False.
        """
        from theory.definitions.estimates import estimate
        from theory.definitions.refused import REFUSED
        from theory.definitions.scope import NoMeaningError

        given = {name: arguments.as_array(name, value) for name, value in values.items()}
        checked = self._checked(given)
        try:
            found = {
                key: estimate(self, expression, checked, seed, floats)
                for key, expression in self._named.items()
            }
        except NoMeaningError as error:
            raise NoMeaningError(f"{self.name}: {REFUSED.get(self.name, error)}") from error
        except ZeroDivisionError as error:
            raise DomainError(f"{self.name}: there is no value here") from error
        return found if self.named else found[""]

    @cached_property
    def _is_plain(self) -> bool:
        """Whether NumPy evaluates it as it stands."""
        letters = {each.name for each in self.parameters}
        for each in self.parameters:
            if isinstance(each.domain, Array):
                letters |= {str(each.domain.rows), str(each.domain.columns)}
        for expression in self._named.values():
            if any(isinstance(part, STATED) for part in sp.preorder_traversal(expression)):
                return False
            if not {str(letter) for letter in expression.free_symbols} <= letters:
                return False
        try:
            return bool(self._evaluator._parts)
        except (ValueError, NotImplementedError, SyntaxError, TypeError):
            return False
