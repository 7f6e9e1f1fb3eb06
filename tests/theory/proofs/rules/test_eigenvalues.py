"""Rules about eigenvalues: what they accept and what they refuse."""

import sympy as sp

from theory import symbols as s
from theory.domain import Parameter
from theory.functions.constants import eye, ones
from theory.functions.eigenvalues import eigenvalues, largest, smallest
from theory.functions.matrices import ascending, kron, stack
from theory.proofs.kernel.decide import Kernel
from theory.proofs.rules.eigenvalues import eigenbasis, plane_and_rest

N, v, m, S, u = s.N.symbol, s.v.symbol, s.m.symbol, s.S.symbol, s.u.symbol
TWO = s.N.within(low=2)
ONES = ones(N, 1)
POPULATION = v * eye(N) + m**2 * ones(N, N)
TOP = v + N * m**2
TAMPERED = sp.Rational(21, 20)


def of_population(left: sp.Expr, right: sp.Expr, *others: Parameter, **changes: object) -> bool:
    parts = {"plane": (ONES,), "values": (TOP,)} | changes
    return plane_and_rest(**parts).holds(Kernel((TWO, s.v, s.m, *others)), left, right, "=")


def test_an_identity_plus_a_square() -> None:
    for head, value in ((largest, TOP), (smallest, v)):
        assert of_population(head(POPULATION), value)
        assert not of_population(head(POPULATION), TAMPERED * value)
    assert of_population(largest(POPULATION) / smallest(POPULATION) ** 2, TOP / v**2)


def test_what_is_beside_the_plane_may_be_nothing() -> None:
    """With a single input v is no eigenvalue."""
    use = plane_and_rest(plane=(ONES,), values=(TOP,))
    kernel = Kernel((s.N, s.v, s.m))
    assert use.holds(kernel, largest(POPULATION), TOP, "=")
    assert not use.holds(kernel, smallest(POPULATION), v, "=")


def test_where_the_plane_is_all_there_is_no_value_beside_it() -> None:
    one = ones(1, 1)
    alone = v * eye(1) + m**2 * one * one.T
    use = plane_and_rest(plane=(one,), values=(v + m**2,))
    kernel = Kernel((s.v, s.m))
    assert use.holds(kernel, smallest(alone), v + m**2, "=")
    assert not use.holds(kernel, smallest(alone), v, "=")
    assert not use.holds(kernel, smallest(alone), TAMPERED * (v + m**2), "=")


def test_values_and_planes_that_are_not_its_own() -> None:
    assert not of_population(largest(POPULATION), 2 * TOP, values=(2 * TOP,))
    assert not of_population(largest(POPULATION), TOP, plane=(u,))
    assert not of_population(largest(POPULATION), TOP, plane=(ONES, ONES), values=(TOP, TOP))
    assert not of_population(largest(POPULATION), TOP, plane=(0 * ONES,))
    assert not of_population(largest(v * eye(N) + m * ones(N, N)), v + N * m)  # m may be < 0
    turned = v * eye(N) + m**2 * ONES * u.T  # not symmetric
    assert not of_population(largest(turned), TOP)


def test_a_plane_of_two() -> None:
    """[[3, s], [s, 3]] on two axes, 3 beside them."""
    a, b = sp.MatrixSymbol("a", N, 1), sp.MatrixSymbol("b", N, 1)
    matrix = 3 * eye(N) + v * (a * b.T + b * a.T)

    def kernel() -> Kernel:
        made = Kernel((TWO, s.v))
        for word, image in {(a.T, a): 1, (b.T, b): 1, (a.T, b): 0}.items():
            made.rule(word, {(): sp.Integer(image)} if image else {})
        return made

    def says(head: type, value: sp.Expr, *values: sp.Expr) -> bool:
        use = plane_and_rest(plane=(a, b), values=values)
        return use.holds(kernel(), head(matrix), value, "=")

    assert says(largest, 3 + v, 3 + v, 3 - v)
    assert says(smallest, 3 - v, 3 + v, 3 - v)
    assert not says(largest, 3 + v, 3 + v, 3 + v)
    assert not says(smallest, sp.Integer(3), 3 + v, 3 - v)


def test_a_basis() -> None:
    """Of I + u u' (x) S: not S's own eigenvectors, but a basis that is given."""
    turn, own = s.turn.symbol, sp.MatrixSymbol("d", N, 1)
    from theory.functions.columns import diagonal

    matrix = turn * diagonal(own) * turn.T

    def says(left: sp.Expr, right: sp.Expr, columns: sp.Expr = turn, values: sp.Expr = own) -> bool:
        return eigenbasis(columns=columns, values=values).holds(
            Kernel((s.turn, s.L)), left, right, "="
        )

    assert says(eigenvalues(matrix), ascending(own))
    assert not says(eigenvalues(matrix), ascending(TAMPERED * own))
    assert not says(eigenvalues(matrix), own)
    assert not says(eigenvalues(matrix), ascending(2 * own), values=2 * own)
    assert not says(eigenvalues(s.L.symbol * matrix), ascending(own))
    assert not says(eigenvalues(matrix), ascending(own), columns=s.L.symbol)
    double = kron(matrix, matrix)
    assert says(eigenvalues(double), ascending(kron(own, own)), kron(turn, turn), kron(own, own))
    assert not says(
        eigenvalues(double), ascending(stack(own, own)), kron(turn, turn), stack(own, own)
    )
