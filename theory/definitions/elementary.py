"""Functions of numbers, in mpf's of mpmath or in floats, for one value or one per draw."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import mpmath
import numpy as np
import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import BooleanFalse, BooleanTrue

from theory.definitions.scope import Meaning, NoMeaningError, Scope


def _each(name: str, other: str | None = None) -> Meaning:
    """The function of mpmath and that of NumPy, or else SciPy's, of the same meaning."""

    def meaning(e: Any, scope: Scope) -> Any:
        arguments = [scope.of(each) for each in e.args]
        if scope.precise:
            return getattr(mpmath, name)(*arguments)
        function = getattr(np, other or name, None) or getattr(
            import_module("scipy.special"), other or name
        )
        return function(*arguments)

    return meaning


def add(e: Any, scope: Scope) -> Any:
    """A sum of numbers, or of matrices."""
    total = scope.of(e.args[0])
    for part in e.args[1:]:
        total = total + scope.of(part)
    return total


def _multiply(e: Any, scope: Scope) -> Any:
    product = scope.of(e.args[0])
    for part in e.args[1:]:
        product = product * scope.of(part)
    return product


def _power(e: Any, scope: Scope) -> Any:
    base, exponent = scope.of(e.base), scope.of(e.exp)
    if e.exp.is_Integer:
        return base ** int(e.exp) if scope.precise else np.power(base, float(e.exp))
    if scope.precise:
        result = mpmath.power(base, exponent)
        return result.real if isinstance(result, mpmath.mpc) and result.imag == 0 else result
    return np.power(base, exponent)


def _of_all(precise: Callable[..., Any], floats: Any) -> Meaning:
    def meaning(e: Any, scope: Scope) -> Any:
        arguments = [scope.of(each) for each in e.args]
        if scope.precise:
            return precise(*arguments)
        result = arguments[0]
        for each in arguments[1:]:
            result = floats(result, each)
        return result

    return meaning


def _piecewise(e: Any, scope: Scope) -> Any:
    for value, condition in e.args:
        holds = scope.of(condition)
        if np.ndim(holds):
            rest = sp.Piecewise(*e.args[e.args.index((value, condition)) + 1 :])
            return np.where(holds, scope.of(value), scope.of(rest))
        if holds:
            return scope.of(value)
    raise NoMeaningError(f"no case of {e} applies")


def _relation(compare: Callable[[Any, Any], Any]) -> Meaning:
    return lambda e, scope: compare(scope.of(e.lhs), scope.of(e.rhs))


def _letter(e: Any, scope: Scope) -> Any:
    return scope.letter(e)


def any_function(e: Any, scope: Scope) -> Any:
    """Any smooth positive function of numbers."""
    if not all(isinstance(each, sp.Expr) and not each.has(sp.MatrixSymbol) for each in e.args):
        raise NoMeaningError(f"{e.func} is a word")
    if any(isinstance(each, AppliedUndef) for each in e.args):
        raise NoMeaningError(f"{e.func} is a word")
    turn = sum(map(ord, str(e.func))) % 7 + 1
    sine = mpmath.sin if scope.precise else np.sin
    there = sum(scope.of(each) for each in e.args)
    return (sine(there * turn + 1) + 3) / 2


def _heaviside(x: Any) -> Any:
    return np.where(np.asarray(x) > 0, 1.0, 0.0)


MEANINGS: dict[type, Meaning] = {
    sp.Add: add,
    sp.Mul: _multiply,
    sp.Pow: _power,
    sp.Symbol: _letter,
    sp.exp: _each("exp"),
    sp.log: _each("log"),
    sp.sin: _each("sin"),
    sp.cos: _each("cos"),
    sp.tan: _each("tan"),
    sp.asin: _each("asin", "arcsin"),
    sp.acos: _each("acos", "arccos"),
    sp.atan: _each("atan", "arctan"),
    sp.Abs: _each("fabs", "abs"),
    sp.sign: _each("sign"),
    sp.gamma: _each("gamma"),
    sp.erf: _each("erf"),
    sp.binomial: _each("binomial", "binom"),
    sp.Max: _of_all(max, np.maximum),
    sp.Min: _of_all(min, np.minimum),
    sp.Heaviside: lambda e, scope: _heaviside(scope.of(e.args[0])),
    sp.Piecewise: _piecewise,
    sp.StrictGreaterThan: _relation(lambda a, b: a > b),
    sp.StrictLessThan: _relation(lambda a, b: a < b),
    sp.GreaterThan: _relation(lambda a, b: a >= b),
    sp.LessThan: _relation(lambda a, b: a <= b),
    sp.And: _of_all(lambda *x: all(x), np.logical_and),
    sp.Or: _of_all(lambda *x: any(x), np.logical_or),
    BooleanTrue: lambda e, scope: True,
    BooleanFalse: lambda e, scope: False,
}
