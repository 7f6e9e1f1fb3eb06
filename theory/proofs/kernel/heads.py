"""Heads of equal arguments are equal: E(f) is E(g) where f is g."""

from typing import Any

import sympy as sp

from theory.proofs.kernel import equality


def merged(expression: Any, head: type) -> Any:
    """``expression`` with each number of a kind ``head`` as a letter, the same for equal ones.

    >>> a, b = sp.symbols("a b", positive=True)
    >>> merged(sp.loggamma(sp.sqrt(a * b)) - sp.loggamma(sp.sqrt(a) * sp.sqrt(b)), sp.loggamma)
    0
    """
    images: dict[Any, Any] = {}
    for each in sorted(expression.atoms(head), key=str):
        twin = next((other for other in images if _of_equals(each, other)), None)
        images[each] = _letter(each) if twin is None else images[twin]
    return expression.xreplace(images)


def _of_equals(one: Any, other: Any) -> bool:
    return one.func == other.func and all(map(alike, one.args, other.args))


def _letter(number: Any) -> sp.Dummy:
    return sp.Dummy("head", real=True, nonnegative=number.is_nonnegative or None)


def alike(one: Any, other: Any) -> bool:
    """Whether two expressions are equal, part by part or by calculation."""
    one, other = (e.reversed if isinstance(e, (sp.Gt, sp.Ge)) else e for e in (one, other))
    if one == other:
        return True
    numbers = isinstance(one, sp.Expr) and isinstance(other, sp.Expr)
    if numbers and equality.differs(one - other):
        return False
    same_parts = one.func == other.func and len(one.args) == len(other.args) and one.args
    if same_parts and all(map(alike, one.args, other.args)):
        return True
    if not numbers:
        return False
    return equality.vanishes(one - other) or _same_powers(one, other)


def _same_powers(one: Any, other: Any) -> bool:
    """Whether two products of powers are a^k b and c^k d, k whole, with a = c and b = d."""
    exponents = {power.exp for power in (one.atoms(sp.Pow) | other.atoms(sp.Pow))}
    letters = {x for each in exponents for x in each.free_symbols if x.is_integer}
    for letter in letters:
        first, second = _in_powers(one, letter), _in_powers(other, letter)
        if not first or not second:
            continue
        if all(equality.vanishes(a - b) for a, b in zip(first, second, strict=True)):
            return True
    return False


def _in_powers(product: Any, letter: Any) -> tuple[Any, Any] | None:
    """The pair (a, b) where ``product`` is a^letter b; None where it is no such product."""
    to_the_letter, rest = sp.Integer(1), sp.Integer(1)
    for factor in sp.Mul.make_args(product):
        base, exponent = factor.as_base_exp()
        times, added = exponent.coeff(letter), sp.expand(exponent - exponent.coeff(letter) * letter)
        if base.has(letter) or added.has(letter) or not times.is_integer:
            return None
        to_the_letter *= base**times
        rest *= base**added
    return to_the_letter, rest
