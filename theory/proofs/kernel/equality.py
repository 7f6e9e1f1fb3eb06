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
    if expression == 0 or sp.expand(expression) == 0:
        return True
    if expression.has(*STATED):
        return False
    # a sum is a letter here: what SymPy does to sums is slow, and stumbles
    expression = expression.xreplace({each: _letter(each) for each in _outer_sums(expression)})
    if not expression.free_symbols and not _near_zero(expression):
        return False
    try:
        return bool(sp.cancel(sp.together(expression)) == 0 or sp.simplify(expression) == 0)
    except (NotImplementedError, sp.PolynomialError):
        return False


def has_sign(expression: Any, sign: str) -> bool:
    """Whether SymPy sees the sign, "is_positive" or "is_nonnegative", in some form."""
    expression = sp.sympify(expression)
    if getattr(expression, sign):
        return True
    if expression.has(*STATED):
        return False
    forms = (sp.factor, sp.simplify, sp.expand, lambda e: sp.factor(sp.simplify(e)))
    return any(bool(getattr(form(expression), sign)) for form in forms)


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


def _near_zero(number: Any) -> bool:
    try:
        return abs(sp.N(number, 30)) < 1e-20
    except (TypeError, ValueError):
        return True
