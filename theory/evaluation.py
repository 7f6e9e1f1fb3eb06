"""How a closed form of scalars becomes a number: in float64 with NumPy, to any digits with mpmath.

``walk`` goes through an expression once, in either kind of arithmetic on balls (``theory.balls``).
``floats`` keeps what float64 gets right and takes the rest from ``precise``, which doubles the
digits that it works with until the radius is small enough: so a value is right to rounding at the
edges of a domain and far out too, and ``--digits D`` is D right digits.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import lru_cache
from importlib import import_module
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr

from theory import functions
from theory.balls import Ball, Context, Floats, Multiprecision, UndecidedError
from theory.domain import DomainError
from theory.matrices import numbered_eigenvalue

#: float64 is kept where its own bound on its error is below this, relatively.
ENOUGH = 2.0**-44
#: An argument that is known this well tells where a function is.
CLEAR = 2.0**-47
#: Work starts with this many bits, and ends with one that is known to no digit at so many.
BITS, MOST_BITS = 128, 2**14
#: Longer sums are taken from their largest term outwards.
LONG_SUM = 256

FLOATS = Floats()


class StatedError(DomainError):
    """A head of a definition that has no arithmetic meaning here."""


def floats(expression: sp.Expr, values: Mapping[sp.Symbol, Any]) -> Any:
    """The value in float64 at numbers and arrays that broadcast, right to rounding.

    Beyond the range of float64 it is 0 or inf, as IEEE arithmetic rounds. Raises DomainError
    where the value is no number.
    """
    import numpy as np

    with FLOATS.active():
        balls = {letter: Ball(np.asarray(x, float), np.zeros(())) for letter, x in values.items()}
        ball = FLOATS.lift(walk(expression, balls, FLOATS))
        right = np.isfinite(ball.value) & (ball.radius <= ENOUGH * np.abs(ball.value))
        for each in values.values():  # an eigenvalue that there is not
            right = right | ~np.isfinite(np.asarray(each, float))
    shape = np.broadcast_shapes(*(np.shape(x) for x in values.values()))
    found, right = np.array(np.broadcast_to(ball.value, shape)), np.broadcast_to(right, shape)
    if not right.all():
        given = {letter: np.broadcast_to(x, shape) for letter, x in values.items()}
        for place in zip(*np.nonzero(~right), strict=True) if shape else [()]:
            here = {letter: fraction(x[place]) for letter, x in given.items()}
            found[place] = nearest_float(precise(expression, here))
    return found


def fraction(number: Any) -> Fraction:
    """A number of NumPy or Python, exactly."""
    return Fraction(number.item() if hasattr(number, "item") else number)


def nearest_float(number: Any) -> float:
    """The float64 nearest to a number of mpmath."""
    from mpmath import libmp

    return float(libmp.to_float(number._mpf_, rnd=libmp.round_nearest))


def precise(expression: sp.Expr, values: Mapping[sp.Symbol, Any], digits: int | None = None) -> Any:
    """The value at Fractions, as a number of mpmath that is right to ``digits`` digits.

    Without ``digits`` it is right enough to be rounded to float64. What cannot be told from zero
    after ``MOST_BITS`` bits, and after four for each bit wanted, is zero. Raises DomainError where
    the value is no number.
    """
    return _precise(expression, tuple(values.items()), digits)


@lru_cache(maxsize=4096)
def _precise(
    expression: sp.Expr, given: tuple[tuple[sp.Symbol, Any], ...], digits: int | None
) -> Any:
    """``precise``, computed once: a check asks for the same values for each of its wrong forms."""
    import mpmath

    values = dict(given)
    wanted = 60 if digits is None else int(3.33 * digits) + 4
    floor = mpmath.ldexp(1, -1080) if digits is None else 0  # less is zero in float64
    bits, most = max(BITS, wanted + 32), max(MOST_BITS, 4 * wanted)
    while True:
        last = 2 * bits > most
        context = Multiprecision(bits, decide=last)
        with context.active():
            try:
                ball = context.lift(walk(expression, values, context))
            except UndecidedError:
                ball = Ball(mpmath.nan, mpmath.nan)
            finite = mpmath.isfinite(ball.value)
            allowed = max(mpmath.ldexp(abs(ball.value), -wanted), floor) if finite else 0
            if ball.radius <= allowed:
                return ball.value
            if last:
                if abs(ball.value) <= ball.radius < mpmath.ldexp(1, -bits // 2):
                    return mpmath.mpf(0)
                raise DomainError(f"the value there is no real number, or needs over {bits} bits")
        bits *= 2


def supports(expression: Any) -> bool:
    """Whether ``walk`` knows all of an expression, so that it holds scalars alone."""
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


def walk(
    expression: sp.Expr,
    values: Mapping[sp.Symbol, Any],
    context: Context,
) -> Any:
    """``expression`` at ``values``, balls or Fractions; equal parts are computed once."""
    known: dict[Any, Any] = dict(values)

    def at(part: Any) -> Any:
        if part not in known:
            known[part] = compute(part)
        return known[part]

    def compute(part: Any) -> Any:
        if isinstance(part, (sp.Rational, sp.Float)):
            return exactly_rational(part)
        if part is sp.oo or part is sp.S.NegativeInfinity:
            endless = context.raw(Fraction(1)) * math.inf
            return Ball(endless if part is sp.oo else -endless, 0)
        if isinstance(part, sp.Add):
            return reduced(context.add, map(at, part.args))
        if isinstance(part, sp.Mul):
            above, below = quotient(part)
            product = reduced(context.multiply, (Fraction(1), *map(at, above)))
            if not below:
                return product
            return context.divide(product, reduced(context.multiply, map(at, below)))
        if isinstance(part, sp.Pow):
            return context.power(*map(at, part.args))
        if isinstance(part, sp.Piecewise):
            return branch(part, at, context)
        if isinstance(part, (sp.Sum, sp.Integral)):
            inside, (letter, low, high) = part.args
            if isinstance(context, Floats):
                return unknown()

            def term(x: Any) -> Any:
                return walk(inside, {**values, letter: x}, context)

            if isinstance(part, sp.Integral):
                return integral(term, at(low), high, context)
            return total(term, at(low), at(high), context)
        if isinstance(part, numbered_eigenvalue):
            return part.ball(context)
        meaning = FUNCTIONS.get(type(part)) or getattr(part, "ball", None)
        if meaning is None:
            raise StatedError(f"{type(part).__name__} is stated, not evaluated")
        return meaning(context, *map(at, part.args))

    return at(expression)


@lru_cache(maxsize=4096)
def exactly_rational(number: sp.Number) -> Fraction:
    """A number of SymPy, exactly."""
    return Fraction(*map(int, sp.Rational(number).as_numer_denom()))


@lru_cache(maxsize=4096)
def quotient(product: sp.Mul) -> tuple[list[Any], list[Any]]:
    """The factors of a product above and below the line."""
    above, below = [], []
    for each in product.args:
        if each.is_Pow and each.exp.is_Rational and each.exp < 0:
            below.append(each.base**-each.exp)
        else:
            above.append(each)
    return above, below


def unknown() -> Ball:
    """Nothing: float64 leaves it to more digits."""
    return Ball(FLOATS.numpy.nan, FLOATS.numpy.nan)


def reduced(operation: Callable, numbers: Iterable[Any]) -> Any:
    """The operation between all numbers, from the left."""
    first, *others = numbers
    for each in others:
        first = operation(first, each)
    return first


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
    if condition in (sp.true, sp.false):
        return False
    if isinstance(condition, sp.And):
        return sum(is_doubtful(each, at, context) for each in condition.args)
    less = context.add(at(condition.rhs), context.multiply(Fraction(-1), at(condition.lhs)))
    return abs(less.value) <= less.radius if isinstance(less, Ball) else False


def holds(condition: Any, at: Callable, context: Context) -> Any:
    """Whether a relation of numbers holds; of arrays, entry by entry, as float64 sees it."""
    if condition in (sp.true, sp.false):
        return bool(condition)
    if isinstance(condition, sp.And):
        both = [holds(each, at, context) for each in condition.args]
        return FLOATS.numpy.logical_and.reduce(both) if isinstance(context, Floats) else all(both)
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
    mp = context.mp

    def at(x: Any) -> Any:
        return context.lift(integrand(Ball(x, 0 * x))).value

    with mp.workprec(context.bits + 32):
        far = mp.mpf(2)
        while abs(at(far)) > context.unit**2:
            far *= 2
        pieces = mp.linspace(context.lift(low).value, far, 5)
        value, error = mp.quad(at, pieces, error=True)
    return Ball(value, abs(error) + 64 * context.rounding(value))


Meaning = Callable[..., Any]  # of a context and the arguments, Fractions or balls


def function(numpy: str | None, mpmath: str, ulps: float = 2) -> Meaning:
    """A function by its names in NumPy or scipy.special and in mpmath."""

    def meaning(context: Context, *arguments: Any) -> Any:
        if isinstance(context, Multiprecision):
            return context.apply(getattr(context.mp, mpmath), *arguments, ulps=ulps)
        if numpy is None:
            return unknown()
        module, _, name = numpy.rpartition(".")
        return context.apply(getattr(import_module(module), name), *arguments, ulps=ulps)

    return meaning


def step(numpy: str, exact: Callable[[Fraction], int]) -> Meaning:
    """A function that jumps; at a jump to within rounding, float64 takes the side that it sees."""

    def meaning(context: Context, argument: Any) -> Any:
        if isinstance(argument, Fraction):
            return Fraction(exact(argument))
        if isinstance(context, Floats):
            np = context.numpy
            clear = argument.radius <= CLEAR * np.maximum(1, abs(argument.value))
            value = getattr(np, numpy)(argument.value)
            return Ball(value, np.where(clear, 0, np.inf))
        low, high = (
            exact(exactly(argument.value + move)) for move in (-argument.radius, argument.radius)
        )
        if low != high and not context.decide:
            raise UndecidedError
        return Fraction(low if low == high else exact(Fraction(round(exactly(argument.value)))))

    return meaning


def exactly(number: Any) -> Fraction:
    """A number of mpmath as a Fraction. UndecidedError where it is none."""
    import mpmath

    if not mpmath.isfinite(number):
        raise UndecidedError
    sign, mantissa, exponent, _ = number._mpf_
    whole = Fraction(-int(mantissa) if sign else int(mantissa))
    return whole * Fraction(2) ** int(exponent)


def extreme(numpy: str, choose: Callable[..., Any]) -> Meaning:
    """The largest or the smallest."""

    def meaning(context: Context, *arguments: Any) -> Any:
        if all(isinstance(each, Fraction) for each in arguments):
            return choose(arguments)
        if isinstance(context, Floats):
            of_two = getattr(context.numpy, numpy)
            return context.apply(lambda *x: reduced(of_two, x), *arguments)
        return context.apply(lambda *x: choose(x), *arguments)

    return meaning


def absolute(context: Context, argument: Any) -> Any:
    """The absolute value."""
    if isinstance(argument, Fraction):
        return abs(argument)
    return Ball(abs(argument.value), argument.radius)


def constant(name: str, value: float) -> Meaning:
    """A constant by its name in mpmath."""

    def meaning(context: Context) -> Ball:
        found = +getattr(context.mp, name) if isinstance(context, Multiprecision) else value
        return Ball(found, context.unit * found)

    return meaning


def regularised_beta(context: Context, a: Any, b: Any, low: Any, high: Any) -> Any:
    """I_high(a, b), for ``low`` = 0, by a continued fraction (theory.functions)."""
    if isinstance(context, Floats):
        return unknown()
    assert low == 0
    return context.apply(lambda *x: functions.beta_share(context.mp, *x), a, b, high, ulps=4096)


def sign(number: Fraction) -> int:
    return (number > 0) - (number < 0)


#: What each function of SymPy means; our own say it themselves, by a method ``ball``.
FUNCTIONS: dict[Any, Meaning] = {
    type(sp.pi): constant("pi", math.pi),
    type(sp.EulerGamma): constant("euler", 0.5772156649015329),
    type(sp.E): constant("e", math.e),
    sp.Abs: absolute,
    sp.Max: extreme("maximum", max),
    sp.Min: extreme("minimum", min),
    sp.sign: step("sign", sign),
    sp.floor: step("floor", math.floor),
    sp.exp: function("numpy.exp", "exp"),
    sp.log: function("numpy.log", "log"),
    sp.sin: function("numpy.sin", "sin"),
    sp.cos: function("numpy.cos", "cos"),
    sp.asin: function("numpy.arcsin", "asin"),
    sp.acos: function("numpy.arccos", "acos"),
    sp.atan: function("numpy.arctan", "atan"),
    sp.atan2: function("numpy.arctan2", "atan2"),
    sp.erf: function("scipy.special.erf", "erf", 4),
    sp.elliptic_k: function("scipy.special.ellipk", "ellipk", 8),
    sp.elliptic_e: function("scipy.special.ellipe", "ellipe", 8),
    sp.gamma: function(None, "gamma", 8),
    sp.polygamma: function(None, "psi", 8),
    sp.binomial: function(None, "binomial", 8),
    sp.betainc_regularized: regularised_beta,
}
STRUCTURES = (sp.Add, sp.Mul, sp.Pow, sp.Piecewise, sp.Sum, sp.Integral)
LEAVES = (sp.Symbol, sp.Tuple, sp.Rational, sp.Float, type(sp.oo))
PAIRS = (sp.functions.elementary.piecewise.ExprCondPair,)
CONDITIONS = (sp.core.relational.Relational, sp.And, type(sp.true), type(sp.false))
WALKED = (*STRUCTURES, *PAIRS, *CONDITIONS, *(h for h in FUNCTIONS if issubclass(h, sp.Function)))
