"""The coordinates of a domain hold at what the domain draws, and say no more than the domain."""

import numpy as np
import pytest
import sympy as sp

from tests.close import rounded
from theory import symbols as s
from theory.domain import Array, Integer, Parameter, Real
from theory.functions.columns import inner
from theory.proofs.kernel.decide import Kernel

n = sp.Symbol("n", integer=True, positive=True)


def number(low: float = -sp.oo, high: float = sp.oo, closed: bool = False) -> Parameter:
    return Parameter("q", "a number", Real(low, high, closed))


def matrix(kind: str, columns: object = n) -> Parameter:
    return Parameter("Q", "a matrix", Array(n, columns, kind))


KINDS = ("any", "symmetric", "psd", "definite", "invertible", "orthogonal")
Q, x = sp.MatrixSymbol("Q", n, n), sp.MatrixSymbol("x", n, 1)
UNIT = sp.Identity(n)
#: What is true of a matrix of which kinds.
FACTS = (
    (Q.T, Q, {"symmetric", "psd", "definite"}),
    (Q.T * Q, UNIT, {"orthogonal"}),
    (Q * Q.T, UNIT, {"orthogonal"}),
    (Q.inverse(), Q.T, {"orthogonal"}),
    (Q.inverse().T, Q.inverse(), {"definite"}),
    (Q * Q, UNIT, set()),
    (Q * Q, Q, set()),
    (Q, UNIT, set()),
    (Q * Q.T, Q.T * Q, {"symmetric", "psd", "definite", "orthogonal"}),
)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("left", "right", "of"), FACTS)
def test_a_kind_of_matrix_has_its_own_rules(kind, left, right, of):
    if left.has(sp.Inverse) and kind in ("any", "symmetric", "psd"):
        return  # an inverse that need not exist
    assert Kernel((matrix(kind),)).same(left, right) == (kind in of)


@pytest.mark.parametrize("kind", KINDS)
def test_only_semidefinite_forms_are_not_negative(kind):
    form = inner(x, Q * x)
    assert Kernel((matrix(kind),)).nonnegative(form) == (kind in ("psd", "definite"))


def test_a_varying_column_is_a_mean_and_deviations():
    kernel = Kernel((s.y,))
    middle, size = (sp.Symbol(name) for name in ("m_y", "s_y"))
    image = kernel.images[s.y.symbol]
    names = {str(letter) for letter in image.free_symbols}
    assert {str(middle), str(size)} <= names
    way = next(each for each in image.atoms(sp.MatrixSymbol) if "way" in str(each))
    drawn = np.random.default_rng(0).standard_normal(7)
    direction = (drawn - drawn.mean()) / drawn.std()
    assert rounded(direction.sum(), 0, size=7)
    assert rounded(direction @ direction, 7)
    one = kernel.ones(s.B.symbol)
    assert kernel.same(inner(one, way), sp.Integer(0))
    assert kernel.same(inner(way, way), s.B.symbol)
    assert not kernel.same(inner(way, way), s.B.symbol - 1)


RANGES = (
    (number(), {}, {"q", "q**2 - q", "1 - q", "-q"}),
    (number(0), {"q"}, {"q - 1", "1 - q", "-q"}),
    (number(0, closed=True), {"q"}, {"q - 1", "1 - q", "-q"}),
    (number(1), {"q", "q - 1"}, {"q - 2", "2 - q"}),
    (number(0, 1), {"q", "1 - q", "q - q**2"}, {"q - 1/2", "2*q - 1", "-q", "q**2 - q"}),
    (number(-1, 1), {"1 - q", "1 + q", "1 - q**2"}, {"q", "-q", "q - 1/2"}),
    (number(2, 3), {"q - 2", "3 - q", "q", "(q - 2)*(3 - q)"}, {"q - 5/2", "2 - q", "q - 3"}),
)


@pytest.mark.parametrize(("parameter", "signed", "unsigned"), RANGES)
def test_a_number_has_the_signs_of_its_range(parameter, signed, unsigned):
    kernel, letter = Kernel((parameter,)), {"q": parameter.symbol}
    for each in signed:
        assert kernel.nonnegative(sp.sympify(each, letter)), each
    for each in unsigned:
        assert not kernel.nonnegative(sp.sympify(each, letter)), each


@pytest.mark.parametrize("closed", [True, False])
def test_an_end_belongs_to_a_closed_range_alone(closed):
    parameter = number(1, closed=closed)
    kernel = Kernel((parameter,))
    assert kernel.has_sign(parameter.symbol - 1, "is_positive") != closed
    assert kernel.nonnegative(parameter.symbol - 1)


@pytest.mark.parametrize("low", [0, 1, 2, 3])
def test_a_whole_number_is_at_least_its_least(low):
    parameter = Parameter("q", "a number", Integer(low))
    kernel, q = Kernel((parameter,)), parameter.symbol
    assert kernel.nonnegative(q - low)
    assert not kernel.nonnegative(q - low - 1)
    assert not kernel.has_sign(q - low, "is_positive")
    assert kernel.has_sign(q - low + 1, "is_positive")
    assert not kernel.same(q, sp.Integer(low))


def test_an_axis_is_a_column_of_the_identity():
    kernel = Kernel((s.y,))
    axis = sp.MatrixSymbol("axis", s.B.symbol, 1)
    kernel.axis(axis)
    one = kernel.ones(s.B.symbol)
    assert kernel.same(inner(axis, axis), sp.Integer(1))
    assert kernel.same(inner(one, axis), sp.Integer(1))
    assert not kernel.same(inner(axis, s.g.symbol), sp.Integer(1))
    assert not kernel.same(axis, one)
    assert not kernel.same(axis * axis.T, sp.Identity(s.B.symbol))
