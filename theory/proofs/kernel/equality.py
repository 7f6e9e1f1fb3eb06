"""Whether a number is zero, or positive, by SymPy's normal forms."""

from typing import Any

import sympy as sp

#: What SymPy's simplification would try to work out instead of comparing.
STATED = (sp.Integral, sp.Limit, sp.Derivative)


def vanishes(expression: Any) -> bool:
    """Whether ``expression`` is zero; what is not decided is not zero.

    >>> a, b = sp.symbols("a b", positive=True)
    >>> vanishes((a**2 - b**2) / (a - b) - a - b)
    True
    >>> vanishes(sp.sqrt(a * b) - sp.sqrt(a) * sp.sqrt(b))
    True
    >>> vanishes(a - b)
    False
    """
    expression = sp.sympify(expression)
    if expression == 0:
        return True
    stated = expression.has(*STATED)
    if not stated and not _near_zero(expression):
        return False
    if sp.expand(expression) == 0:
        return True
    if stated:
        return False
    try:
        forms = (lambda e: sp.cancel(sp.together(e)), with_plain_roots, sp.simplify)
        return any(form(expression) == 0 for form in forms)
    except (NotImplementedError, sp.PolynomialError):
        return False


def with_plain_roots(expression: Any) -> Any:
    """An algebraic ``expression`` with what is a square taken out of its square roots.

    Numbers that are not negative are written as squares of positive ones: both sides of an equation
    of algebraic functions are continuous where they are defined, and reach 0 together.

    >>> a, b = sp.symbols("a b", nonnegative=True)
    >>> with_plain_roots(sp.sqrt(a**2 + a * sp.sqrt(b)) - sp.sqrt(a) * sp.sqrt(a + sp.sqrt(b)))
    0
    """
    if not _is_algebraic(expression):
        return expression
    halves = [each for each in expression.atoms(sp.Pow) if each.exp.is_Rational and each.exp.q == 2]
    squares = {
        letter: sp.Dummy(letter.name, positive=True) ** 2
        for each in halves
        for letter in each.free_symbols
        if letter.is_nonnegative
    }
    rooted = expression.xreplace(squares).replace(
        lambda part: part.is_Pow and part.exp.is_Rational and part.exp.q == 2,
        lambda part: sp.factor(part.base) ** part.exp,
    )
    return sp.cancel(sp.together(rooted))


def _is_algebraic(expression: Any) -> bool:
    """Whether it is made of letters by sums, products, quotients and roots."""
    return all(
        isinstance(part, (sp.Add, sp.Mul, sp.Symbol, sp.Rational))
        or (isinstance(part, sp.Pow) and part.exp.is_Rational)
        for part in sp.preorder_traversal(expression)
    )


def has_sign(expression: Any, sign: str) -> bool:
    """Whether SymPy sees the sign, "is_positive" or "is_nonnegative", in some form."""
    expression = _divided(sp.sympify(expression))
    if getattr(expression, sign):
        return True
    if expression.has(*STATED):
        return False
    forms = (sp.factor, sp.simplify, sp.expand, lambda e: sp.factor(sp.simplify(e)))
    return any(bool(getattr(form(expression), sign)) for form in forms)


def _divided(expression: Any) -> Any:
    """``expression`` with letters that it divides by, which are not zero then, above zero where
    they are not below it."""
    below = {
        part.base
        for part in expression.atoms(sp.Pow)
        if part.exp.is_negative and part.base.is_Symbol and part.base.is_nonnegative
    }
    return expression.xreplace({letter: sp.Dummy(letter.name, positive=True) for letter in below})


def _near_zero(expression: Any) -> bool:
    """Whether a value at some point of the letters leaves it open that it is zero everywhere."""
    point = {letter: _value(letter, place) for place, letter in enumerate(_letters(expression))}
    try:
        value = abs(expression.evalf(15, subs=point, maxn=40))
        return bool(value < 1e-12) or not value.is_finite
    except (TypeError, ValueError, AttributeError, ArithmeticError, NotImplementedError):
        return True


def _letters(expression: Any) -> list[Any]:
    return sorted(expression.free_symbols, key=str)


def _value(letter: Any, place: int) -> Any:
    """A number that a letter may be: a whole one, or one between 1/2 and 3/2."""
    if letter.is_integer:
        return sp.Integer(3 + place % 4)
    size = sp.Rational(1, 2) + sp.Rational((37 * place**3 + 11 * place + 5) % 101, 101)
    return -size if letter.is_negative else size
