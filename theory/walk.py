"""How an expression of numbers is computed on balls, in either kind of arithmetic.

``compiled`` takes an expression apart once. What it returns goes through the parts for every
call, and computes equal parts once.
"""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from theory.balls import Ball, Context, Floats, Points, UndecidedError
from theory.domain import DomainError
from theory.matrices import numbered_eigenvalue
from theory.meanings import FUNCTIONS, reduced

#: Longer sums are taken from their largest term outwards.
LONG_SUM = 256
ONE = Fraction(1)

Values = Mapping[sp.Symbol, Any]  # Fractions or balls
#: Computes a part at values, with what is known of other parts, in a context.
Computation = Callable[[Values, dict[Any, Any], Context], Any]

STRUCTURES = (sp.Add, sp.Mul, sp.Pow, sp.Piecewise, sp.Sum, sp.Integral)
LEAVES = (sp.Symbol, sp.Tuple, sp.Rational, sp.Float, type(sp.oo))
PAIRS = (sp.functions.elementary.piecewise.ExprCondPair,)
CONDITIONS = (sp.core.relational.Relational, sp.And, type(sp.true), type(sp.false))
WALKED = (*STRUCTURES, *PAIRS, *CONDITIONS, *(h for h in FUNCTIONS if issubclass(h, sp.Function)))


class StatedError(DomainError):
    """A head of a definition that has no arithmetic meaning here."""


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

    found = outer(expression)
    return found, {letter: part for part, letter in letters.items()}


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


def walk(expression: sp.Expr, values: Values, context: Context) -> Any:
    """``expression`` at ``values``, a Fraction or a ball."""
    return compiled(expression)(values, {}, context)


def computation(part: Any, of: Callable[[Any], Computation]) -> Computation:
    """How ``part`` is computed from its arguments, whose computations are ``of`` them."""
    if isinstance(part, sp.Symbol):
        return lambda values, known, context: values[part]
    if isinstance(part, (sp.Rational, sp.Float)):
        number = Fraction(*map(int, sp.Rational(part).as_numer_denom()))
        return lambda values, known, context: number
    if part in (sp.oo, -sp.oo):
        return lambda values, known, context: context.endless(part is sp.oo)
    compute = steps(part, of)

    def once(values: Values, known: dict[Any, Any], context: Context) -> Any:
        if once not in known:
            known[once] = compute(values, known, context)
        return known[once]

    return once


def steps(part: Any, of: Callable[[Any], Computation]) -> Computation:
    """``computation`` of a part that is made of others."""
    if isinstance(part, sp.Mul):
        above, below = ([of(each) for each in side] for side in quotient(part))

        def product(values: Values, known: dict[Any, Any], context: Context) -> Any:
            top, bottom = (
                reduced(context.multiply, [f(values, known, context) for f in side] or [ONE])
                for side in (above, below)
            )
            return context.divide(top, bottom) if below else top

        return product
    if isinstance(part, sp.Piecewise):
        inside = {each: of(each) for each in compared(part)}

        def piece(values: Values, known: dict[Any, Any], context: Context) -> Any:
            return branch(part, lambda each: inside[each](values, known, context), context)

        return piece
    if isinstance(part, (sp.Sum, sp.Integral)):
        return summed(part, of)
    if isinstance(part, numbered_eigenvalue):
        return lambda values, known, context: part.ball(context)
    meaning = meaning_of(part)
    arguments = [of(each) for each in part.args] if meaning else []

    def value(values: Values, known: dict[Any, Any], context: Context) -> Any:
        if meaning is None:
            raise StatedError(f"{type(part).__name__} is stated, not evaluated")
        return meaning(context, *(f(values, known, context) for f in arguments))

    return value


def meaning_of(part: Any) -> Callable[..., Any] | None:
    """What a head means, a function of a context and the arguments; None where it is stated."""
    if isinstance(part, sp.Add):
        return lambda context, *terms: reduced(context.add, terms)
    if isinstance(part, sp.Pow):
        return lambda context, base, exponent: context.power(base, exponent)
    return FUNCTIONS.get(type(part)) or getattr(part, "ball", None)


def quotient(product: sp.Mul) -> tuple[list[Any], list[Any]]:
    """The factors of a product above and below the line."""
    above, below = [], []
    for each in product.args:
        if each.is_Pow and each.exp.is_Rational and each.exp < 0:
            below.append(each.base**-each.exp)
        else:
            above.append(each)
    return above, below


def compared(part: Any) -> set[Any]:
    """The values of a piecewise part, and both sides of its relations."""
    if isinstance(part, sp.Piecewise):
        return {value for value, _ in part.args}.union(*(compared(c) for _, c in part.args))
    if isinstance(part, sp.And):
        return set().union(*map(compared, part.args))
    return set(part.args)


def summed(part: Any, of: Callable[[Any], Computation]) -> Computation:
    """The computation of a sum or an integral; float64 leaves it to more digits."""
    inside, (letter, low, high) = part.args
    first = of(low)
    last = of(high) if isinstance(part, sp.Sum) else None

    def value(values: Values, known: dict[Any, Any], context: Context) -> Any:
        if isinstance(context, Floats):
            return context.unknown()

        def term(x: Any, context: Context = context) -> Any:
            return walk(inside, {**values, letter: x}, context)

        start = first(values, known, context)
        if last is None:
            return integral(term, start, high, context)
        return total(term, start, last(values, known, context), context)

    return value


def branch(part: sp.Piecewise, at: Callable, context: Context) -> Any:
    """The first branch whose condition holds; of arrays, entry by entry."""
    if not isinstance(context, Floats):
        return at(next(value for value, condition in part.args if holds(condition, at, context)))
    np = context.numpy
    balls = [context.lift(at(value)) for value, _ in part.args]
    conditions = [np.asarray(holds(condition, at, context)) for _, condition in part.args]
    doubt = sum(is_doubtful(condition, at, context) for _, condition in part.args)
    shape = np.broadcast_shapes(*map(np.shape, conditions), *(np.shape(b.value) for b in balls))
    conditions = [np.broadcast_to(each, shape) for each in conditions]

    def select(parts: Iterable[Any]) -> Any:
        return np.select(conditions, [np.broadcast_to(part, shape) for part in parts])

    radius = select(ball.radius for ball in balls)
    return Ball(select(ball.value for ball in balls), np.where(doubt, np.inf, radius))


def is_doubtful(condition: Any, at: Callable, context: Context) -> Any:
    """Where float64 cannot tell whether a condition holds."""
    if condition is sp.true or condition is sp.false:
        return False
    if isinstance(condition, sp.And):
        return sum(is_doubtful(each, at, context) for each in condition.args)
    less = context.add(at(condition.rhs), context.multiply(Fraction(-1), at(condition.lhs)))
    return abs(less.value) <= less.radius if isinstance(less, Ball) else False


def holds(condition: Any, at: Callable, context: Context) -> Any:
    """Whether a relation of numbers holds; of arrays, entry by entry, as float64 sees it."""
    if condition is sp.true or condition is sp.false:
        return bool(condition)
    if isinstance(condition, sp.And):
        both = [holds(each, at, context) for each in condition.args]
        return context.numpy.logical_and.reduce(both) if isinstance(context, Floats) else all(both)
    left, right = at(condition.lhs), at(condition.rhs)
    less = context.add(right, context.multiply(Fraction(-1), left))  # right - left
    if isinstance(less, Ball):
        if not isinstance(context, Floats) and abs(less.value) <= less.radius != 0:
            if not context.decide:
                raise UndecidedError
            less = Fraction(0)
        elif not isinstance(context, Floats) and less.value != less.value:
            raise UndecidedError
        else:
            less = less.value
    return {
        sp.StrictLessThan: less > 0,
        sp.LessThan: less >= 0,
        sp.StrictGreaterThan: less < 0,
        sp.GreaterThan: less <= 0,
    }[type(condition)]


def total(term: Callable, low: Fraction, high: Fraction, context: Context) -> Any:
    """The sum over whole numbers from ``low`` to ``high``.

    A long one must have terms of one sign that rise to one summit and then fall: it is summed from
    the summit outwards until what is left is less than rounding.
    """
    first, last = int(low), int(high)
    if last - first < LONG_SUM:
        terms = (term(Fraction(j)) for j in range(first, last + 1))
        return reduced(context.add, (Fraction(0), *terms))

    def size(j: int) -> Any:
        return abs(context.lift(term(Fraction(j))).value)

    left, right = first, last
    beyond = size(last) != 0  # which terms are not zero, where some are
    while left < right:  # the first j whose next term is no larger
        middle = (left + right) // 2
        here = size(middle)
        falls = size(middle + 1) <= here if here else not beyond
        left, right = (left, middle) if falls else (middle + 1, right)
    found, summit = term(Fraction(left)), size(left)
    for places in (range(left - 1, first - 1, -1), range(left + 1, last + 1)):
        for j in places:
            each = context.lift(term(Fraction(j)))
            found = context.add(found, each)
            if abs(each.value) * (last - first) <= context.unit * summit:
                break
    ball = context.lift(found)
    return Ball(ball.value, ball.radius + 2 * context.unit * abs(ball.value))


def integral(integrand: Callable, low: Any, high: Any, context: Any) -> Ball:
    """The integral to infinity of a smooth integrand that falls like a Gaussian, by quadrature."""
    if high is not sp.oo:
        raise StatedError("an integral between finite ends is stated, not evaluated")
    mp, points = context.mp, Points(context.bits)

    def at(x: Any) -> Any:
        return points.lift(integrand(Ball(x, 0), points)).value

    with mp.workprec(context.bits + 32):
        far = mp.mpf(2)
        while abs(at(far)) > context.unit**2:
            far *= 2
        pieces = mp.linspace(context.lift(low).value, far, 5)
        value, error = mp.quad(at, pieces, error=True)
    return Ball(value, abs(error) + 64 * context.rounding(value))


Meaning = Callable[..., Any]  # of a context and the arguments, Fractions or balls
