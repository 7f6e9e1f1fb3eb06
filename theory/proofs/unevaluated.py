"""A side of a step as it stood before it was evaluated: a derivative, a substitution, a product.

SymPy evaluates while it builds, so that both sides of a step may come out the same. A part that is
to be seen as it stood is marked, and a tactic proves the step with each marked part evaluated.
``derivative``, ``value_at`` and ``entry`` build the commonest parts, ``unevaluated`` marks others.
"""

from collections.abc import Mapping
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement

#: What evaluates while it is built.
EVALUATING = (sp.Add, sp.Mul, sp.Pow, sp.Function)


class Unevaluated(sp.UnevaluatedExpr):
    """A part that stays as it is until ``evaluated`` or ``unmarked`` takes the mark away."""

    is_commutative = True  # else SymPy writes a quotient by it as a power


def unevaluated(expression: Any) -> Any:
    """``expression``, marked to be shown as it stands: an integral, a sum, a factor that would
    cancel.

    >>> x = sp.Symbol("x", positive=True)
    >>> unevaluated(x) / x
    x/x
    """
    return Unevaluated(sp.sympify(expression))


def derivative(expression: Any, letter: Any, order: int = 1, at: Any = None) -> Any:
    """The derivative of ``expression`` in ``letter``, where ``letter`` is ``at``; not taken.

    >>> x = sp.Symbol("x")
    >>> derivative(x**3, x, at=2)
    Subs(Derivative(x**3, x), x, 2)
    >>> evaluated(derivative(x**3, x, at=2))
    12
    """
    slope = sp.Derivative(expression, (letter, order))
    return unevaluated(slope if at is None else sp.Subs(slope, letter, at))


def value_at(expression: Any, values: Mapping[Any, Any]) -> Any:
    """``expression`` where each letter has its value in ``values``; not put in.

    >>> x = sp.Symbol("x")
    >>> value_at(x**3, {x: 2}), evaluated(value_at(x**3, {x: 2}))
    (Subs(x**3, x, 2), 8)
    """
    within = evaluated(expression)
    moved = {x: value for x, value in values.items() if x != value and within.has(x)}
    if not moved:
        return expression
    return unevaluated(sp.Subs(expression, tuple(moved), tuple(moved.values())))


def entry(matrix: Any, row: Any, column: Any) -> Any:
    """An entry of a matrix of any size; not written out.

    >>> A, B = sp.MatrixSymbol("A", 2, 2), sp.MatrixSymbol("B", 2, 2)
    >>> entry(A + B, 0, 1), evaluated(entry(A + B, 0, 1))
    ((A + B)[0, 1], A[0, 1] + B[0, 1])
    """
    return unevaluated(MatrixElement(matrix, row, column))


def evaluated(expression: Any) -> Any:
    """``expression`` with each marked part evaluated; without one, ``expression`` itself.

    >>> x = sp.Symbol("x", positive=True)
    >>> evaluated(x * unevaluated(1 / x) + unevaluated(sp.Integral(x, (x, 0, 2))))
    3
    """
    expression = sp.sympify(expression)
    marked = expression.atoms(Unevaluated)
    return expression.xreplace({each: _taken(evaluated(each.args[0])) for each in marked})


def unmarked(expression: Any) -> Any:
    r"""``expression`` as it stands, without the marks.

    SymPy's printers take a mark for one letter, and drop the brackets of -(a - x).

    >>> a, x = sp.symbols("a x")
    >>> sp.latex(x - unevaluated(a - x)), sp.latex(unmarked(x - unevaluated(a - x)))
    ('x - a - x', 'x - \\left(a - x\\right)')
    """
    expression = sp.sympify(expression)
    if isinstance(expression, Unevaluated):
        return unmarked(expression.args[0])
    if not expression.has(Unevaluated):
        return expression
    parts = list(map(unmarked, expression.args))
    built = expression.func(*parts)
    if isinstance(expression, EVALUATING) and set(built.args) != set(parts):
        return expression.func(*parts, evaluate=False)
    return built


def _taken(expression: Any) -> Any:
    if isinstance(expression, sp.Derivative):  # ``doit`` fails at derivatives in a matrix
        each = (x for x, order in expression.variable_count for _ in range(order))
        return expression.expr.diff(*each)
    if isinstance(expression, sp.Subs):  # and at entries of matrices
        inner, letters, values = expression.args
        return _taken(inner).subs(list(zip(letters, values, strict=True)))
    if isinstance(expression, MatrixElement):  # the first time makes a sum of it
        return expression.doit().doit()
    return expression.doit()
