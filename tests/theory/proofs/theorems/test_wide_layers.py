"""What is said of wide layers, against networks whose weights are drawn."""

import numpy as np
import pytest
import sympy as sp

from sim.normalisation.depth import back, normalise, squared_gradients
from theory.functions.columns import diagonal
from theory.functions.stated import each
from theory.laws import Entries, gaussian_column
from theory.proofs.kernel.decide import Kernel
from theory.proofs.theorems import wide_layers

B = sp.Symbol("B", integer=True, positive=True)
a = sp.Symbol("a", positive=True)
u = sp.Symbol("u", real=True)
y, d, above, below, way = (sp.MatrixSymbol(name, B, 1) for name in ("y", "d", "g", "x", "e"))
SIZE, DRAWS = 6, 40_000
C = np.eye(SIZE) - 1 / SIZE


def said(activation: sp.Expr) -> object:
    return wide_layers.wide_layers_of_batch_norm(activation, u, a, y, d, above, below, way)


def draw(law: Entries, random: np.random.Generator) -> np.ndarray:
    """Gaussian columns of the covariance of a law, one per row."""
    weights = 0.7
    covariance = law.rows.subs({B: SIZE, a: weights}).doit()
    matrix = np.array(sp.ImmutableMatrix(covariance.as_explicit()).tolist(), dtype=float)
    values, vectors = np.linalg.eigh(matrix)
    root = vectors * np.sqrt(np.maximum(values, 0))
    return random.standard_normal((DRAWS, SIZE)) @ root.T


@pytest.mark.parametrize("relu", (False, True))
def test_growth_in_wide_nets(relu: bool) -> None:
    random = np.random.default_rng(int(relu))
    statement = said(sp.Max(0, u) if relu else u).statement()  # type: ignore[attr-defined]
    laws = {letter: draw(law, random) for letter, law in statement.laws}
    hat, sigma = normalise(laws[y])
    kept = back((hat > 0) * laws[d] if relu else laws[d], hat, sigma)
    output = normalise(laws[below])[0]
    output = np.maximum(output, 0) if relu else output
    share = np.mean((output @ np.array([1, -1, 0, 0, 0, 0]) / np.sqrt(2)) ** 2)
    value = np.mean(np.sum(kept**2, 1)) / (np.mean(np.sum(laws[above] ** 2, 1)) * share)
    nets = []
    for _ in range(16):
        squares = squared_gradients(random, 600, SIZE, relu, layers=3)
        nets.append(squares[0] / squares[1])
    error = np.std(nets) / len(nets) ** 0.5
    assert abs(np.mean(nets) - value) < 5 * error + 0.03 * value


def test_gates_are_slopes_of_the_activation() -> None:
    gated = wide_layers.gated(sp.Heaviside(u), u, y, d)
    assert gated == diagonal(each(sp.Heaviside(u), u, y)) * d
    assert wide_layers.gated(sp.Integer(2), u, y, d) == 2 * d
    assert wide_layers.applied(2 * u, u, y) == 2 * y
    assert wide_layers.applied(u + 1, u, y) == each(u + 1, u, y)
    column = sp.Matrix([-1, 2])
    assert each(sp.Max(0, u), u, column).doit() == sp.Matrix([0, 2])


@pytest.mark.parametrize("wrong", ("none", "covariance", "gaussian", "axis"))
def test_it_asks_for_laws(wrong: str) -> None:
    kernel = Kernel(())
    kernel.images[B] = 4 + sp.Symbol("more", integer=True, nonnegative=True)
    use = said(u)
    statement = use.statement()  # type: ignore[attr-defined]
    kernel.laws = dict(statement.laws)
    kernel.rule((way.T, way), {(): sp.Integer(1)})
    if wrong != "axis":
        kernel.rule((kernel.ones(B).T, way), {})
    if wrong == "covariance":
        kernel.laws[y] = gaussian_column(a * sp.Identity(B))
    if wrong == "gaussian":
        law = kernel.laws[y]
        kernel.laws[y] = Entries(law.mean, law.rows, law.columns, gaussian=False)
    holds = use.holds(kernel, statement.left, statement.right, "=")  # type: ignore[attr-defined]
    assert holds == (wrong == "none")
    assert not use.holds(  # type: ignore[attr-defined]
        kernel, statement.left, sp.Rational(21, 20) * statement.right, "="
    )
