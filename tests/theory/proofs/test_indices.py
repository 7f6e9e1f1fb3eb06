"""Index arguments prove what is true of matrices of any size, and do not prove what is false."""

import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from sympy.matrices.expressions.special import OneMatrix

from theory import symbols as s
from theory.formula import Formula
from theory.functions.eigenvalues import eigenvalues
from theory.functions.matrices import ascending, centred, khatri_rao, kron, squares, stack, vec
from theory.proofs.indices import entrywise

N, n, p = s.N.symbol, s.n.symbol, s.p.symbol
A, S, X, D, Delta = (each.symbol for each in (s.A, s.S, s.X, s.D, s.Delta))
B, C = sp.MatrixSymbol("B", N, N), sp.MatrixSymbol("C", n, n)
a, f = sp.MatrixSymbol("a", N, 1), sp.MatrixSymbol("f", n, 1)

TRUE = {
    "mixed product": (kron(A, S) * kron(B, C), kron(A * B, S * C)),
    "transpose": (kron(A, S).T, kron(A.T, S.T)),
    "trace": (sp.Trace(kron(A, S)), sp.Trace(A) * sp.Trace(S)),
    "cyclic trace": (sp.Trace(A * B), sp.Trace(B * A)),
    "vec": (kron(A, S) * vec(Delta), vec(S * Delta * A.T)),
    "vec of an outer product": (vec(f * a.T), kron(a, f)),
    "inner product of stacked matrices": (
        vec(Delta).T * vec(Delta),
        sp.Trace(Delta * Delta.T) * sp.Identity(1),
    ),
    "pairs of one example": (
        sp.Trace(khatri_rao(a, f) * khatri_rao(a, f).T),
        sp.Trace(a * a.T) * sp.Trace(f * f.T),
    ),
    "nothing": (A * B - A * B, sp.ZeroMatrix(N, N)),
    "identities": (kron(sp.Identity(N), sp.Identity(n)) * vec(Delta), vec(Delta)),
    "trace of an identity": (sp.Trace(sp.Identity(N) * sp.Identity(N)), N),
    "sum of ones": (OneMatrix(1, N) * OneMatrix(N, 1), N * sp.Identity(1)),
    "centring twice": (centred(centred(X.T)), centred(X.T)),
    "powers": ((A + B) ** 2, A * A + A * B + B * A + B * B),
}
FALSE = {
    "factors in the other order": (kron(A, S) * kron(B, C), kron(B * A, S * C)),
    "a matrix and its transpose": (A * B, A.T * B),
    "vec without the transpose": (kron(A, S) * vec(Delta), vec(S * Delta * A)),
    "a product of traces": (sp.Trace(A * B), sp.Trace(A) * sp.Trace(B)),
    "a coefficient": (sp.Trace(A), 2 * sp.Trace(A)),
    "the size of an identity": (sp.Trace(sp.Identity(N) * sp.Identity(N)), N**2),
    "squared entries and squares": (squares(A), A * A),
    "centred and not": (centred(X.T), X.T),
}


@pytest.mark.parametrize("name", TRUE)
def test_what_is_true_is_proved(name):
    assert entrywise(name, *TRUE[name]).holds()


@pytest.mark.parametrize("name", FALSE)
def test_what_is_false_is_not(name):
    assert not entrywise(name, *FALSE[name]).holds()


def test_a_symmetric_letter_equals_its_transpose():
    assert entrywise("symmetric", A * B, A.T * B, symmetric=(A,)).holds()
    assert not entrywise("symmetric", A * B, A * B.T, symmetric=(A,)).holds()


def test_a_function_without_entries_is_refused():
    with pytest.raises(NotImplementedError, match="eigenvalues"):
        entrywise("eigenvalues", eigenvalues(A), eigenvalues(A)).holds()


# --- the functions themselves ------------------------------------------------------------------

ONE = (s.X,)
PAIR = (s.X, s.D)
GRAM = X.T * X
MEANINGS = {
    "kron": (kron(X, D), PAIR),
    "vec": (vec(X), ONE),
    "khatri_rao": (khatri_rao(X, D), PAIR),
    "squares": (squares(X), ONE),
    "centred": (centred(X), ONE),
    "stack": (stack(X, D), PAIR),
    "eigenvalues": (eigenvalues(GRAM), ONE),
    "ascending": (ascending(vec(X)), ONE),
}


@pytest.mark.parametrize("name", MEANINGS)
@given(seed=st.integers(0, 2**32 - 1))
def test_functions_mean_the_same_exactly_and_in_numpy(name, seed):
    rng = np.random.default_rng(seed)
    rows, inner, columns = rng.integers(1, 4, size=3)
    expression, parameters = MEANINGS[name]
    sizes = {"X": (rows, columns), "D": (inner, columns)}
    values = {each.name: rng.integers(-4, 5, size=sizes[each.name]).tolist() for each in parameters}
    formula = Formula(expression, parameters)
    exact = np.array(formula.exact(20, **values), dtype=float)
    found = formula(**values)
    assert np.shape(np.squeeze(found)) == np.shape(np.squeeze(exact))
    allowed = 64 * np.finfo(float).eps * 50 * rows * columns
    assert np.all(abs(np.squeeze(found) - np.squeeze(exact)) <= allowed)


def test_they_show_themselves():
    assert sp.latex(kron(A, S)) == r"A \otimes S"
    assert str(vec(A)) == "vec(A)"
    assert kron(A, S).shape == (N * n, N * n)
    assert khatri_rao(X, D).T.shape == (p, N * n)


def test_a_failing_step_shows_the_sums_of_entries():
    shown = entrywise("Not symmetric.", A * B, B * A).compared().splitlines()
    assert shown == [
        "entrywise: Not symmetric.",
        "  left:  1 A[N_1,N0] B[N0,N_2]",
        "  right: 1 A[N0,N_2] B[N_1,N0]",
    ]
