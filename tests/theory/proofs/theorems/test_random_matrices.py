"""Theorems about large random matrices, against matrices drawn at a size of some hundreds."""

from typing import Any

import numpy as np
import pytest
import sympy as sp
from scipy import integrate

from tests.close import sampled
from theory import symbols as s
from theory.functions.base import NUMERIC
from theory.functions.columns import inner
from theory.functions.eigenvalues import largest, smallest
from theory.functions.large import gaussian, independent, tends_to, uniform_direction
from theory.functions.matrices import exponential, pinv
from theory.functions.stated import rank
from theory.laws import independent_entries
from theory.proofs.kernel.decide import Kernel
from theory.proofs.theorems import random_matrices
from theory.proofs.uses import Statement, Use

n = sp.Symbol("n", integer=True, positive=True)
alpha, theta, x = sp.symbols("alpha theta x", positive=True)
v = s.v.symbol
Z = independent("Z", n, alpha * n)
d = uniform_direction("d", n, 1)
u, w = (sp.OneMatrix(size, 1) / sp.sqrt(size) for size in Z.shape)
SIZE = 300
RATIOS = (0.5, 2.0)
WRONG = sp.Rational(21, 20)


def draw(ratio: float, seed: int = 0) -> np.ndarray:
    """Entries of mean 0 and variance 1 that are not normal."""
    uniform = np.random.default_rng(seed).uniform(-1, 1, (SIZE, round(ratio * SIZE)))
    return np.sqrt(3) * uniform


def measured(said: Statement, ratio: float, values: Any = ()) -> float:
    """What stands under the limit, with a matrix drawn for Z."""
    sizes = {alpha: sp.Rational(ratio), n: sp.Integer(SIZE)}
    value = said.left.args[0].subs(sizes).subs(dict(values))
    (letter,) = value.atoms(sp.MatrixSymbol)
    function = sp.lambdify([letter], value, modules=[NUMERIC, "numpy"])
    return float(np.asarray(function(draw(ratio))).item())


def stated(side: sp.Expr, **values: float) -> float:
    return float(side.subs({each: values[str(each)] for each in side.free_symbols}))


@pytest.mark.parametrize("ratio", RATIOS)
def test_the_density(ratio: float) -> None:
    said = random_matrices.marchenko_pastur(Z, x).statement()
    density = sp.lambdify(x, said.right.subs(alpha, ratio), "math")
    matrix = draw(ratio)
    values = np.linalg.eigvalsh(matrix @ matrix.T / matrix.shape[1])
    low, high = (float((1 + sign / np.sqrt(ratio)) ** 2) for sign in (-1, 1))
    for start, end in ((low, (low + high) / 2), ((low + high) / 2, high), (high + 0.2, high + 1)):
        area, _ = integrate.quad(density, start, end)
        assert abs(np.mean((values > start) & (values <= end)) - area) < 0.02
    use = random_matrices.marchenko_pastur(Z, x)
    assert use.holds(Kernel(()), said.left, said.right, "=")
    with pytest.raises(NotImplementedError):  # which refuses a link
        use.holds(Kernel(()), said.left, WRONG * said.right, "=")


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("level", (0.05, 0.5, 1.0, 4.0))
def test_the_law(ratio: float, level: float) -> None:
    use = random_matrices.law_of_marchenko_pastur(v, Z, theta, x)
    said, kernel = use.statement(), Kernel((s.v,))
    matrix = np.sqrt(0.6) * draw(ratio)
    values = np.linalg.eigvalsh(matrix @ matrix.T / matrix.shape[1])
    right = said.right.subs({alpha: sp.Rational(ratio), v: 0.6, theta: level})
    (area,) = right.atoms(sp.Integral)
    found, _ = integrate.quad(sp.lambdify(x, area.function, "math"), 1e-9, level, limit=200)
    assert abs(np.mean(values <= level + 1e-12) - float(right.subs(area, found))) < 0.02
    assert use.holds(kernel, said.left, said.right, "=")
    low = random_matrices.law_of_marchenko_pastur(v, Z, -theta, x)
    said = low.statement()
    assert not low.holds(kernel, said.left, said.right, "=")  # a level below zero


A = sp.MatrixSymbol("A", n, n)
FUNCTIONS = {
    A: lambda lam: lam,
    A**3: lambda lam: lam**3,
    A.I: lambda lam: 1 / lam,
    exponential(-2 * A): lambda lam: np.exp(-2 * lam),
    A * (sp.Identity(n) - A / 3) ** 2 * A: lambda lam: lam**2 * (1 - lam / 3) ** 2,
}


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_means_of_functions(ratio: float, function: Any) -> None:
    use, kernel = random_matrices.mean_over_eigenvalues(function, A, v, Z, x), Kernel((s.v,))
    said = use.statement()
    matrix = np.sqrt(0.6) * draw(ratio)
    values = np.linalg.eigvalsh(matrix @ matrix.T / matrix.shape[1])
    if function == A.I and ratio < 1:  # zero by rank, which its hypothesis leaves out
        assert stated(said.positive[1], alpha=ratio) < 0
        return
    right = said.right.subs({alpha: sp.Rational(ratio), v: 0.6})
    (area,) = right.atoms(sp.Integral)
    ((letter, low, high),) = area.limits
    found, _ = integrate.quad(sp.lambdify(letter, area.function, "numpy"), float(low), float(high))
    meant = float(right.subs(area, found))
    assert abs(np.mean(FUNCTIONS[function](values)) / meant - 1) < 0.03
    if function != A.I:
        assert use.holds(kernel, said.left, said.right, "=")
    assert not use.holds(kernel, said.left, WRONG * said.right, "=")


def test_an_inverse_needs_more_columns_than_rows() -> None:
    use = random_matrices.mean_over_eigenvalues(A.I, A, v, Z, x)
    said = use.statement()
    assert use.holds(Kernel((s.alpha.within(low=1), s.v)), said.left, said.right, "=")
    assert not use.holds(Kernel((s.alpha, s.v)), said.left, said.right, "=")


@pytest.mark.parametrize(
    "function",
    (
        pinv(A),  # jumps at 0
        (sp.Identity(n) - A).I,  # has a pole in the bulk
        A ** sp.Symbol("q", real=True),
        sp.Trace(Z * Z.T) * A,  # another random number
        n * A,
        x * A,
        A * sp.MatrixSymbol("B", n, n),
    ),
)
def test_what_is_no_continuous_function_of_the_matrix_is_refused(function: Any) -> None:
    with pytest.raises((TypeError, NotImplementedError)):
        random_matrices.mean_over_eigenvalues(function, A, v, Z, x).statement()


@pytest.mark.parametrize("ratio", RATIOS)
def test_the_edges(ratio: float) -> None:
    for theorem in (random_matrices.bai_yin_largest, random_matrices.bai_yin_smallest_positive):
        said = theorem(Z).statement()
        assert abs(measured(said, ratio) - stated(said.right, alpha=ratio)) < 0.1
    said = random_matrices.bai_yin_smallest(Z).statement()
    if ratio > 1:
        assert abs(measured(said, ratio) - stated(said.right, alpha=ratio)) < 0.1
    else:  # more rows than columns: zero by rank, which its hypothesis leaves out
        assert abs(measured(said, ratio) - stated(said.right, alpha=ratio)) > 0.1
        assert stated(said.positive[0], alpha=ratio) < 0
    use = random_matrices.bai_yin_smallest(Z)
    assert not use.holds(Kernel((s.alpha,)), said.left, said.right, "=")


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("strength", (0.4, 1.3, -2.0))
def test_spikes(ratio: float, strength: float) -> None:
    real = sp.Symbol("theta", real=True)
    said = random_matrices.spiked_eigenvalue(real, u, w, Z).statement()
    found = measured(said, ratio, {real: strength})
    assert abs(found / stated(said.right, alpha=ratio, theta=strength) - 1) < 0.06
    matrix = draw(ratio)
    rows, columns = matrix.shape
    data = strength * np.ones_like(matrix) / np.sqrt(rows * columns) + matrix / np.sqrt(columns)
    first = np.linalg.eigh(data @ data.T)[1][:, -1]
    said = random_matrices.spiked_eigenvector(real, u, w, Z).statement()
    overlap = (first.sum() / np.sqrt(rows)) ** 2
    assert abs(overlap - stated(said.right, alpha=ratio, theta=strength)) < 0.08


def test_a_spike_has_a_length() -> None:
    for theorem in (random_matrices.spiked_eigenvalue, random_matrices.spiked_eigenvector):
        use, kernel = theorem(theta, u, w, Z), Kernel(())
        said = use.statement()
        assert use.holds(kernel, said.left, said.right, "=")
        assert not use.holds(kernel, said.left, WRONG * said.right, "=")
        longer = theorem(theta, 2 * u, w, Z)
        left, right = longer.statement().left, longer.statement().right
        assert not longer.holds(kernel, left, right, "=")


def test_ranks() -> None:
    X, M = independent("X", 3, 5), sp.MatrixSymbol("M", 5, 5)
    said = random_matrices.rank_of_independent(X, M).statement()
    random = np.random.default_rng(3)
    for kept in (1, 2, 4):
        fixed = random.normal(size=(5, kept)) @ random.normal(size=(kept, 5))
        bound = said.right.subs(rank(M), int(np.linalg.matrix_rank(fixed)))
        assert np.linalg.matrix_rank(random.normal(size=(3, 5)) @ fixed) == bound
    singular = np.diag([0.0, 1, 1, 1, 1]), np.eye(5)[:3]  # no density, and another rank
    assert np.linalg.matrix_rank(singular[1] @ singular[0]) != min(3, 4)


def test_covariances_of_gaussian_examples() -> None:
    """Eigenvalues of one and the other, at small sizes, by their means over many draws."""
    n_, p_ = 3, 6
    X, Y = gaussian("X", n_, p_), gaussian("Y", n_, p_ - 1)
    A, mean = sp.MatrixSymbol("A", n_, n_), sp.MatrixSymbol("mu", n_, 1)
    said = random_matrices.sample_covariance(largest(A), A, mean, v, X, Y).statement()
    assert all(a == b for a, b in said.equal)
    random = np.random.default_rng(5)
    data = 1.5 + 0.7 * random.normal(size=(40_000, n_, p_))
    data -= data.mean(axis=2, keepdims=True)
    fewer = 0.7 * random.normal(size=(40_000, n_, p_ - 1))
    ends = [np.linalg.eigvalsh(each @ each.transpose(0, 2, 1)) for each in (data, fewer)]
    assert sampled(ends[0] - ends[1], np.zeros(n_))
    as_many = 0.7 * random.normal(size=(40_000, n_, p_))
    values = np.linalg.eigvalsh(as_many @ as_many.transpose(0, 2, 1))
    assert not sampled(ends[0] - values, np.zeros(n_))
    same = random_matrices.sample_covariance(largest(A), A, mean, v, X, gaussian("Y", n_, p_))
    left, right = same.statement().left, same.statement().right
    assert not same.holds(Kernel(()), left, right, "=")


def test_random_directions() -> None:
    matrix = draw(2.0)
    S = matrix @ matrix.T / matrix.shape[1]
    way = np.random.default_rng(7).normal(size=SIZE)
    use = random_matrices.random_direction(d, A, A, sp.Integer(1), Z)
    said, R = use.statement(), Z * Z.T / (alpha * n)
    assert Kernel(()).same(said.left, tends_to(inner(d, R * d) / inner(d, d), n))
    assert abs(way @ S @ way / (way @ way) - np.trace(S) / SIZE) < 0.15
    top = np.linalg.eigh(S)[1][:, -1]  # a direction that depends on S
    assert abs(top @ S @ top - np.trace(S) / SIZE) > 1
    assert use.holds(Kernel(()), said.left, said.right, "=")
    assert not use.holds(Kernel(()), said.left, WRONG * said.right, "=")


def test_a_form_needs_bounded_eigenvalues() -> None:
    """D'11'd over d'd is chi squared, and the mean of the eigenvalues is 1."""
    for unbounded in (sp.OneMatrix(n, n), n * A, A + sp.OneMatrix(n, n)):
        with pytest.raises((TypeError, NotImplementedError)):
            random_matrices.random_direction(d, unbounded, A, sp.Integer(1), Z).statement()
    use = random_matrices.random_direction(d, A.I, A, sp.Integer(1), Z)
    said = use.statement()
    assert not use.holds(Kernel((s.alpha,)), said.left, said.right, "=")


def test_what_is_random_may_not_stand_for_what_is_not() -> None:
    """Each of these is false: it depends on the random letter that the theorem is about."""
    kernel, one = Kernel(()), sp.Integer(1)
    X, Y, few = gaussian("X", n, 2 * n), gaussian("Y", n, 2 * n - 1), independent("F", 3, 5)
    ones = sp.OneMatrix(2 * n, 1)
    along = X * ones / sp.sqrt(inner(X * ones, X * ones))
    free = sp.MatrixSymbol("A", n, n)
    outside = sp.Identity(5) - few.T * (few * few.T).I * few
    assert kernel.same(inner(along, along), one)  # no other hypothesis refuses it
    uses = (
        random_matrices.spiked_eigenvalue(theta, along, ones / sp.sqrt(2 * n), X),
        random_matrices.spiked_eigenvector(theta, along, ones / sp.sqrt(2 * n), X),
        random_matrices.rank_of_independent(few, outside),
        random_matrices.sample_covariance(
            largest(free + X * X.T), free, sp.OneMatrix(n, 1), one, X, Y
        ),
        random_matrices.sample_covariance(largest(free), free, X * ones, one, X, Y),
        random_matrices.law_of_marchenko_pastur(one, Z, sp.Abs(sp.Trace(Z * Z.T)), x),
    )
    for use in uses:
        said = use.statement()
        assert not use.holds(kernel, said.left, said.right, "="), use.of.name


def test_letters_with_a_law_are_random() -> None:
    few, M = independent("F", 3, 5), sp.MatrixSymbol("M", 5, 5)
    use, kernel = random_matrices.rank_of_independent(few, M), Kernel(())
    said = use.statement()
    assert use.holds(kernel, said.left, said.right, "=")
    kernel.laws = {M: independent_entries(5, 5, 1)}
    assert not use.holds(kernel, said.left, said.right, "=")


def test_sizes_grow_together() -> None:
    for columns in (n**2, sp.Integer(3)):
        with pytest.raises(TypeError):
            random_matrices.bai_yin_largest(independent("Z", n, columns)).statement()
    with pytest.raises(TypeError):  # a spike whose strength grows
        random_matrices.spiked_eigenvalue(sp.sqrt(n), u, w, Z).statement()


@pytest.mark.parametrize(
    "use",
    (
        lambda X: random_matrices.bai_yin_largest(X),
        lambda X: random_matrices.marchenko_pastur(X, x),
        lambda X: random_matrices.rank_of_independent(X, sp.Identity(X.shape[1])),
        lambda X: random_matrices.random_direction(X, A, A, sp.Integer(1), Z),
    ),
)
def test_letters_that_are_not_random_are_refused(use: Any) -> None:
    with pytest.raises(TypeError):
        use(s.X.symbol).statement()
    with pytest.raises(TypeError):
        A = sp.MatrixSymbol("A", n, n)
        Use.statement(random_matrices.sample_covariance(smallest(A), A, u, v, Z, Z))
