"""How an expression of numbers is computed on balls (``theory.evaluation.balls``).

``compiled`` takes an expression apart once. What it returns goes through the parts for every
call, and computes equal parts once.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import add, ge, gt, le, lt, mul
from typing import Any

import sympy as sp
from flint import arb, fmpq
from sympy.matrices.expressions.matexpr import MatrixExpr

from theory.evaluation.balls import INFINITY, divide, nearly_whole, power
from theory.evaluation.meanings import FUNCTIONS, JUMPS
from theory.evaluation.ranges import StatedError, integral, total

Values = Mapping[sp.Symbol, Any]


@dataclass(slots=True)
class Call:
    """One evaluation: at which values, and what is known of the parts so far.

    To ``decide`` is to take numbers that cannot be told apart for equal.
    """

    values: Values
    decide: bool
    known: dict[Any, Any] = field(default_factory=dict)


Computation = Callable[[Call], Any]
Truth = Callable[[Call], bool]

STRUCTURES = (sp.Add, sp.Mul, sp.Pow, sp.Piecewise, sp.Sum, sp.Integral)
LEAVES = (sp.Symbol, sp.Tuple, sp.Rational, sp.Float, type(sp.oo))
PAIRS = (sp.functions.elementary.piecewise.ExprCondPair,)
CONDITIONS = (sp.core.relational.Relational, sp.And, type(sp.true), type(sp.false))
WALKED = (*STRUCTURES, *PAIRS, *CONDITIONS, *(h for h in FUNCTIONS if issubclass(h, sp.Function)))

#: Of each relation: when it holds, when it does not, and whether equal numbers fulfil it.
RELATIONS = {
    sp.StrictLessThan: (lt, ge, False),
    sp.LessThan: (le, gt, True),
    sp.StrictGreaterThan: (gt, le, False),
    sp.GreaterThan: (ge, lt, True),
}


class UndecidedError(ArithmeticError):
    """Two balls overlap, and which of the numbers is larger decides: more digits are needed."""


def supports(expression: Any) -> bool:
    """Whether ``compiled`` knows all of an expression, so that it holds scalars alone."""
    if not isinstance(expression, sp.Expr) or expression.has(sp.MatrixSymbol, sp.MatrixBase):
        return False
    if any(not _is_integrated(each) for each in expression.atoms(sp.Integral)):
        return False
    known = (*FUNCTIONS, *STRUCTURES, *PAIRS, *LEAVES, *CONDITIONS)
    parts = sp.preorder_traversal(expression)
    return all(isinstance(each, known) or hasattr(each, "ball") for each in parts)


def split(expression: Any) -> tuple[Any, dict[sp.Symbol, Any]]:
    """``expression`` in letters for its numbers that are made of matrices, and those numbers."""
    letters: dict[Any, sp.Symbol] = {}

    def outer(part: Any) -> Any:
        if not part.has(sp.MatrixSymbol) or isinstance(part, MatrixExpr):
            return part
        if isinstance(part, (sp.Sum, sp.Integral)) or not isinstance(part, WALKED):
            return letters.setdefault(part, sp.Dummy(real=True))
        return part.func(*map(outer, part.args))

    return outer(expression), {letter: part for part, letter in letters.items()}


def _is_integrated(part: sp.Integral) -> bool:
    """Whether ``integral`` computes it: to infinity, of error functions, so that it falls fast."""
    ends = [limits[2:] for limits in part.limits]
    return bool(part.function.has(sp.erf)) and ends == [(sp.oo,)]


@lru_cache(maxsize=1024)
def compiled(expression: sp.Expr) -> Computation:
    """How ``expression`` is computed; equal parts are computed once per call."""
    parts: dict[Any, Computation] = {}

    def of(part: Any) -> Computation:
        if part not in parts:
            parts[part] = computation(part, of)
        return parts[part]

    return of(expression)


def walk(expression: sp.Expr, values: Values, decide: bool = False) -> Any:
    """``expression`` at ``values``. Raises UndecidedError where more digits are needed."""
    return compiled(expression)(Call(values, decide))


def computation(part: Any, of: Callable[[Any], Computation]) -> Computation:
    """How ``part`` is computed from its arguments, whose computations are ``of`` them."""
    if isinstance(part, sp.Symbol):
        return lambda call: call.values[part]
    if isinstance(part, (sp.Rational, sp.Float)):
        number = fmpq(*map(int, sp.Rational(part).as_numer_denom()))
        return lambda call: number
    if part in (sp.oo, -sp.oo):
        infinity = INFINITY if part is sp.oo else -INFINITY
        return lambda call: infinity
    compute = steps(part, of)

    def once(call: Call) -> Any:
        if once not in call.known:
            call.known[once] = compute(call)
        return call.known[once]

    return once


def steps(part: Any, of: Callable[[Any], Computation]) -> Computation:
    """``computation`` of a part that is made of others."""
    if isinstance(part, sp.Add):
        return folded(add, map(of, with_tails(part)))
    if isinstance(part, sp.Mul):
        above, below = quotient(part)
        top = folded(mul, map(of, above or [sp.S.One]))
        if not below:
            return top
        bottom = folded(mul, map(of, below))
        return lambda call: divide(top(call), bottom(call))
    if isinstance(part, sp.Piecewise):
        return piecewise([(of(value), truth(condition, of)) for value, condition in part.args])
    if isinstance(part, (sp.Sum, sp.Integral)):
        return over_a_range(part, of)
    if getattr(part, "of_a_matrix", False):
        return lambda call: part.ball(*part.args)
    arguments = [of(each) for each in part.args] if meaning_of(part) else []
    return function(part, arguments)


def folded(operation: Callable[[Any, Any], Any], parts: Iterable[Computation]) -> Computation:
    """The operation between all parts, from the left."""
    first, *others = parts

    def value(call: Call) -> Any:
        so_far = first(call)
        for each in others:
            so_far = operation(so_far, each(call))
        return so_far

    return value


def with_tails(total: sp.Add) -> list[Any]:
    """The terms of a sum, c + c erf(z) as c erfc(-z), which does not cancel far out."""
    number, terms = total.as_coeff_add()
    for each in terms:
        factor, function = each.as_coeff_Mul()
        if isinstance(function, sp.erf) and number != 0 and abs(factor) == abs(number):
            z = function.args[0]
            tail = number * sp.erfc(-z if factor == number else z, evaluate=False)
            return [tail, *(other for other in terms if other is not each)]
    return list(total.args)


def quotient(product: sp.Mul) -> tuple[list[Any], list[Any]]:
    """The factors of a product above and below the line."""
    above, below = [], []
    for each in product.args:
        if each.is_Pow and each.exp.is_Rational and each.exp < 0:
            below.append(each.base**-each.exp)
        else:
            above.append(each)
    return above, below


def function(part: Any, arguments: list[Computation]) -> Computation:
    """The computation of a function of the arguments."""
    meaning = meaning_of(part)
    jumps = isinstance(part, JUMPS)

    def value(call: Call) -> Any:
        if meaning is None:
            raise StatedError(f"{type(part).__name__} is stated, not evaluated")
        numbers = [each(call) for each in arguments]
        if jumps and call.decide and isinstance(numbers[0], arb):
            numbers = [nearly_whole(numbers[0])]
        return meaning(*numbers)

    return value


def meaning_of(part: Any) -> Callable[..., Any] | None:
    """What a head means, a function of numbers; None where it is stated."""
    return (
        power
        if isinstance(part, sp.Pow)
        else FUNCTIONS.get(type(part)) or getattr(part, "ball", None)
    )


def piecewise(branches: Sequence[tuple[Computation, Truth]]) -> Computation:
    """The first branch whose condition holds."""

    def value(call: Call) -> Any:
        return next(branch(call) for branch, holds in branches if holds(call))

    return value


def truth(condition: Any, of: Callable[[Any], Computation]) -> Truth:
    """Whether a condition holds in a call."""
    if condition in (sp.true, sp.false):
        return lambda call: bool(condition)
    if isinstance(condition, sp.And):
        both = [truth(each, of) for each in condition.args]
        return lambda call: all(each(call) for each in both)
    holds, fails, when_equal = RELATIONS[type(condition)]
    left, right = map(of, condition.args)

    def value(call: Call) -> bool:
        a, b = left(call), right(call)
        if holds(a, b):
            return True
        if fails(a, b):
            return False
        if not call.decide or (a - b).is_nan():
            raise UndecidedError
        return when_equal

    return value


def over_a_range(part: Any, of: Callable[[Any], Computation]) -> Computation:
    """The computation of a sum or an integral."""
    inside, (letter, low, high) = part.args
    first = of(low)
    last = of(high)
    term = compiled(inside)
    combined = total if isinstance(part, sp.Sum) else integral

    def value(call: Call) -> Any:
        def at(x: Any) -> Any:
            return term(Call({**call.values, letter: x}, call.decide))

        return combined(at, first(call), last(call))

    return value
