"""Curvature against PyTorch's facts, plain linear algebra, and identities that hold exactly."""

from functools import partial
from weakref import WeakSet

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.linalg import LinearOperator, aslinearoperator, eigsh

from deepnet import ops
from deepnet.curvature import (
    Batches,
    chance,
    gauss_newton,
    hessian,
    lanczos,
    moment_gradients,
    projected,
    shares,
    span,
    squared_overlaps,
)
from deepnet.footprint import footprint
from deepnet.nets.initialise import initialise
from deepnet.nets.mlp import mlp
from deepnet.nets.modes import norm_named
from deepnet.nets.page import page
from deepnet.problem import Problem
from deepnet.vectors import from_pytorch, from_vector, to_vector
from tests.close import below, discretised, rounded
from tests.deepnet.device_cases import PASSES
from tests.deepnet.facts.facts_recipe import NORMS, SMOOTHING
from tests.deepnet.facts.nets_problems import of_the_post
from tests.paths import PAGE_FACTS, SHARED

FIXTURES = SHARED / "fixtures"

seeds = st.integers(0, 2**32 - 1)


def rng(seed=0):
    return np.random.default_rng(seed)


def classes(y, count=10, smoothing=SMOOTHING):
    return ops.smoothed(np.asarray(y), count, smoothing, np.dtype(float))


def small(mode="active", eps=1e-5, widths=(5, 4, 3), sizes=(7, 5), keep=None, dtype=float):
    """A tanh perceptron with batch norm over some batches."""
    net = mlp(widths, ops.tanh)
    draw_from = rng(3)
    weights = initialise(net, draw_from, "he_normal", dtype)
    statistics = {name: (np.full(4, 0.1), np.full(4, 0.7)) for name in net.normed}
    norm = norm_named(mode, statistics=statistics, eps=eps)
    data = []
    for size in sizes:
        y = draw_from.integers(0, widths[-1], size)
        targets = ops.smoothed(y, widths[-1], SMOOTHING, np.dtype(dtype))
        data.append((draw_from.standard_normal((size, widths[0])).astype(dtype), targets))
    return Batches(Problem(net, norm), weights, data, keep)


def dense(operator):
    return operator @ np.eye(operator.shape[0])


# --- what PyTorch found ---


@pytest.mark.parametrize("norm", NORMS)
def test_products_are_those_of_pytorch(norm):
    facts = np.load(PAGE_FACTS, allow_pickle=False)
    recipe, batches = of_the_post(norm)
    assert rounded(recipe.digest(), facts["digest"], condition=PASSES), (
        "NumPy draws other numbers: make_facts.py again"
    )
    assert rounded(batches.loss(), facts[f"{norm}:loss"], condition=PASSES)
    assert rounded(recipe.summary(batches.gradient()), facts[f"{norm}:grad"], condition=PASSES)
    assert rounded(
        recipe.summary(hessian(batches) @ recipe.v), facts[f"{norm}:hv"], condition=PASSES
    )
    assert rounded(
        recipe.summary(gauss_newton(batches) @ recipe.v), facts[f"{norm}:gv"], condition=PASSES
    )


@pytest.mark.parametrize("name", ["bn", "frozen", "nobn"])
def test_gradients_of_mean_outputs_are_those_of_the_fixtures(name):
    path = FIXTURES / f"page_{name}.npz"
    if not path.exists():
        pytest.skip("no fixtures beside the repository")
    with np.load(path, allow_pickle=False) as fixture:
        net = page(1 / 32, partial(ops.softplus_literal, beta=10.0, threshold=2.5))
        weights = {n: from_pytorch(fixture[f"w:{n}"].astype(float)) for n in net.shapes}
        mode, statistics = {"bn": "active", "nobn": "none"}.get(name, "frozen"), {}
        if mode == "frozen":
            statistics = {
                n: tuple(fixture[f"{what}:{n}"].astype(float) for what in ("mean", "var"))
                for n in net.normed
            }
        x = np.ascontiguousarray(fixture["x"].astype(float).transpose(0, 2, 3, 1))
        data = [(x, classes(fixture["y"]))]
        expected = fixture["chan_mean_grad_sq"]
    batches = Batches(Problem(net, norm_named(mode, statistics=statistics)), weights, data)
    found = [
        [(part**2).sum() for part in from_vector(gradient, net.shapes).values()]
        for gradient in moment_gradients(batches)["mean"]
    ]
    assert rounded(found, expected, condition=PASSES)


# --- operators ---


@pytest.mark.parametrize("mode", ["active", "frozen", "none", "detached"])
@pytest.mark.parametrize("make", [hessian, gauss_newton])
def test_operators_are_linear_and_symmetric(make, mode):
    operator = make(small(mode))
    n, draw_from = operator.shape[0], rng()
    u, v = draw_from.standard_normal((2, n))
    scale = np.linalg.norm(dense(operator), 2) * np.linalg.norm(u) * np.linalg.norm(v)
    assert rounded(operator @ (2 * u - 3 * v), 2 * (operator @ u) - 3 * (operator @ v))
    assert rounded(u @ (operator @ v), v @ (operator @ u), scale)


@pytest.mark.parametrize("mode", ["frozen", "none"])
def test_batches_add_up_to_one(mode):
    batches = small(mode)
    x, targets = (np.concatenate(parts) for parts in zip(*batches.data, strict=True))
    one = Batches(batches.problem, batches.weights, [(x, targets)])
    assert rounded(batches.loss(), one.loss())
    assert rounded(batches.gradient(), one.gradient())
    assert rounded(dense(hessian(batches)), dense(hessian(one)))


def test_an_active_norm_gives_the_mean_of_the_batches_hessians():
    batches = small("active")
    parts = [Batches(batches.problem, batches.weights, [each]) for each in batches.data]
    mean = sum(part.examples * dense(hessian(part)) for part in parts) / batches.examples
    assert rounded(dense(hessian(batches)), mean)
    x, targets = (np.concatenate(both) for both in zip(*batches.data, strict=True))
    one = Batches(batches.problem, batches.weights, [(x, targets)])
    matrix, expected = dense(hessian(batches)), dense(hessian(one))
    assert np.abs(matrix - expected).max() > 1e-3 * np.abs(expected).max()


@pytest.mark.parametrize("keep, passes", [(None, 2), (1, 4), (0, 6)])
def test_batches_that_are_not_kept_are_linearised_once_for_all_columns(monkeypatch, keep, passes):
    linearised = []
    plain = Problem.linearise
    monkeypatch.setattr(Problem, "linearise", lambda *args: linearised.append(args) or plain(*args))
    batches = small(keep=keep)
    products = [hessian(batches) @ np.eye(32)[:, :columns] for columns in (3, 2, 1)]
    assert len(linearised) == passes
    kept = hessian(small()) @ np.eye(32)[:, :3]
    assert all(np.array_equal(product, kept[:, : product.shape[1]]) for product in products)


@pytest.mark.parametrize("fits", [0, 1, 2, 4])
def test_passes_are_kept_as_far_as_the_memory_has_room(monkeypatch, capsys, fits):
    """The memory is that of the passes that live, and of a product."""
    alive, most = WeakSet(), []
    plain = Problem.linearise

    def linearise(*args):
        part = plain(*args)
        alive.add(part)
        most.append(len(alive))
        return part

    sizes = (6, 6, 6, 6)
    size = footprint(next(iter(small(sizes=sizes)))[1])
    work = 2 * (size.kept + size.later) + size.work
    room = fits * (size.kept + size.later) + work if fits < 4 else 4 * size.peak
    monkeypatch.setattr(Problem, "linearise", linearise)
    monkeypatch.setattr(
        "deepnet.curvature.batches.available", lambda x: room - len(alive) * size.kept
    )
    batches = small(sizes=sizes)
    product = hessian(batches) @ np.eye(32)[:, :2]
    said = capsys.readouterr().err
    assert len(batches._kept) == fits
    assert (f"the memory has room to keep the passes of {fits} of 4 batches" in said) is (fits < 4)
    assert said.count("\n") == (fits < 4)
    assert max(most) == min(fits + 1, 4), "no pass outlives the next one"
    assert np.array_equal(hessian(small(sizes=sizes, keep=0)) @ np.eye(32)[:, :2], product)
    assert np.array_equal(hessian(batches) @ np.eye(32)[:, :2], product)
    assert not capsys.readouterr().err


@pytest.mark.parametrize("make", [hessian, gauss_newton])
def test_a_block_is_that_of_the_whole_matrix(make):
    batches = small(widths=(5, 4, 4, 3))
    whole, start = dense(make(batches)), {"dense1": 0, "dense2": 20, "dense3": 36}
    rows = np.r_[0:20, 36:48]
    assert rounded(dense(make(batches, ["dense3", "dense1"])), whole[np.ix_(rows, rows)])
    middle = slice(start["dense2"], start["dense3"])
    assert rounded(dense(make(batches, ["dense2"])), whole[middle, middle])


@pytest.mark.parametrize("layers", [["dense9"], []])
def test_a_block_of_no_layer_is_an_error(layers):
    with pytest.raises(ValueError, match="it has dense1, dense2"):
        hessian(small(), layers)


def test_a_projected_operator_is_the_projected_matrix():
    operator = hessian(small())
    basis = np.linalg.qr(rng().standard_normal((32, 4)))[0]
    off = np.eye(32) - basis @ basis.T
    cut = projected(operator, basis)
    assert rounded(dense(cut), off @ dense(operator) @ off)
    assert rounded(cut @ basis, 0, np.linalg.norm(dense(operator)))
    for wrong in (2 * basis, basis[:-1]):
        with pytest.raises(ValueError, match="orthonormal columns of length 32"):
            projected(operator, wrong)


def test_gauss_newton_is_the_hessian_where_outputs_are_linear_in_the_weights():
    batches = small("none", widths=(5, 3))
    assert rounded(dense(gauss_newton(batches)), dense(hessian(batches)))
    curved = small("none")
    matrix, expected = dense(gauss_newton(curved)), dense(hessian(curved))
    assert np.abs(matrix - expected).max() > 1e-3 * np.abs(expected).max()
    values = np.linalg.eigvalsh(dense(gauss_newton(curved)))
    assert below(0, values[0], values[-1])


def test_the_hessian_maps_scale_invariant_weights_to_minus_their_gradient():
    """L(c w) = L(w) for the weights w of one layer: differentiate grad L(c w) = grad L(w)/c."""
    batches = small(eps=0, widths=(5, 4, 4, 3))
    gradient = from_vector(batches.gradient(), batches.problem.net.shapes)
    for layer in batches.problem.net.normed:
        alone = {name: w * (name == layer) for name, w in batches.weights.items()}
        expected = {name: -g * (name == layer) for name, g in gradient.items()}
        assert rounded(hessian(batches) @ to_vector(alone), to_vector(expected))


def test_float32_weights_make_a_float32_operator_that_scipy_can_use():
    operator, exact = hessian(small(dtype="float32")), hessian(small())
    assert operator.dtype == np.float32
    v = rng().standard_normal(32)
    assert rounded(np.float32(operator @ v), exact @ v)
    eigenvalues = eigsh(exact, k=3, which="LA", return_eigenvectors=False)
    assert rounded(np.sort(eigenvalues), np.linalg.eigvalsh(dense(exact))[-3:])


def test_a_data_set_without_examples_is_an_error():
    batches = small()
    with pytest.raises(ValueError, match="no examples"):
        Batches(batches.problem, batches.weights, [])


# --- Lanczos ---


def symmetric(values, seed=0):
    """A matrix with these eigenvalues and random eigenvectors."""
    q = np.linalg.qr(rng(seed).standard_normal((len(values), len(values))))[0]
    return (q * values) @ q.T


def ends(values, top, bottom):
    values = np.sort(values)
    return np.concatenate([values[::-1][:top], values[:bottom]])


class Counted(LinearOperator):
    """A matrix that counts its products."""

    def __init__(self, matrix):
        super().__init__(matrix.dtype, matrix.shape)
        self.matrix, self.columns = matrix, 0

    def _matmat(self, x):
        self.columns += x.shape[1]
        return self.matrix @ x


def check_pairs(matrix, pairs, expected):
    """Values, residuals and vectors are what they are said to be, to rounding at A's scale."""
    size = max(np.abs(expected).max(), np.abs(matrix).max())
    assert discretised(pairs.values, expected, pairs.residuals, size)
    residuals = np.linalg.norm(matrix @ pairs.vectors - pairs.values * pairs.vectors, axis=0)
    assert rounded(residuals, pairs.residuals, size)
    gram = pairs.vectors.T @ pairs.vectors
    assert rounded(gram, np.eye(len(gram)))
    columns = range(len(pairs.values))
    assert np.all(pairs.vectors[np.abs(pairs.vectors).argmax(0), columns] > 0)


@given(st.data(), st.integers(1, 30), seeds)
def test_lanczos_finds_what_dense_algebra_finds(data, n, seed):
    matrix = rng(seed).standard_normal((n, n))
    matrix = matrix + matrix.T
    top = data.draw(st.integers(0, n))
    bottom = data.draw(st.integers(top == 0, n - top))
    pairs = lanczos(aslinearoperator(matrix), rng(seed + 1), top, bottom, tolerance=1e-9)
    check_pairs(matrix, pairs, ends(np.linalg.eigvalsh(matrix), top, bottom))
    assert pairs.products <= n


@pytest.mark.parametrize("rows", [16, 30, None])
@pytest.mark.parametrize("sign", [1, -1])
def test_restarts_lose_nothing(rows, sign):
    bulk, above, below = np.linspace(-1, 1, 280), 1.5 ** np.arange(1, 11), [-3, -2.5, -2, -1.5]
    values = sign * np.concatenate([bulk, above, below])
    matrix = symmetric(values)
    operator = Counted(matrix)
    pairs = lanczos(operator, rng(), 4, 4, tolerance=1e-6, rows=rows)
    check_pairs(matrix, pairs, ends(values, 4, 4))
    assert np.all(pairs.residuals <= 1e-6 * np.abs(pairs.values))
    assert pairs.products == operator.columns
    again = lanczos(aslinearoperator(matrix), rng(), 4, 4, tolerance=1e-6, rows=rows)
    assert np.array_equal(pairs.values, again.values)
    assert np.array_equal(pairs.vectors, again.vectors)


def test_products_are_limited_and_residuals_say_how_far_it_came():
    values = np.linspace(-1, 1, 200)
    matrix = symmetric(values)
    for limit in (6, 20, 50):
        operator = Counted(matrix)
        pairs = lanczos(operator, rng(), 3, 2, products=limit, tolerance=1e-12, rows=12)
        assert pairs.products == operator.columns == limit
        assert pairs.residuals.max() > 1e-12
        nearest = np.abs(pairs.values[:, None] - values).min(1)
        assert below(nearest, pairs.residuals, 1)


def test_it_stops_as_soon_as_the_residuals_allow():
    operator, tolerance = aslinearoperator(symmetric(1.1 ** np.arange(200))), 1e-4
    pairs = lanczos(operator, rng(), 3, tolerance=tolerance)
    before = lanczos(operator, rng(), 3, tolerance=tolerance, products=pairs.products - 1)
    assert np.all(pairs.residuals <= tolerance * pairs.values)
    assert np.any(before.residuals > tolerance * before.values)


def test_a_repeated_eigenvalue_may_be_reported_once():
    values = np.concatenate([[5.0] * 3, np.linspace(-1, 4, 200)])
    pairs = lanczos(aslinearoperator(symmetric(values)), rng(), 2, tolerance=1e-6)
    assert discretised(pairs.values[0], 5, pairs.residuals[0])
    nearest = values[np.abs(pairs.values[1] - values).argmin()]
    assert discretised(pairs.values[1], nearest, pairs.residuals[1])
    assert nearest in (5, 4)  # 5 again, or the next distinct one


@pytest.mark.parametrize("values", [[5] * 3 + [1] * 30 + [-2, -2], [0] * 20, [1] * 20, [3, 0, 0]])
def test_after_an_invariant_subspace_it_looks_for_more(values):
    values = np.array(values, float)
    pairs = lanczos(aslinearoperator(np.diag(values)), rng(), 2, 1, tolerance=1e-9)
    check_pairs(np.diag(values), pairs, ends(values, 2, 1))


def test_a_matrix_of_low_rank_costs_few_products():
    factor = rng().standard_normal((300, 10))
    matrix = factor @ factor.T
    pairs = lanczos(aslinearoperator(matrix), rng(1), 12)
    check_pairs(matrix, pairs, ends(np.linalg.eigvalsh(matrix), 12, 0))
    assert pairs.products <= 15


def test_float32_products_reach_the_residuals_of_float32():
    values = np.concatenate([np.linspace(-0.5, 1, 290), 2.0 ** np.arange(1, 11)])
    matrix = symmetric(values).astype("float32")
    pairs = lanczos(aslinearoperator(matrix), rng(), 5, tolerance=0)
    assert np.all(pairs.residuals <= 100 * np.finfo("float32").eps * 1024)
    assert rounded(np.float32(pairs.values), ends(values, 5, 0))


@pytest.mark.parametrize(
    "wrong, says",
    [
        ({"top": 9}, "give 1 to 8"),
        ({"top": 0}, "give 1 to 8"),
        ({"top": 5, "bottom": -1}, "give 1 to 8"),
        ({"top": 3, "products": 3}, "too few for 3"),
        ({"top": 3, "bottom": 2, "rows": 5}, "too few for 5"),
    ],
)
def test_numbers_that_do_not_fit_are_errors(wrong, says):
    with pytest.raises(ValueError, match=says):
        lanczos(aslinearoperator(np.eye(8)), rng(), **wrong)


def test_products_that_are_not_finite_are_an_error():
    with pytest.raises(FloatingPointError, match="not finite"):
        lanczos(aslinearoperator(np.full((8, 8), np.nan)), rng())


def test_progress_sees_every_product():
    seen = []

    def watch(steps):
        for step in steps:
            seen.append(step)
            yield step

    pairs = lanczos(aslinearoperator(symmetric(np.arange(40.0))), rng(), 2, watch=watch)
    assert seen == list(range(pairs.products))


@pytest.mark.parametrize("norm", NORMS)
def test_eigenvalues_are_those_of_pytorch(norm):
    facts = np.load(PAGE_FACTS, allow_pickle=False)
    _, batches = of_the_post(norm)
    pairs = lanczos(hessian(batches), rng(), 5, 5, tolerance=1e-7)
    assert rounded(pairs.values[:5], facts[f"{norm}:top5"], condition=PASSES)
    assert rounded(pairs.values[5:], facts[f"{norm}:bottom5"], condition=PASSES)
    assert np.all(pairs.residuals <= 1e-7 * np.abs(pairs.values))


# --- moments and overlaps ---


@pytest.mark.parametrize("mode", ["active", "none"])
def test_moment_gradients_are_the_derivatives_of_moments(mode):
    """A moment is at most cubic in the outputs: differences at 1 and 2 give its exact slope."""
    batches = small(mode)
    by_moment = moment_gradients(batches)
    assert list(by_moment) == ["mean", "variance", "third"]
    v = rng().standard_normal(32)

    def moments(z):
        d = z - z.mean(0)
        return {"mean": z.mean(0), "variance": (d**2).mean(0), "third": (d**3).mean(0)}

    slopes = dict.fromkeys(by_moment, 0)
    for share, part in batches:
        dz = part.jvp(from_vector(v, batches.problem.net.shapes))
        at = {t: moments(part.outputs + t * dz) for t in (-2, -1, 1, 2)}
        for name in by_moment:
            slope = (8 * (at[1][name] - at[-1][name]) - (at[2][name] - at[-2][name])) / 12
            slopes[name] = slopes[name] + share * slope
    for name, gradients in by_moment.items():
        assert gradients.shape == (3, 32)
        assert rounded(gradients @ v, slopes[name])


def test_the_span_grows_group_by_group():
    first, second = rng().standard_normal((2, 3, 40))
    dependent = np.vstack([first[0] + first[1], 7 * second[2], np.zeros(40)])
    spanned = span({"a": first, "b": second, "c": dependent})
    assert spanned.parts == {"a": slice(0, 3), "b": slice(3, 6), "c": slice(6, 6)}
    basis = spanned.basis
    assert rounded(basis.T @ basis, np.eye(6))
    q = np.linalg.qr(np.vstack([first, second]).T)[0]
    for end in (3, 6):  # the same nested spaces as plain QR
        assert rounded(basis[:, :end] @ basis[:, :end].T, q[:, :end] @ q[:, :end].T)


def test_overlaps_of_each_group_add_up():
    groups = {name: rng(seed).standard_normal((2, 9)) for seed, name in enumerate("ab")}
    spanned = span(groups)
    vectors = rng(7).standard_normal((9, 5))
    by_group = shares(vectors, spanned)
    assert rounded(sum(by_group.values()), squared_overlaps(vectors, spanned.basis))
    inside = np.column_stack([groups["a"].T @ [1, 2], groups["b"].T @ [3, -1]])
    assert rounded(squared_overlaps(inside, spanned.basis), 1)
    assert rounded(shares(inside, spanned)["a"][0], 1)


def test_the_null_of_overlaps_is_exact():
    x = np.linspace(0, 1, 11)
    assert rounded(chance(30, 2).sf(x), (1 - x) ** 14)
    assert rounded(chance(3, 1).cdf(x), np.sqrt(x))  # Archimedes: z is uniform
    assert rounded(chance(4750, 30).mean(), 30 / 4750)
    for k in (0, 5):
        with pytest.raises(ValueError, match="0 < k < n"):
            chance(5, k)
