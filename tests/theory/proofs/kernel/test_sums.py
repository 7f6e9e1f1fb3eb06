"""Sums over an index: one form, in which no index takes the place of another."""

import itertools

import numpy as np
import pytest
import sympy as sp

from tests.close import discretised
from theory.proofs.kernel.decide import Kernel
from theory.proofs.kernel.sums import normal

i, j, k, n = sp.symbols("i j k n", integer=True, positive=True)
plain = sp.Symbol("i", integer=True)  # the name that the form gives
x, y = (sp.IndexedBase(name, real=True) for name in ("x", "y"))
W = sp.IndexedBase("W", real=True)
a = sp.Symbol("a", real=True)


def total(body, index, high=n):
    return sp.Sum(body, (index, 1, high))


BOTH = total(x[i] * total(W[i, j] * y[j], j), i)
TRUE = (
    (total(a * x[i], i), a * total(x[j], j)),
    (total(x[i] + a, i), total(x[k], k) + n * a),
    (total(total(x[i] * y[j], j), i), total(x[i], i) * total(y[j], j)),
    (total((x[i] - a) ** 2, i), total(x[i] ** 2, i) - 2 * a * total(x[i], i) + n * a**2),
    (BOTH, total(x[k] * total(W[k, i] * y[i], i), k)),
    (BOTH, total(x[plain] * total(W[plain, j] * y[j], j), plain)),
    (BOTH, total(x[j] * total(W[j, plain] * y[plain], plain), j)),
    (sp.Sum(x[i] * y[j], (j, 1, n), (i, 1, n)), total(x[k], k) * total(y[k], k)),
)
FREE = total(W[plain, j] * y[j], j)  # one for each i
FALSE = (
    (FREE, total(W[j, j] * y[j], j)),
    (FREE, total(W[j, plain] * y[j], j)),
    (total(x[i], i), total(y[i], i)),
    (total(x[i] * y[i], i), total(x[i], i) * total(y[i], i)),
    (total(x[i] ** 2, i), total(x[i], i) ** 2),
    (total(x[i], i), total(x[i], i, n + 1)),
    (total(a, i), a),
    (total(sp.exp(x[i]), i), sp.exp(total(x[i], i))),
    (1 / total(x[i], i), total(1 / x[i], i)),
    (BOTH, total(x[i] * total(W[j, j] * y[j], j), i)),
    (BOTH, total(x[i] * total(W[j, i] * y[j], j), i)),
    (BOTH, total(x[j] * total(W[j, j] * y[j], j), j)),
    (BOTH, total(total(W[i, j] * x[j] * y[j], j), i)),
    (BOTH, total(x[plain] * total(W[j, j] * y[j], j), plain)),
    (total(total(W[i, j], j), i), total(total(W[i, i], j), i)),
    (total(total(W[i, j], j), i), n * total(W[i, i], i)),
)


@pytest.mark.parametrize(("left", "right"), TRUE)
def test_sums_in_other_words_are_the_same(left, right):
    assert Kernel(()).same(left, right)
    assert not Kernel(()).same(left, sp.Rational(21, 20) * right)


@pytest.mark.parametrize(("left", "right"), FALSE)
def test_other_sums_are_not(left, right):
    assert not Kernel(()).same(left, right)


@pytest.mark.parametrize("expression", [side for pair in (*TRUE, *FALSE) for side in pair])
def test_the_form_has_the_value_of_the_sum(expression):
    numbers, size = np.random.default_rng(0), 3
    at = {a: 0.7, n: size}
    for one, other in itertools.product(range(1, size + 2), repeat=2):
        at |= {x[one]: numbers.standard_normal(), y[one]: numbers.standard_normal()}
        at |= {W[one, other]: numbers.standard_normal()}
    form = expression.replace(lambda part: isinstance(part, sp.Sum), normal)
    left, right = (sp.N(each.subs(n, size).doit().subs(at)) for each in (expression, form))
    assert discretised(abs(complex(left - right)), 0, 1e-09)
