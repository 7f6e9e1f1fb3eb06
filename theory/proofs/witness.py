"""Witnesses: whether a bound is reached, or approached, where its chain says that.

A bound that no witness reaches may be loose: 21/20 of it would be a bound too.
"""

from collections.abc import Mapping
from typing import Any

import sympy as sp

from theory.chain import Approached, Reached
from theory.claim import Claim
from theory.functions.eigenvalues import Eigenvalue

#: What a letter that tends to 0 is, where the values are checked; its inverse for infinity.
NEARBY = (sp.Rational(1, 10), sp.Rational(1, 1000))


def sharp(claim: Claim, side: str) -> bool:
    """Whether the ``side`` ("lower" or "upper") of a bound is reached or approached.

    Where the bound is 0 no multiple of it is another bound: such a witness says nothing.
    """
    chain = claim.derivation.chain
    witness = chain.reached.get(side) if chain is not None else None
    if isinstance(witness, Reached):
        return is_reached(claim, side, witness)
    if isinstance(witness, Approached):
        return is_approached(claim, side, witness)
    return False


def told(claim: Claim, side: str) -> str:
    """Where the ``side`` of a bound is sharp, in words; that it is not known, where no witness
    shows it."""
    chain = claim.derivation.chain
    if chain is None or not sharp(claim, side):
        return "not known to be sharp"
    witness = chain.reached[side]
    at = ", ".join(f"{name} = {value}" for name, value in witness.values.items())
    if isinstance(witness, Approached):
        return f"approached as {witness.letter} tends to {witness.to} at {at}"
    return f"reached at {at}"


def is_reached(claim: Claim, side: str, witness: Reached) -> bool:
    """Whether the definition is equal to the bound at allowed values, and not 0."""
    meant = _settled(claim.definition.exact(digits=None, **witness.values))
    bound = _settled(claim.closed_form.exact(digits=None, **witness.values)[side])
    return sp.simplify(meant - bound) == 0 and sp.simplify(bound) != 0


def is_approached(claim: Claim, side: str, witness: Approached) -> bool:
    """Whether the quotient of definition and bound tends to 1 along allowed values."""
    letter, to = witness.letter, witness.to
    if not letter.is_positive or to not in (0, sp.oo):
        raise ValueError(f"{letter} is no positive letter that tends to 0 or to infinity")
    for near in NEARBY:
        values = _with(witness.values, {letter: near if to == 0 else 1 / near})
        claim.closed_form.exact(digits=5, **values)  # raises DomainError where they are not allowed
    meant = _settled(claim.definition.symbolic(**_with(witness.values, {})))
    bound = _settled(claim.closed_form.symbolic(**_with(witness.values, {}))[side])
    return sp.limit(sp.simplify(meant / bound), letter, to) == 1


def _with(values: Mapping[str, Any], letters: Mapping[Any, Any]) -> dict[str, Any]:
    """The values with these ``letters`` in numbers and lists of numbers."""

    def placed(value: Any) -> Any:
        if isinstance(value, list):
            return [placed(each) for each in value]
        return sp.sympify(value).subs(letters)

    return {name: placed(value) for name, value in values.items()}


def _settled(value: Any) -> Any:
    """A number with its eigenvalues worked out, where one that is asked for can be told."""
    value = sp.sympify(value)
    return value.xreplace({each: _eigenvalue(each) for each in value.atoms(Eigenvalue)})


def _eigenvalue(asked: Eigenvalue) -> Any:
    matrix, *rest = asked.args
    found = sp.Matrix(matrix).eigenvals(multiple=True)
    if len(set(found)) > 1:
        found = sorted(found, key=lambda each: sp.re(sp.N(each)))
    return type(asked).choose(found, *rest)
