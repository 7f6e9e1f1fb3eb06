"""Theorems of linear dynamics at random matrices: both sides in floats."""

import numpy as np
import pytest
import sympy as sp

from tests.close import below, rounded
from theory import symbols as s
from theory.functions.eigenvalues import largest, smallest, smallest_positive
from theory.functions.matrices import pinv
from theory.functions.rates import root_size
from theory.proofs.kernel.decide import Kernel
from theory.proofs.theorems import dynamics
from theory.proofs.uses import says
from theory.quadratic.letters import CURVED, IDENTITY
from theory.quadratic.stability import heavy_ball_step
from theory.stability.two_weights import MOVING, a, b, p, q

R, H, U, X, d, eta, beta, lam, k, left = (
    each.symbol for each in (s.R, s.Hess, s.U, s.X, s.d, s.eta, s.beta, s.lam, s.k, s.left)
)
RATE, MOMENTUM = 0.3, 0.6
SIZE = 5
ARRIVED = 1e-9  # so small an error has a descent that has found a minimum


def drawn(seed: int, rank: int) -> tuple[np.ndarray, np.ndarray]:
    """A symmetric matrix without negative eigenvalues, of some rank, and its positive ones."""
    generator = np.random.default_rng(seed)
    factor = generator.normal(size=(SIZE, rank))
    matrix = factor @ factor.T
    return matrix, np.linalg.eigvalsh(matrix)[-rank:]


def size_at(value: sp.Expr, curvature: float) -> float:
    """What the theorem says that a mode is, in floats."""
    here = {lam: curvature, eta: RATE, beta: MOMENTUM}
    if isinstance(value, root_size):
        trace, det = (float(each.subs(here)) for each in value.args)
        return float(max(abs(np.roots([1, -trace, det]))))
    return float(value.subs(here))


@pytest.mark.parametrize("seed, rank", [(0, 5), (1, 3), (2, 1)])
def test_the_spectral_radius_is_that_of_the_worst_mode(seed: int, rank: int) -> None:
    matrix, values = drawn(seed, rank)
    curved = np.linalg.pinv(matrix, rcond=1e-10) @ matrix
    plain = (np.eye(SIZE) - RATE * matrix) @ curved
    ball = np.block([[(1 + MOMENTUM) * curved - RATE * matrix, -MOMENTUM * curved],
                     [curved, np.zeros((SIZE, SIZE))]])  # fmt: skip
    for step, numbers in (((IDENTITY - eta * R) * CURVED, plain), (heavy_ball_step(), ball)):
        said = dynamics.spectral_radius_by_modes(step, R, lam).statement()
        value, letter, low, high = said.right.args
        assert (letter, low, high) == (lam, smallest_positive(R), largest(R))
        assert said.positive == (largest(R),)
        worst = max(size_at(value, each) for each in values)
        assert rounded(max(abs(np.linalg.eigvals(numbers))), worst, 1e6)


def test_all_eigenvalues_count_where_the_step_moves_flat_directions() -> None:
    size = H.shape[0]
    said = dynamics.spectral_radius_by_modes(sp.Identity(size) - eta * H, H, lam).statement()
    assert said.right.args[2:] == (smallest(H), largest(H))
    matrix = np.diag([-2.0, 0.5, 3.0])
    worst = max(size_at(said.right.args[0], each) for each in (-2.0, 0.5, 3.0))
    assert rounded(max(abs(np.linalg.eigvals(np.eye(3) - RATE * matrix))), worst)


def test_a_step_that_is_no_function_of_the_matrix() -> None:
    for step in (IDENTITY - eta * U * R * U.T, IDENTITY - eta * U, eta * pinv(R) + IDENTITY):
        with pytest.raises(NotImplementedError):
            dynamics.spectral_radius_by_modes(step, R, lam).statement()
    kernel = Kernel((s.T,))
    T = s.T.symbol  # invertible, and not symmetric
    said = dynamics.spectral_radius_by_modes(IDENTITY - eta * T, T, lam).statement()
    assert not says(kernel, said, said.left, said.right, "=")


def test_the_letter_of_an_eigenvalue_is_new() -> None:
    with pytest.raises(ValueError, match="stands for an eigenvalue"):
        dynamics.spectral_radius_by_modes((IDENTITY - lam * R) * CURVED, R, lam).statement()
    with pytest.raises(NotImplementedError):
        dynamics.powers_vanish(heavy_ball_step(), R, R, CURVED * d, k).statement()


def test_no_column_is_stretched_more_than_by_the_worst_mode() -> None:
    step = sp.MatPow(IDENTITY - eta * R, 3)
    said = dynamics.stretched_by_modes(step, R, lam, CURVED * d).statement()
    assert said.equal[1] == (pinv(R) * R * (CURVED * d), CURVED * d)
    over, _ = said.right.args if said.right.args[0].has(lam) else said.right.args[::-1]
    for seed in range(3):
        matrix, values = drawn(seed, 3)
        start = matrix @ np.random.default_rng(seed).normal(size=SIZE)
        worst = max(size_at(over.args[0], each) for each in values)
        moved = np.linalg.matrix_power(np.eye(SIZE) - RATE * matrix, 3) @ start
        assert below(np.linalg.norm(moved) / np.linalg.norm(start), worst, 1e6)


def test_powers_vanish_where_every_factor_is_below_one() -> None:
    rest = sp.Symbol("rest", positive=True)
    kernel = Kernel((s.R, s.d))
    step = IDENTITY - 2 / (largest(R) + rest) * R
    said = dynamics.powers_vanish(step, R, R, CURVED * d, k).statement()
    zero = sp.ZeroMatrix(*d.shape)
    assert says(kernel, said, said.left, zero, "=")
    matrix, values = drawn(4, 3)
    start = matrix @ np.ones(SIZE)
    factor = np.eye(SIZE) - 2 / (max(values) + 0.5) * matrix
    after = np.linalg.matrix_power(factor, 20000) @ start
    assert rounded(after, np.zeros(SIZE), abs(start).max())


def test_powers_that_do_not_vanish() -> None:
    kernel = Kernel((s.R, s.d))
    for step, column in (
        (IDENTITY - 2 / largest(R) * R, CURVED * d),  # the largest rate itself
        (IDENTITY + eta * R, CURVED * d),
        (IDENTITY - R / largest(R), d),  # a part where R is zero stays
    ):
        said = dynamics.powers_vanish(step, R, R, column, k).statement()
        assert not says(kernel, said, said.left, said.right, "=")
    symmetric = Kernel((s.Hess,))
    column = sp.MatrixSymbol("x", H.shape[0], 1)
    step = sp.Identity(H.shape[0]) - H / largest(H)
    said = dynamics.powers_vanish(step, H, H, pinv(H) * H * column, k).statement()
    assert not says(symmetric, said, said.left, said.right, "=")  # negative eigenvalues


def test_descent_ends_in_no_minimum_that_repels() -> None:
    said = dynamics.unstable_minima_are_avoided(MOVING, (p, q), (a, b), eta, (0, 0)).statement()
    assert said.right == sp.Min(2 / eta, said.left)
    assert sp.simplify(said.positive[1] - (1 - eta**2) ** 2) == 0
    ended = 0
    for rate in (0.15, 0.3, 0.45):
        x, y = np.random.default_rng(7).normal(size=(2, 200)) * 1.2
        for _ in range(20000):
            wrong = np.clip(x * y - 1, -1e3, 1e3)  # some starts diverge
            x, y = (
                np.clip(x - rate * wrong * y, -1e3, 1e3),
                np.clip(y - rate * wrong * x, -1e3, 1e3),
            )
        found = abs(x * y - 1) < ARRIVED
        ended += found.sum()
        assert below(max(x[found] ** 2 + y[found] ** 2), 2 / rate, 1e8)
    assert ended > 300


def test_steps_that_lead_to_a_null_set_are_refused() -> None:
    kernel = Kernel((s.a, s.b, s.eta.within(high=1)))
    starts, letters = (a, b), (p, q)
    said = dynamics.unstable_minima_are_avoided(MOVING, letters, starts, eta, (0, 0)).statement()
    assert says(kernel, said, said.left, said.right, "<=")
    bowl = (p**2 + q**2) / (2 * eta)  # one step leads every start to 0
    null = dynamics.unstable_minima_are_avoided(bowl, letters, starts, eta, (0, 0)).statement()
    assert not says(kernel, null, null.left, null.right, "<=")
    with pytest.raises(NotImplementedError):
        dynamics.unstable_minima_are_avoided(
            sp.exp(p + q), letters, starts, eta, (0, 0)
        ).statement()
