"""Whether a number is zero, or positive, by SymPy's normal forms."""

from typing import Any

import sympy as sp

from theory.functions.heads import is_head

#: What SymPy's simplification would try to work out instead of comparing.
STATED = (sp.Integral, sp.Limit, sp.Derivative)
#: How far from 0 a value of 30 digits must be, relative to its terms, to be told from 0.
NEAR = sp.Float("1e-18")
#: The places of the first letter at which a number is looked at (``_value``).
POINTS = (2, 1, 30)


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
    if differs(expression):  # quickly, where SymPy would try every form in vain
        return False
    if sp.expand(expression) == 0:
        return True
    if expression.has(*STATED):
        return False
    # a sum is a letter here: what SymPy does to sums is slow, and stumbles
    expression = expression.xreplace({each: _letter(each) for each in _outer_sums(expression)})
    try:
        if sp.cancel(sp.together(expression)) == 0 or with_plain_roots(expression) == 0:
            return True
        return bool(sp.simplify(expression) == 0)
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
    if expression.has(*STATED) or _is_negative_somewhere(expression):
        return False
    forms = (sp.factor, sp.simplify, sp.expand, lambda e: sp.factor(sp.simplify(e)))
    if any(bool(getattr(form(expression), sign)) for form in forms):
        return True
    if sign != "is_nonnegative" or not expression.atoms(sp.Pow):
        return False
    return bool(sp.factor(with_plain_roots(expression)).is_nonnegative)


def _divided(expression: Any) -> Any:
    """``expression`` with letters that it divides by, which are not zero then, above zero where
    they are not below it."""
    below = {
        part.base
        for part in expression.atoms(sp.Pow)
        if part.exp.is_negative and part.base.is_Symbol and part.base.is_nonnegative
    }
    return expression.xreplace({letter: sp.Dummy(letter.name, positive=True) for letter in below})


def _outer_sums(expression: Any) -> list[Any]:
    """The sums that do not stand inside another one."""
    walk, sums = sp.preorder_traversal(expression), []
    for part in walk:
        if isinstance(part, sp.Sum):
            sums.append(part)
            walk.skip()
    return sums


def _letter(total: sp.Sum) -> sp.Dummy:
    signs = ("positive", "nonnegative", "real")
    known = next((sign for sign in signs if getattr(total, f"is_{sign}")), None)
    return sp.Dummy(**({known: True} if known else {}))


def differs(expression: Any) -> bool:
    """Whether an expression is not zero at a point that its letters allow."""
    found = _at_a_point(expression)
    return found is not None and bool(sp.Abs(found[0]) > NEAR * found[1])


def _is_negative_somewhere(expression: Any) -> bool:
    """Whether it is below zero at one of some points that its letters allow: quickly, before every
    form."""
    for first in POINTS:
        found = _at_a_point(expression, first)
        if found is None or not isinstance(found[0], sp.Number):  # a complex value has no sign
            return False
        if found[0] < -NEAR * found[1]:
            return True
    return False


def _at_a_point(expression: Any, first: int = POINTS[0]) -> tuple[Any, Any] | None:
    """The value of an expression at a point that its letters allow, and the size of its terms.

    The point is one of many, chosen by the place ``first`` of the first letter.

    None where it has none, or SymPy finds none.
    """
    letters = sorted(expression.free_symbols, key=str)
    if not all(isinstance(letter, sp.Symbol) for letter in letters):
        return None
    if expression.has(sp.Sum, sp.Product, sp.Indexed, *STATED) or is_head(expression):
        return None
    point = {letter: _value(letter, place) for place, letter in enumerate(letters, first)}
    try:
        terms = [each.evalf(30, subs=point) for each in sp.Add.make_args(expression)]
        value, size = sum(terms), 1 + sum(map(abs, terms))
    except (ArithmeticError, NotImplementedError, TypeError, ValueError, RecursionError):
        return None
    if not all(isinstance(each, sp.Number) and each.is_finite for each in (sp.Abs(value), size)):
        return None  # of means, for instance, which have no digits
    return value, size


def _value(letter: sp.Symbol, place: int) -> sp.Rational:
    """A value that the assumptions of a letter allow; another one for each ``place``."""
    if letter.is_integer:
        return sp.Integer(place + 1)
    size = sp.Rational(7 * place + 3, 11 + 2 * place)
    return size if letter.is_nonnegative or place % 2 else -size
