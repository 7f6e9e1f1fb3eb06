"""Words: what the kernel says of products of matrices, against NumPy at sizes that are drawn."""

import random
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.close import discretised, rounded
from theory.domain import Array, Parameter
from theory.functions.columns import inner
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.words import Words

m, n = sp.symbols("m n", integer=True, positive=True)


def parameter(name: str, rows: Any, columns: Any, kind: str = "any") -> Parameter:
    return Parameter(name, name, Array(rows, columns, kind))


PARAMETERS = (
    parameter("A", n, n),
    parameter("S", n, n, "symmetric"),
    parameter("U", n, n, "orthogonal"),
    parameter("W", m, n),
    parameter("x", n, 1),
    parameter("e", n, 1, "unit"),
)
A, S, U, W, x, e = (each.symbol for each in PARAMETERS)
SQUARE = (A, A.T, S, U, U.T, W.T * W, sp.Identity(n), A + 2 * S, x * e.T)
COLUMNS = (x, e, x - 3 * e, A * x, W.T * W * e)


def drawn(seed: int) -> dict[Any, np.ndarray]:
    """Matrices of sizes that are drawn too, so that no size is special."""
    numbers = np.random.default_rng(seed)
    rows, size = int(numbers.integers(1, 5)), int(numbers.integers(2, 6))
    raw = numbers.standard_normal((size, size))
    unit = numbers.standard_normal((size, 1))
    return {
        A: numbers.standard_normal((size, size)),
        S: raw + raw.T,
        U: np.linalg.qr(raw)[0],
        W: numbers.standard_normal((rows, size)),
        x: numbers.standard_normal((size, 1)),
        e: unit / np.linalg.norm(unit),
        sp.Identity(n): np.eye(size),
        sp.Identity(1): np.eye(1),
        sp.ZeroMatrix(n, n): np.zeros((size, size)),
        n: size,
        m: rows,
    }


def value(expression: Any, at: dict[Any, Any]) -> Any:
    """What NumPy makes of an expression: nothing of the kernel is used."""
    if expression in at:
        return at[expression]
    if expression.is_Number:
        return float(expression)
    parts = [value(each, at) for each in expression.args]
    if isinstance(expression, (sp.Add, sp.MatAdd)):
        return sum(parts[1:], parts[0])
    if isinstance(expression, (sp.Mul, sp.MatMul)):
        product = parts[0]
        for part in parts[1:]:
            both = np.ndim(product) == 2 and np.ndim(part) == 2
            product = product @ part if both else product * part
        return product
    if isinstance(expression, sp.Transpose):
        return parts[0].T
    if isinstance(expression, inner):
        return float(np.sum(parts[0] * parts[1]))
    if isinstance(expression, sp.Trace):
        return float(np.trace(parts[0]))
    if isinstance(expression, (sp.Pow, sp.MatPow)):
        whole = np.linalg.matrix_power(parts[0], int(parts[1])) if np.ndim(parts[0]) else None
        return parts[0] ** parts[1] if whole is None else whole
    raise NotImplementedError(expression)


def says_close(one: float, other: float) -> bool:
    """Whether two numbers are equal but for rounding."""
    return discretised(one, other, 1e-11 * (1 + abs(one) + abs(other)))


def product(choose: random.Random) -> Any:
    return sp.MatMul(*(choose.choice(SQUARE) for _ in range(choose.randint(1, 3)))).doit()


def number(choose: random.Random) -> Any:
    """A sum of forms, traces and their products."""
    terms = []
    for _ in range(choose.randint(1, 3)):
        form = inner(choose.choice(COLUMNS), product(choose) * choose.choice(COLUMNS))
        trace = sp.Trace(product(choose))
        terms.append(choose.choice((-2, 1, 3)) * choose.choice((form, trace, form * trace)))
    return sp.Add(*terms)


def rewritten(expression: Any, choose: random.Random) -> Any:
    """The same number in other words: forms turned, traces turned and rolled, an I put in."""

    def form(a: Any, b: Any) -> Any:
        return choose.choice((inner(b, a), inner(U * a, U * b), inner(a, U.T * U * b)))

    def trace(matrix: Any) -> Any:
        factors = list(matrix.args) if isinstance(matrix, sp.MatMul) else [matrix]
        start = choose.randrange(len(factors))
        rolled = sp.MatMul(*factors[start:], *factors[:start])
        if rolled.shape == (1, 1):  # it was cut at a column
            return inner(rolled, sp.Identity(1))
        ways = [rolled, rolled.T] + ([U * rolled * U.T] if rolled.shape == (n, n) else [])
        return sp.Trace(choose.choice(ways))

    return expression.replace(inner, form).replace(sp.Trace, trace)


@settings(max_examples=60)
@given(seed=st.integers(0, 10**6))
def test_a_number_in_other_words_is_the_same(seed):
    choose, kernel = random.Random(seed), Kernel(PARAMETERS)
    one = number(choose)
    other = rewritten(one, choose)
    assert says_close(value(one, drawn(seed)), value(other, drawn(seed)))
    assert kernel.same(one, other)


@settings(max_examples=60)
@given(seed=st.integers(0, 10**6))
def test_numbers_are_the_same_where_numpy_finds_no_difference(seed):
    """Two numbers that are drawn apart, or nearly alike: the verdicts are those of NumPy."""
    choose, kernel = random.Random(seed), Kernel(PARAMETERS)
    one = number(choose)
    swap = choose.sample((A, A.T, S, U), 2)
    for other in (number(choose), one.xreplace({swap[0]: swap[1]}), one + inner(x, e)):
        points = [drawn(seed + k) for k in range(3)]
        equal = all(says_close(value(one, at), value(other, at)) for at in points)
        assert kernel.same(one, other) == equal, (one, other)


@settings(max_examples=40)
@given(seed=st.integers(0, 10**6))
def test_matrices_are_the_same_where_numpy_finds_no_difference(seed):
    choose, kernel = random.Random(seed), Kernel(PARAMETERS)
    one, two, three = (product(choose) for _ in range(3))
    pairs = (
        (one * (two + 2 * three), one * two + 2 * one * three),
        ((one * two).T, two.T * one.T),
        ((one * two).T, one.T * two.T),
        (one * two, two * one),
        (one * two * three, one * three * two),
        (one + one.T, (one + one.T).T),
        ((one + two) * (one - two), one * one - two * two),
    )
    points = [drawn(seed + k) for k in range(3)]
    for left, right in pairs:
        sides = [(value(left.doit(), at), value(right.doit(), at)) for at in points]
        equal = all(rounded(one, other, 100, condition=1e4) for one, other in sides)
        assert kernel.same(left, right) == equal, (left, right)


def test_words_know_no_rule_that_nobody_gave():
    words, one = Words(), sp.Integer(1)
    assert words.tidy((A, A.T), one) == {(A, A.T): 1}
    assert words.turn({(A, S): one}) == {(S.T, A.T): 1}
    words.symmetric.add(S)
    assert words.turn({(A, S): one}) == {(S, A.T): 1}
    words.rule((A, S), {(S,): sp.Integer(2)})
    assert words.tidy((A, A, S), one) == {(S,): 4}
    assert words.tidy((S, A.T), one) == {(S,): 2}
    assert words.tidy((S, A), one) == {(S, A): 1}


def test_a_square_is_not_negative_and_what_looks_like_one_may_be():
    kernel = Kernel((*PARAMETERS, parameter("R", n, n, "psd")))
    R = sp.MatrixSymbol("R", n, n)
    squares = (inner(x, x), inner(A * x, A * x), inner(x, R * x), inner(x, A * R * A.T * x))
    others = (inner(x, e), inner(x, A * x), inner(x, S * x), inner(x, A * A * x),
              inner(x, A * R * A * x), inner(x, R * S * R * x), inner(x, A * S * A.T * x),
              inner(x, R * e))  # fmt: skip
    assert all(map(kernel.nonnegative, squares))
    assert not any(map(kernel.nonnegative, others))


@pytest.mark.parametrize("power", [2, 3])
def test_traces_are_cut_at_columns(power):
    kernel = Kernel(PARAMETERS)
    assert kernel.same(sp.Trace((x * e.T) ** power), inner(e, x) ** power)
    assert not kernel.same(sp.Trace((x * e.T) ** power), inner(x, x) ** power)
    assert not kernel.same(sp.Trace((x * x.T) ** power), inner(x, x))
