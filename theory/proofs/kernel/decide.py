"""``Kernel``: expressions in a claim's coordinates, and whether two of them are equal there."""

from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.special import OneMatrix

from theory import symbols
from theory.domain import Integer, Parameter
from theory.functions.columns import (
    deviation,
    inner,
    log_sum_exp,
    mean,
    standardised,
    variance,
)
from theory.functions.directions import direction
from theory.functions.eigenvalues import largest, smallest, smallest_positive
from theory.functions.heads import Extreme
from theory.functions.heads_of_chance import OfChance
from theory.functions.matrices import centred
from theory.proofs.kernel import entries, equality, heads, structure, sums
from theory.proofs.kernel.along import along
from theory.proofs.kernel.coordinates import NUMBER, Coordinates
from theory.proofs.kernel.products import Paired
from theory.proofs.kernel.words import ONE, Polynomial, Word

#: Functions of a column that ask for its mean and its deviation.
SPREADING = (standardised, deviation, variance)
EXTREMES = (largest, smallest, smallest_positive)


class Kernel(Coordinates):
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
        self.facts: set[Any] = set()  # relations that the claim's conditions state
        self.laws: dict[Any, Any] = {}  # of random letters
        self.assumed: set[str] = set()  # what the claim assumes in words
        self.reached: dict[Any, Any] = {}  # columns whose largest entry is on an axis
        self.own = {each.symbol for each in parameters}
        self.columns: dict[Any, Any] = {}  # words of columns whose entries stand in sums
        self.within_name: dict[Any, set[Any]] = {}  # letters in the names of made letters

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
            difference = self.with_sizes(self.number(left) - self.number(right))
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
        return all(equality.vanishes(self.with_sizes(c)) for c in difference.values())

    def nonnegative(self, expression: Any) -> bool:
        """Whether a number is at least 0 on the whole domain."""
        return self.has_sign(expression, "is_nonnegative")

    def has_sign(self, expression: Any, sign: str) -> bool:
        """Whether a number has the sign "is_positive" or "is_nonnegative" on the whole domain, as
        it stands, such as x'x, or in coordinates."""
        if getattr(sp.sympify(expression), sign):
            return True
        if equality.has_sign(self.with_sizes(self.number(expression)), sign):
            return True
        squares = {each: self.square(each) for each in sp.sympify(expression).atoms(inner)}
        kept = {each: letter for each, letter in squares.items() if letter is not None}
        if not kept:
            return False
        whole = self.number(sp.sympify(expression).xreplace(kept))
        return equality.has_sign(self.with_sizes(whole), sign)

    def square(self, product: inner) -> sp.Symbol | None:
        """A letter for a squared length as a whole; positive where a condition says that."""
        if product.args[0] != product.args[1]:
            return None
        name = f"|{self.key(self.polynomial(product.args[0]))}|^2"
        positive = sp.Gt(product, 0) in self.facts
        return sp.Symbol(name, **{"positive" if positive else "nonnegative": True})

    def with_sizes(self, number: Any) -> Any:
        """Sizes written as their least value and what is more: the claim's own and the house's."""
        images = {x: self.images[x] for x in number.free_symbols if x in self.images}
        for letter in number.free_symbols:
            domain = getattr(getattr(symbols, letter.name, None), "domain", None)
            if (
                letter not in images
                and letter not in self.own  # whose domain may be larger than the house's
                and isinstance(domain, Integer)
                and domain.low > 1
                and letter == domain.symbol(letter.name)
            ):
                more = sp.Symbol(f"{letter}_more", integer=True, nonnegative=True)
                images[letter] = domain.low + more
        return number.subs(images)

    # -- matrices -----------------------------------------------------------------------------

    def polynomial(self, expression: Any) -> Polynomial:
        """``expression`` as a sum of words; a number is a multiple of the empty word."""
        if expression not in self.known:
            self.known[expression] = self._polynomial(expression)
        return self.known[expression]

    def _polynomial(self, e: Any) -> Polynomial:
        if e in self.images:
            return self.polynomial(self.images[e])
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
            return self.derivative(e)
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

    def derivative(self, moving: along) -> Polynomial:
        """The derivative at t = 0 of a value that is moved by t."""
        t, order = sp.Dummy("t", real=True), moving.args[3]
        polynomial = self.polynomial(moving.moved(t))
        for word in polynomial:
            self.refuse_hidden(t, word)
        return self.add({w: self.slope(c, t, order, 0) for w, c in polynomial.items()})

    def slope(self, value: Any, letter: Any, order: Any, at: Any) -> Any:
        """The derivative of a number in ``letter``."""
        self.refuse_hidden(letter, value.free_symbols)
        return entries.again(self, sp.diff(value, letter, order).subs(letter, at))

    def refuse_hidden(self, letter: Any, letters: Any) -> None:
        """Refuse a derivative in ``letter`` where it stands inside others, whose slope is not
        known."""
        for each in letters:
            if letter != each and letter in self.inside(each):
                raise NotImplementedError(f"no derivative of {each} in {letter}")

    def made(self, letter: Any, *parts: Any) -> Any:
        """A ``letter`` that stands for a function of ``parts``, polynomials and numbers."""
        inside: set[Any] = set()
        for part in parts:
            for e in (*part, *part.values()) if isinstance(part, dict) else (part,):
                for each in e if isinstance(e, tuple) else (e,):
                    inside |= self.inside(each)
        self.within_name[letter] = inside
        return letter

    def inside(self, e: Any) -> set[Any]:
        """The letters of an expression, and those within what its letters stand for."""
        met = set(sp.sympify(e).free_symbols) | {e}
        hidden = [self.within_name.get(x, set()) for x in met]
        words = [self.inside(x) for each in met for x in self.products.get(each, ())]
        return met.union(*hidden, *words)

    def inverse(self, matrix: Any) -> Polynomial:
        """The inverse: of a product letter by letter, of a sum as a letter with a rule."""
        polynomial = self.polynomial(matrix)
        if set(polynomial) == {ONE}:
            return {ONE: 1 / polynomial[ONE]}
        if len(polynomial) == 1:
            ((word, coefficient),) = polynomial.items()
            if len(word) == 1 and isinstance(word[0], Paired):
                factored = structure.inverse_of_product(self, word[0])
                if factored is not None:
                    return self.scaled(1 / coefficient, factored)
            if all(self.is_square(letter) for letter in word):
                letters = tuple(self.inverse_letter(letter) for letter in reversed(word))
                return self.tidy(letters, 1 / coefficient)
        return self.inverse_of_sum(polynomial, matrix.shape)

    def is_square(self, letter: Any) -> bool:
        """Whether a letter has as many rows as columns."""
        return letter.shape[0] == letter.shape[1]

    def inverse_letter(self, letter: Any) -> Any:
        """The inverse of a letter, with its rules."""
        if isinstance(letter, sp.Inverse):
            return letter.arg
        if isinstance(letter, sp.Transpose):
            return self.turned_letter(self.inverse_letter(letter.arg))
        if self.kinds.get(letter) == "orthogonal":
            return letter.T
        inverse = sp.Inverse(letter)
        if (letter, inverse) not in self.rules:
            self.rules[letter, inverse] = self.rules[inverse, letter] = NUMBER
            if letter in self.symmetric:
                self.symmetric.add(inverse)
            else:
                turned = self.turned_letter(inverse), self.turned_letter(letter)
                self.rules[turned] = self.rules[turned[::-1]] = NUMBER
        return inverse

    def inverse_of_sum(self, polynomial: Polynomial, shape: tuple[Any, Any]) -> Polynomial:
        """A letter Q for the inverse of M = c w + rest: the rules w Q = (1 - rest Q)/c and
        Q w = (1 - Q rest)/c, with w the longest word of M."""
        key = self.key(polynomial)
        letter = self.made(sp.MatrixSymbol(f"({key})^-1", *shape), polynomial)
        leading = max(polynomial, key=lambda word: (len(word), str(word)))
        if (*leading, letter) not in self.rules:
            if self.key(self.turn(polynomial)) == key:
                self.symmetric.add(letter)
            first = polynomial[leading]
            rest = {word: c for word, c in polynomial.items() if word != leading}
            after = self.add({ONE: 1 / first}, {(*w, letter): -c / first for w, c in rest.items()})
            before = self.add({ONE: 1 / first}, {(letter, *w): -c / first for w, c in rest.items()})
            self.rules[(*leading, letter)] = after
            self.rules[(letter, *leading)] = before
        return {(letter,): sp.Integer(1)}

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
        if isinstance(e, along):
            return self.only_number(self.derivative(e))
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
        if isinstance(e, EXTREMES):
            return self.extreme(e)
        if isinstance(e, sp.Sum):
            return sums.normal(e)
        if isinstance(e, (sp.Subs, sp.Derivative)) and not _of_matrix(e):
            stated = e.has(sp.Integral, sp.Limit)  # these are for a rule
            return e.subs(self.images) if stated else self.number(e.doit())
        if isinstance(e, (sp.Subs, sp.Derivative)):
            return self.slope_at(e)
        if isinstance(e, (sp.Max, sp.Min)):
            return self.extreme_of([self.number(each) for each in e.args], e.func)
        if isinstance(e, sp.Piecewise):
            return sp.Piecewise(*((self.number(v), self.number(c)) for v, c in e.args))
        if isinstance(e, (sp.Limit, Extreme)) and e.args[1] in {*self.images, *self.kinds}:
            raise NotImplementedError(f"{e.args[1]} means something besides, in {e}")
        if e.args and not isinstance(e, (sp.Integral, sp.Limit, MatrixElement)):
            return self.function(e)
        return e.subs(self.images)

    def slope_at(self, e: Any) -> Any:
        """The derivative of a number of matrices in a letter that is a number, also at a place."""
        derivative, place = e, None
        if isinstance(e, sp.Subs):
            derivative, letters, places = e.args
            if len(letters) != 1 or not isinstance(derivative, sp.Derivative):
                raise NotImplementedError(f"no derivative {e}")
            (held,), (place,) = letters, places
        (letter, order), *others = derivative.variable_count
        if others or is_matrix(letter) or (place is not None and held != letter):
            raise NotImplementedError(f"no derivative {e}")
        t = sp.Dummy("t", real=True)
        value = self.number(derivative.expr.xreplace({letter: t}))
        return self.slope(value, t, order, letter if place is None else self.number(place))

    def extreme_of(self, numbers: list[Any], head: Any) -> Any:
        """The largest or the smallest of some numbers, where their signs tell which it is."""
        sign = 1 if head is sp.Max else -1
        for one in numbers:
            if all(self.nonnegative(sign * (one - other)) for other in numbers if other != one):
                return one
        return head(*numbers)

    def function(self, e: Any) -> Any:
        """A function of numbers; one of matrices becomes a symbol, equal for equal matrices."""
        if not any(map(is_matrix, e.args)):
            return e.func(*map(self.number, e.args))
        read = [self.polynomial(x) if is_matrix(x) else self.number(x) for x in e.args]
        parts = [self.key(x) if isinstance(x, dict) else str(x) for x in read]
        sign = {name: True for name in ("nonnegative",) if getattr(e, "is_nonnegative", None)}
        symbol = sp.Symbol(f"{type(e).__name__}({', '.join(parts)})", real=True, **sign)
        return self.made(symbol, *read)

    def extreme(self, e: Any) -> Any:
        """An extreme eigenvalue of a symmetric matrix: smallest = low, largest = low + room."""
        polynomial = self.polynomial(e.args[0])
        if len(polynomial) == 1:
            ((word, coefficient),) = polynomial.items()
            if coefficient != 1 and equality.has_sign(coefficient, "is_positive"):
                return coefficient * self.ends(e, {word: sp.Integer(1)})
        return self.ends(e, polynomial)

    def ends(self, e: Any, polynomial: Polynomial) -> Any:
        """The same of a matrix without a factor."""
        key = self.key(polynomial)
        plain = list(polynomial.values()) == [1]  # no factor, which might be negative
        word = next(iter(polynomial)) if plain else ()
        kind = self.kinds.get(word[0], "") if len(word) == 1 else ""
        half = len(word) // 2
        if word and len(word) % 2 == 0 and self.turned(word[:half]) == word[half:]:
            kind = "psd"  # a product of a matrix with its transpose
        sign = {"definite": {"positive": True}, "psd": {"nonnegative": True}}.get(
            kind, {"real": True}
        )
        room = self.made(sp.Symbol(f"room({key})", nonnegative=True), polynomial)
        if self.by_positive and kind in ("psd", "definite"):
            sure = self.not_zero or kind == "definite" or self.stated_not_zero(key)
            known = {"positive" if sure else "nonnegative": True}
            low = self.made(sp.Symbol(f"lowest({key})", **known), polynomial)
            if isinstance(e, smallest) and kind == "psd":
                return self.made(sp.Symbol(f"low({key})", nonnegative=True), polynomial)
        else:
            low = self.made(sp.Symbol(f"low({key})", **sign), polynomial)
        return low + room if isinstance(e, largest) else low

    def stated_not_zero(self, key: str) -> bool:
        """Whether a condition says that the largest eigenvalue of a matrix is above 0."""
        return any(
            isinstance(fact, sp.StrictGreaterThan)
            and isinstance(fact.lhs, largest)
            and fact.rhs == 0
            and self.key(self.polynomial(fact.lhs.args[0])) == key
            for fact in self.facts
        )


def _whole_part(exponent: Any) -> int:
    """The whole number in an exponent such as k + 2; 0 where there is none, or it is negative."""
    number, rest = exponent.as_coeff_Add()
    return int(number) if number.is_Integer and number > 0 and rest.is_nonnegative else 0


def is_matrix(e: Any) -> bool:
    """Whether an expression is a matrix, also one of one entry."""
    return bool(getattr(e, "is_Matrix", False))


def is_number(e: Any) -> bool:
    """Whether an expression is a number or a matrix of one entry."""
    return not is_matrix(e) or e.shape == (1, 1)


def is_letter(e: Any) -> bool:
    """Whether a matrix is a letter."""
    return isinstance(e, sp.MatrixSymbol)


def _of_matrix(e: Any) -> bool:
    """Whether a derivative is one in a matrix."""
    return any(
        is_matrix(each) for each in sp.preorder_traversal(e) if isinstance(each, sp.MatrixSymbol)
    )
