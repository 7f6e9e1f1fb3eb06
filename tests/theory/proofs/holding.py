"""Uses of rules: what holds, and what is refused or raises an error."""

import sympy as sp

MORE = sp.Rational(21, 20)


def holds(use, kernel, left, right, relation="="):
    """Whether a use holds; what raises an error does not."""
    try:
        return use.holds(kernel, left, right, relation)
    except (NotImplementedError, TypeError, AttributeError):
        return False


def check(kernel, use, left, right, relation="="):
    """A true use holds, and does not with its right side times 21/20 (for an integral, inside)."""
    assert use.holds(kernel, left, right, relation)
    assert not holds(use, kernel, left, right, "<=" if relation == "=" else "=")
    if relation == "=":
        assert not holds(use, kernel, left, MORE * right)
    if isinstance(right, (sp.Integral, sp.Limit)):
        inside = right.func(MORE * right.args[0], *right.args[1:])
        assert not holds(use, kernel, left, inside)
