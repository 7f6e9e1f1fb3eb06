"""``Kernel``: expressions in a claim's coordinates, and whether two of them are equal there."""

from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.special import OneMatrix

from theory.domain import Parameter
from theory.functions.columns import (
    deviation,
    inner,
    log_sum_exp,
    mean,
    standardised,
    variance,
)
from theory.functions.directions import direction
from theory.functions.eigenvalues import smallest_positive
from theory.functions.heads_of_chance import OfChance
from theory.functions.matrices import centred
from theory.proofs.kernel import (
    derivatives,
    entries,
    equality,
    extreme_values,
    heads,
    inverses,
    signs,
    structure,
    sums,
)
from theory.proofs.kernel.along import along
from theory.proofs.kernel.binding import with_fresh_letters
from theory.proofs.kernel.coordinates import NUMBER
from theory.proofs.kernel.hidden import Hidden
from theory.proofs.kernel.kinds import is_letter, is_matrix, is_number
from theory.proofs.kernel.words import ONE, Polynomial, Word

#: Functions of a column that ask for its mean and its deviation.
SPREADING = (standardised, deviation, variance)


class Kernel(Hidden):
    """What the letters of a claim mean, and equality under it."""

    def __init__(
        self, parameters: tuple[Parameter, ...], expressions: tuple[Any, ...] = ()
    ) -> None:
        super().__init__(parameters)
        self.by_positive = any(sp.sympify(each).has(smallest_positive) for each in expressions)
        self.not_zero = (
            self.by_positive
        )  # psd matrices, whose least positive eigenvalue is asked for
        self.known: dict[Any, Any] = {}
        self.facts: set[Any] = set()  # relations that the claim assumes
        self.laws: dict[Any, Any] = {}  # of random letters
        self.assumed: set[str] = set()  # what the claim assumes in words
        self.reached: dict[Any, Any] = {}  # columns whose largest entry is on an axis
        self.own = {each.symbol for each in parameters}
        self.columns: dict[Any, Any] = {}  # words of columns whose entries stand in sums

    def within(self, images: dict[Any, Any]) -> "Kernel":
        """The same kernel with more images."""
        inside = Kernel.__new__(Kernel)
        inside.__dict__ = {**self.__dict__, "images": {**self.images, **images}, "known": {}}
        inside.rules, inside.symmetric = dict(self.rules), set(self.symmetric)
        inside.products = dict(self.products)
        for product, value in images.items():  # also a case of a product of two letters
            if isinstance(product, inner):
                first, second = product.args
                inside.rule((first.T, second), {ONE: value})
        return inside

    # -- equality -----------------------------------------------------------------------------

    def same(self, left: Any, right: Any) -> bool:
        """Whether the two are equal by calculation, at any size."""
        if left == right:
            return True
        left, right = sp.sympify(left), sp.sympify(right)
        known = len(self.rules)
        if self._agree(left, right):
            return True
        if len(self.rules) == known:
            return False
        self.known.clear()  # one side was read before the other gave coordinates to a column
        return self._agree(left, right)

    def _agree(self, left: Any, right: Any) -> bool:
        if is_matrix(left) != is_matrix(right) and not (is_number(left) and is_number(right)):
            return False
        if is_number(left) and is_number(right):
            difference = signs.with_sizes(self, self.number(left) - self.number(right))
            if difference.has(OfChance):
                difference = heads.merged(difference, OfChance)
            return equality.vanishes(difference)
        if any(sp.expand(a - b) != 0 for a, b in zip(left.shape, right.shape, strict=True)):
            return False
        if left.has(*structure.BY_ENTRIES) or right.has(*structure.BY_ENTRIES):
            return not structure.by_entries(self, left - right)
        if 1 in left.shape and any(entries.needed(self, each) for each in (left, right)):
            return entries.same(self, left, right)
        difference = self.add(self.polynomial(left), self.scaled(-1, self.polynomial(right)))
        return all(equality.vanishes(signs.with_sizes(self, c)) for c in difference.values())

    def nonnegative(self, expression: Any) -> bool:
        """Whether a number is at least 0 on the whole domain."""
        return self.has_sign(expression, "is_nonnegative")

    def has_sign(self, expression: Any, sign: str) -> bool:
        """Whether a number has the sign "is_positive" or "is_nonnegative" on the whole domain."""
        return signs.has_sign(self, expression, sign)

    # -- matrices -----------------------------------------------------------------------------

    def polynomial(self, expression: Any) -> Polynomial:
        """``expression`` as a sum of words; a number is a multiple of the empty word."""
        if expression not in self.known:
            self.known[expression] = self._polynomial(expression)
        return self.known[expression]

    def _polynomial(self, e: Any) -> Polynomial:
        if e in self.images:
            return self.polynomial(self.images[e])
        e = with_fresh_letters(e, self.laws)
        if not is_matrix(e):
            return {ONE: self.number(e)}
        if isinstance(e, sp.ZeroMatrix):
            return {}
        if isinstance(e, sp.Identity):
            return NUMBER
        if isinstance(e, OneMatrix):
            rows, columns = e.shape
            word = () if rows == 1 else (self.ones(rows),)
            word += () if columns == 1 else (self.ones(columns).T,)
            return {word: sp.Integer(1)}
        if isinstance(e, sp.MatrixBase):
            if e.shape != (1, 1):
                raise NotImplementedError(f"the kernel takes no matrix entry by entry: {e}")
            return self.polynomial(e[0, 0])
        if isinstance(e, sp.MatAdd):
            return self.add(*map(self.polynomial, e.args))
        if isinstance(e, sp.MatMul):
            return self.times(*map(self.polynomial, e.args))
        if isinstance(e, sp.Inverse) or (isinstance(e, sp.MatPow) and e.exp == -1):
            return self.inverse(e.args[0])
        if isinstance(e, sp.MatPow) and e.exp.is_Integer and e.exp < 0:
            return self.times(*[self.inverse(e.base)] * int(-e.exp))
        if isinstance(e, sp.MatPow) and e.exp.is_Integer and e.exp >= 0:
            return self.times(*[self.polynomial(e.base)] * int(e.exp))
        if isinstance(e, sp.MatPow) and (more := _whole_part(e.exp)) > 0:
            return self.times(
                self.polynomial(e.base ** (e.exp - more)), *[self.polynomial(e.base)] * more
            )
        if isinstance(e, (sp.Transpose, sp.Adjoint)):
            return self.turn(self.polynomial(e.arg))
        if (read := structure.read(self, e)) is not None:
            return read
        if isinstance(e, standardised):
            self.spread_out(e.args[0])
            scale = self.number(deviation(*e.args))
            return self.scaled(1 / scale, self.polynomial(centred(e.args[0])))
        if isinstance(e, centred):
            one = self.ones(e.shape[0])
            whole = self.polynomial(e.args[0])
            mean_part = self.times({(one,): -1 / e.shape[0]}, {(one.T,): sp.Integer(1)}, whole)
            return self.add(whole, mean_part)
        if isinstance(e, along):
            return derivatives.at_zero(self, e)
        if isinstance(e, direction):
            self.unit(e)
        return self.tidy((e,), sp.Integer(1))

    def word(self, product: Any) -> Word:
        """The letters of a product, which no rule has touched yet."""
        words: Word = ()
        for factor in product.args:
            ((word, coefficient),) = self.polynomial(factor).items()
            if coefficient != 1:
                raise NotImplementedError(f"{product} is no product of letters")
            words += word
        return words

    def slope(self, value: Any, letter: Any, order: Any, at: Any) -> Any:
        """The derivative of a number in ``letter``."""
        self.refuse_hidden(letter, value.free_symbols)
        return entries.again(self, sp.diff(value, letter, order).subs(letter, at))

    def inverse(self, matrix: Any) -> Polynomial:
        """The inverse of a matrix, by rules of its letters."""
        return inverses.inverse(self, matrix)

    def key(self, polynomial: Polynomial) -> str:
        """A name of a polynomial: the same for equal ones."""
        terms = [
            f"{sp.factor(c)} {' '.join(map(str, word))}".strip()
            for word, c in polynomial.items()
            if not equality.vanishes(c)
        ]
        return " + ".join(sorted(terms))

    def spread_out(self, column: Any) -> None:
        """Coordinates for a ``column`` that is a product, such as X'W: it is m 1 + s e."""
        if column in self.images or is_letter(column):
            return
        polynomial = self.polynomial(column)
        if len(polynomial) != 1:
            return
        ((word, _),) = polynomial.items()
        if len(word) < 2 or word in self.rules:
            return
        name = sp.MatrixSymbol("".join(map(str, word)), column.shape[0], 1)
        middle, size, way = self.spread(name, {"nonnegative": True})
        self.rule(word, {(self.ones(column.shape[0]),): middle, (way,): size})
        self.known.clear()

    # -- numbers ------------------------------------------------------------------------------

    def number(self, expression: Any) -> Any:
        """``expression`` in coordinates, products of columns as symbols."""
        key = ("number", expression)
        if key not in self.known:
            self.known[key] = self._number(sp.sympify(expression))
        return self.known[key]

    def _number(self, e: Any) -> Any:
        if e in self.images:
            return self.number(self.images[e])
        e = with_fresh_letters(e, self.laws)
        if isinstance(e, along):
            return self.only_number(derivatives.at_zero(self, e))
        if is_matrix(e):
            if entries.needed(self, e):
                return entries.number(self, e)
            return self.only_number(self.polynomial(e))
        if isinstance(e, log_sum_exp):
            return sp.log(entries.sum_of_powers(self, e.args[0]))
        if isinstance(e, SPREADING):
            self.spread_out(e.args[0])
        if isinstance(e, inner):
            if entries.needed(self, e):
                return entries.inner_product(self, *e.args)
            left, right = map(self.polynomial, e.args)
            return self.only_number(self.times(self.turn(left), right))
        if isinstance(e, mean):
            column = self.polynomial(e.args[0])
            rows = e.args[0].shape[0]
            return self.only_number(self.times({(self.ones(rows).T,): 1 / rows}, column))
        if isinstance(e, variance):
            deviations = centred(e.args[0])
            return sp.expand(self.number(inner(deviations, deviations)) / deviations.shape[0])
        if isinstance(e, deviation):
            return sp.sqrt(self.number(variance(e.args[0])) + self.number(e.args[1]))
        if isinstance(e, sp.Trace):
            matrix = e.args[0]
            if matrix.has(*structure.BY_ENTRIES):
                return structure.total(self, e)
            terms = self.polynomial(matrix).items()
            return sp.Add(*(c * self.trace_of(word, matrix.shape[0]) for word, c in terms))
        if isinstance(e, MatrixElement) and e.parent.shape == (1, 1):
            return self.number(e.parent)
        if isinstance(e, extreme_values.EXTREMES):
            return extreme_values.eigenvalue(self, e)
        if isinstance(e, sp.Sum):
            return sums.normal(e)
        if isinstance(e, (sp.Subs, sp.Derivative)) and not derivatives.of_matrix(e):
            stated = e.has(sp.Integral, sp.Limit)  # these are for a rule
            return e.subs(self.images) if stated else self.number(e.doit())
        if isinstance(e, (sp.Subs, sp.Derivative)):
            return derivatives.at(self, e)
        if isinstance(e, (sp.Max, sp.Min)):
            return extreme_values.of_numbers(self, [self.number(each) for each in e.args], e.func)
        if isinstance(e, sp.Piecewise):
            return sp.Piecewise(*((self.number(v), self.number(c)) for v, c in e.args))
        if e.args and not isinstance(e, (sp.Integral, sp.Limit, MatrixElement)):
            return self.function(e)
        return e.subs(self.images)

    def function(self, e: Any) -> Any:
        """A function of numbers; one of matrices becomes a symbol, equal for equal matrices."""
        if not any(map(is_matrix, e.args)):
            return e.func(*map(self.number, e.args))
        read = [self.polynomial(x) if is_matrix(x) else self.number(x) for x in e.args]
        parts = [self.key(x) if isinstance(x, dict) else str(x) for x in read]
        sign = {name: True for name in ("nonnegative",) if getattr(e, "is_nonnegative", None)}
        symbol = sp.Symbol(f"{type(e).__name__}({', '.join(parts)})", real=True, **sign)
        return self.made(symbol, *read)


def _whole_part(exponent: Any) -> int:
    """The whole number in an exponent such as k + 2; 0 where there is none, or it is negative."""
    number, rest = exponent.as_coeff_Add()
    return int(number) if number.is_Integer and number > 0 and rest.is_nonnegative else 0
