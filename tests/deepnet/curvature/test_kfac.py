"""Layers' blocks: by hand in NumPy, against dense Gauss-Newton matrices, exact where theory is."""

import runpy
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.errors import UsageError
from deepnet import ops
from deepnet.curvature import Batches, exact_block, gauss_newton, kfac, lanczos
from deepnet.curvature.exact_block import Gram
from deepnet.curvature.kfac import Factor, Kronecker, factors
from deepnet.curvature.layers import inputs, layers, slopes
from deepnet.curvature.probes import mixed, probes
from deepnet.nets.initialise import initialise
from deepnet.nets.mlp import mlp
from deepnet.nets.modes import NoNorm, norm_named
from deepnet.nets.net import Net
from deepnet.problem import Problem
from tests.close import rounded
from tests.paths import ROOT
from theory import kronecker

#: In pairs of examples a norm's slope is what the squares of its outputs leave of 1.
PAIRS = 320
MODES = ["active", "ghost", "detached", "frozen", "none"]
seeds, sizes = st.integers(0, 2**32 - 1), st.integers(1, 4)


def rng(seed=0):
    return np.random.default_rng(seed)


def dense(operator):
    return operator @ np.eye(operator.shape[0])


def conv_net(bias=False, stride=2, pad=1, activation=ops.tanh):
    """A convolution with its norm, an activation and a dense layer on 5 x 4 pixels."""
    o, q = ((size + 2 * pad - 3) // stride + 1 for size in (5, 4))
    shapes = {"conv": (2, 3, 3, 2)} | ({"shift": (2,)} if bias else {}) | {"out": (3, o * q * 2)}

    def forward(weights, x, how):
        h = ops.conv(x, weights["conv"], stride=stride, pad=pad)
        if bias:
            h = ops.channel_shift(h, weights["shift"])
        return ops.dense(ops.flatten(activation(how("conv", h))), weights["out"])

    return Net("small", shapes, ("conv",), forward)


def batches(net, mode="none", sizes=(6, 4), loss=ops.softmax_cross_entropy, shape=(5,), seed=0):
    """Batches of normal inputs; classes, or targets for squared loss."""
    draw = rng(seed)
    weights = initialise(net, draw, "he_normal", float)
    statistics = {name: (np.full(9, 0.1), np.full(9, 0.7)) for name in net.normed}
    statistics = {
        name: tuple(each[: net.shapes[name][0]] for each in pair)
        for name, pair in statistics.items()
    }
    norm = norm_named(mode, statistics=statistics, group=2)
    outputs = list(net.shapes.values())[-1][0]
    data = []
    for size in sizes:
        if loss is ops.mean_squared_error:
            targets = draw.normal(size=(size, outputs))
        else:
            targets = ops.smoothed(draw.integers(0, outputs, size), outputs, 0.2, np.dtype(float))
        data.append((draw.normal(size=(size, *shape)) + 0.5, targets))
    return Batches(Problem(net, norm, loss), weights, data)


def perceptron(mode="none", widths=(5, 4, 3), activation=ops.tanh, bias=False, **options):
    return batches(mlp(widths, activation, bias=bias), mode, shape=widths[:1], **options)


# --- factors ---


def test_factors_of_a_perceptron_by_hand():
    linearised = perceptron(bias=True, sizes=(7,))
    ((x, targets),), w = linearised.data, linearised.weights
    a = np.tanh(x @ w["dense1"].T + w["dense1_bias"])
    z = np.exp(a @ w["dense2"].T + w["dense2_bias"])
    A, S = {1: 0, 2: 0}, {1: 0, 2: 0}
    for n in range(7):
        p = z[n] / z[n].sum()
        H = targets[n].sum() * (np.diag(p) - np.outer(p, p))
        J = w["dense2"] * (1 - a[n] ** 2)
        for layer, entered, curved in ((1, x[n], J.T @ H @ J), (2, a[n], H)):
            entered = np.append(entered, 1)
            A[layer] = A[layer] + np.outer(entered, entered) / 7
            S[layer] = S[layer] + curved / 7
    for layer in (1, 2):
        block = kfac(linearised, f"dense{layer}")
        assert rounded(block.A.matrix, A[layer])
        assert rounded(block.S.matrix, S[layer])


@pytest.mark.parametrize("stride, pad", [(1, 0), (2, 1), (1, 1)])
@pytest.mark.parametrize("bias", [False, True])
def test_factors_of_a_convolution_by_hand(stride, pad, bias):
    """Places one by one; the net above is linear with squared loss, so that H = I and J = W_out."""
    net = conv_net(bias, stride, pad, activation=lambda h: h)
    linearised = batches(net, sizes=(3,), loss=ops.mean_squared_error, shape=(5, 4, 2))
    x = np.pad(linearised.data[0][0], ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    o, q = ((size + 2 * pad - 3) // stride + 1 for size in (5, 4))
    J = linearised.weights["out"].reshape(3, o, q, 2)
    A = S = 0
    for n, i, j in product(range(3), range(o), range(q)):
        patch = x[n, i * stride : i * stride + 3, j * stride : j * stride + 3]
        patch = patch.transpose(2, 0, 1).ravel()  # channels, rows, columns
        patch = np.append(patch, 1) if bias else patch
        A = A + np.outer(patch, patch) / 3
        S = S + J[:, i, j].T @ J[:, i, j] / (3 * o * q)
    block = kfac(linearised, "conv")
    assert rounded(block.A.matrix, A)
    assert rounded(block.S.matrix, S)


@pytest.mark.parametrize("mode", MODES)
def test_slopes_against_inputs_are_the_gradient(mode):
    """Any cotangent of the outputs: sum over places and examples of s x' is what vjp says."""
    cases = [batches(conv_net(True), mode, shape=(5, 4, 2)), perceptron(mode, bias=True)]
    parts = [each for case in cases for _, each in case]
    for part, wanted in ((each, layer) for each in parts for layer in layers(each).values()):
        u = rng(1).normal(size=part.outputs.shape)
        (s,) = slopes(part, [wanted], u)
        x, expected = inputs(part, wanted), part.vjp(u)
        gradient = np.einsum("ntk,nti->ki", s, x)
        weight = expected[wanted.weight]
        if weight.ndim == 4:
            weight = weight.transpose(0, 3, 1, 2)
        whole = [weight.reshape(len(weight), -1)]
        if wanted.bias:
            whole.append(expected[wanted.bias][:, None])
        # a bias before an active norm has the gradient 0, up to rounding of what cancels
        assert rounded(gradient, np.hstack(whole), np.abs(s).sum())


def test_a_shift_after_the_norm_is_no_bias():
    net = mlp((5, 4, 3), ops.tanh)
    shapes = {"shift": (4,)} | dict(net.shapes)

    def forward(weights, x, how):
        h = how("dense1", ops.dense(x, weights["dense1"]))
        return ops.dense(ops.tanh(ops.channel_shift(h, weights["shift"])), weights["dense2"])

    linearised = batches(Net("shifted", shapes, ("dense1",), forward), "active", seed=2, sizes=(6,))
    ((_, part),) = linearised
    assert {name: layer.names for name, layer in layers(part).items()} == {
        "dense1": ("dense1",),
        "dense2": ("dense2",),
    }


# --- the exact block ---


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("bias", [False, True])
def test_the_exact_block_is_that_of_gauss_newton(mode, bias):
    cases = [
        (perceptron(mode, bias=bias), "dense1", "dense1_bias"),
        (perceptron(mode, bias=bias), "dense2", "dense2_bias"),
        (batches(conv_net(bias), mode, shape=(5, 4, 2), sizes=(2, 4)), "conv", "shift"),
    ]
    for linearised, layer, shift in cases:
        names = [layer, shift] if bias else [layer]
        expected = gauss_newton(linearised, names)
        assert rounded(dense(exact_block(linearised, layer)), dense(expected), condition=PAIRS)
        block = exact_block(linearised, layer)
        top = lanczos(block, rng(), 2, tolerance=1e-10).values
        assert rounded(top, np.linalg.eigvalsh(dense(expected))[::-1][:2], condition=PAIRS)


@pytest.mark.parametrize("mode", MODES)
def test_examples_are_mixed_by_the_statistics_alone(mode):
    for _, part in perceptron(mode):
        assert mixed(part) == (mode in ("active", "ghost"))
    for _, part in batches(conv_net(), mode, shape=(5, 4, 2)):
        assert mixed(part) == (mode in ("active", "ghost"))


# --- K-FAC's block ---


@pytest.mark.parametrize("mode", ["frozen", "detached", "none"])
@pytest.mark.parametrize("bias", [False, True])
def test_the_block_is_exact_in_a_deep_linear_net_with_squared_loss(mode, bias):
    """One batch: with a detached norm another batch has another Jacobian."""
    linearised = perceptron(mode, (5, 4, 6, 3), None, bias, loss=ops.mean_squared_error, sizes=(9,))
    for layer in ("dense1", "dense2", "dense3"):
        names = [layer, f"{layer}_bias"] if bias else [layer]
        assert rounded(dense(kfac(linearised, layer)), dense(gauss_newton(linearised, names)))


def test_an_image_as_large_as_the_filter_makes_a_convolution_a_dense_layer():
    def forward(weights, x, how):
        return ops.flatten(ops.conv(x, weights["conv"], stride=1, pad=0))

    net = Net("whole", {"conv": (3, 3, 3, 2)}, (), forward)
    linearised = batches(net, loss=ops.mean_squared_error, shape=(3, 3, 2))
    assert rounded(dense(kfac(linearised, "conv")), dense(gauss_newton(linearised)))


def test_what_the_block_misses_is_the_claim_s_covariance():
    """kronecker.error and .block, columns for rows: a tanh net of one output, squared loss."""
    linearised = perceptron(widths=(5, 4, 1), sizes=(8,), loss=ops.mean_squared_error)
    ((_, part),) = linearised
    layer = layers(part)["dense1"]
    (s,) = slopes(part, [layer], np.ones((8, 1)))
    X, D = inputs(part, layer)[:, 0].T, s[:, 0].T
    exact, product = dense(exact_block(linearised, "dense1")), dense(kfac(linearised, "dense1"))
    missed = ((exact - product) ** 2).sum()
    assert missed > 0.01 * (exact**2).sum()
    assert rounded(kronecker.error(X=X, D=D), missed, (exact**2).sum())
    columns = np.arange(20).reshape(4, 5).ravel(order="F")
    assert rounded(exact[np.ix_(columns, columns)], kronecker.block(X=X, D=D))
    A, S = kfac(linearised, "dense1").A.matrix, kfac(linearised, "dense1").S.matrix
    assert rounded(product[np.ix_(columns, columns)], np.kron(A, S))


@given(
    seed=seeds, N=st.integers(1, 4), k=st.integers(1, 4), bias=st.booleans(), m=st.integers(1, 3)
)
def test_products_are_those_of_the_kronecker_matrix(seed, N, k, bias, m):
    draw = rng(seed)
    A, S = (
        each @ each.T
        for each in (draw.normal(size=(N + bias, N + bias + 1)), draw.normal(size=(k, k + 1)))
    )
    block = Kronecker(Factor(A), Factor(S), bias)
    order = np.arange(k * (N + bias)).reshape(k, N + bias)
    flat = np.concatenate([order[:, :N].ravel(), order[:, N:].ravel()])  # the weight, the bias
    whole = np.kron(S, A)[np.ix_(flat, flat)]
    v = draw.normal(size=(len(flat), m))
    size = np.linalg.norm(whole) * np.abs(v).max()
    assert rounded(block @ v, whole @ v, size)
    assert rounded(block.T @ v, whole @ v, size)
    expected = np.linalg.eigvalsh(whole)[::-1]
    assert rounded(block.eigenvalues, expected)
    damped = np.linalg.solve(whole + 0.3 * np.eye(len(flat)), v)
    assert rounded(block.inverse(0.3) @ v, damped, condition=1 + expected[0] / 0.3)


@given(seed=seeds, ranks=st.tuples(st.integers(0, 4), st.integers(0, 3)))
def test_the_pseudo_inverse_of_singular_factors(seed, ranks):
    """Penrose's four equations, and the null space of either factor goes to zero."""
    draw = rng(seed)
    bases = [np.linalg.qr(draw.normal(size=(size, size)))[0] for size in (4, 3)]
    A, S = (
        basis[:, :rank] * draw.uniform(0.5, 2, rank) @ basis[:, :rank].T
        for basis, rank in zip(bases, ranks, strict=True)
    )
    block = Kronecker(Factor(A), Factor(S), False)
    M, P = dense(block), dense(block.inverse())
    for found, expected in ((M @ P @ M, M), (P @ M @ P, P), ((M @ P).T, M @ P), ((P @ M).T, P @ M)):
        assert rounded(found, expected, size=4)  # of the inverse of the smallest eigenvalue
    assert np.linalg.matrix_rank(P) == ranks[0] * ranks[1]


def test_negative_damping_is_refused():
    with pytest.raises(ValueError, match="damping of -1 is negative"):
        Kronecker(Factor(np.eye(2)), Factor(np.eye(2)), False).inverse(-1)


# --- which curvature ---


class Enumerated:
    """A generator whose coins are given: all patterns, one after the other."""

    def __init__(self, size):
        self.patterns = product((0, 1), repeat=size)

    def integers(self, low, high, shape):
        return np.array(next(self.patterns)).reshape(shape)


@pytest.mark.parametrize("mode", ["active", "none"])
def test_random_signs_are_exact_on_average(mode):
    """The mean over all 2^6 patterns of signs, three examples and two outputs."""
    linearised = perceptron(mode, (4, 3, 2), sizes=(3,))
    drawn = kfac(linearised, "dense1", "drawn", Enumerated(6), draws=64)
    exact = kfac(linearised, "dense1")
    assert rounded(drawn.S.matrix, exact.S.matrix)
    assert rounded(drawn.A.matrix, exact.A.matrix)


def test_signs_are_drawn_from_the_seed():
    linearised = perceptron("active")
    same, again, other = (
        kfac(linearised, "dense1", "drawn", rng(seed)).S.matrix for seed in (1, 1, 2)
    )
    assert np.array_equal(same, again)
    assert np.abs(same - other).max() > 0.01 * np.abs(other).max()


def test_empirical_is_of_the_labels_that_there_are():
    """Examples linearised one by one: their own gradients in the layer's outputs."""
    passes = perceptron(sizes=(6,))
    ((x, targets),) = passes.data
    S = 0
    for n in range(6):
        one = passes.problem.linearise(passes.weights, x[n : n + 1], targets[n : n + 1])
        # inputs are not zero: the gradient in dense1 is s x'
        s = one.grad()["dense1"] @ x[n] / (x[n] @ x[n])
        S = S + np.outer(s, s) / 6
    assert rounded(kfac(passes, "dense1", "empirical").S.matrix, S)


def test_centring_keeps_gradients_under_an_active_norm_and_takes_the_mean_off():
    linearised = perceptron("active", sizes=(9,))
    ((_, part),) = linearised
    layer = layers(part)["dense1"]
    (s,) = slopes(part, [layer], rng().normal(size=part.outputs.shape))
    assert rounded(s.sum((0, 1)), 0, np.abs(s).max())
    x = inputs(part, layer)[:, 0]
    assert rounded(kfac(linearised, "dense1", centred=True).A.matrix, np.cov(x.T, bias=True))
    assert rounded(kfac(linearised, "dense1").A.matrix, x.T @ x / 9)


def test_centred_inputs_are_closer_to_the_exact_block_of_an_active_norm():
    """The exact block does not see the inputs' mean (claim normalisation's centring): A does."""
    linearised = perceptron("active", sizes=(40,), widths=(5, 4, 3))
    x, targets = linearised.data[0]
    moved = Batches(linearised.problem, linearised.weights, [(x + 10, targets)])
    exact = dense(exact_block(linearised, "dense1"))
    assert rounded(dense(exact_block(moved, "dense1")), exact)
    assert rounded(
        dense(kfac(moved, "dense1", centred=True)), dense(kfac(linearised, "dense1", centred=True))
    )
    far, near = (dense(kfac(each, "dense1")) for each in (moved, linearised))
    assert np.linalg.norm(far - near) > np.linalg.norm(near)


@pytest.mark.landing
def test_the_example_prints_nine_outliers_without_batch_norm_and_none_with(capsys):
    runpy.run_path(str(ROOT / "examples" / "kfac.py"))
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    rows = np.array([line for line in lines if line[0][0].isdigit()], float)
    off, on = rows.reshape(2, 10, 3)
    assert np.all(off[:9, 2] > 0.9)
    assert np.all(np.abs(off[:9, 1] / off[:9, 0] - 1) < 0.03)
    assert off[9, 2] < 0.5
    assert np.all(on[:, 2] < 0.5)


# --- bad input ---


def test_unknown_layers_and_kinds_are_named():
    linearised = perceptron()
    for block in (kfac, exact_block):
        with pytest.raises(ValueError, match="no layer 'dense9' in the net; it has dense1, dense2"):
            block(linearised, "dense9")
    with pytest.raises(UsageError, match="'fisher'; give exact, drawn, empirical"):
        kfac(linearised, "dense1", "fisher")
    for draws, source in ((1, None), (0, rng())):
        with pytest.raises(UsageError, match="give rng, and one draw or more"):
            kfac(linearised, "dense1", "drawn", source, draws)


def test_a_shared_weight_has_no_factors():
    def forward(weights, x, how):
        return ops.dense(ops.tanh(ops.dense(x, weights["w"])), weights["w"])

    linearised = batches(Net("shared", {"w": (5, 5)}, (), forward))
    with pytest.raises(ValueError, match="two layers share the weight 'w'"):
        kfac(linearised, "w")


def test_float32_stays_and_one_example_is_not_mixed():
    net = mlp((5, 4, 3), ops.tanh)
    weights = initialise(net, rng(), dtype="float32")
    x = rng().normal(size=(1, 5)).astype("float32")
    targets = ops.smoothed(np.array([1]), 3, 0.0, x.dtype)
    linearised = Batches(Problem(net, NoNorm()), weights, [(x, targets)])
    ((_, part),) = linearised
    assert not mixed(part)
    known = layers(part)
    for A, S in factors(part, known.values(), probes(part, "drawn", rng())):
        assert A.dtype == S.dtype == np.float32
    assert isinstance(exact_block(linearised, "dense1"), Gram)
    assert exact_block(linearised, "dense1").dtype == np.float32
