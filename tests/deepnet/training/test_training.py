"""Training: the rules against loops written by hand, and the same bits however often it stops."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2

from companion.errors import UsageError
from deepnet import ops
from deepnet.data import textures
from deepnet.nets.mlp import mlp
from deepnet.nets.page import page
from deepnet.training import (
    SGD,
    State,
    Training,
    constant,
    evaluate,
    exponential,
    in_eval,
    piecewise_linear,
    settle,
    train,
    triangle,
    usual,
)
from deepnet.training.augment import batches, crop, flip
from deepnet.training.epoch import epoch_batches
from tests.close import exact, rounded
from tests.deepnet.training.colours import colours, end_of, setting

EPS = np.finfo(float).eps
seeds = st.integers(0, 2**32 - 1)
rates = st.floats(0, 10)
shares = st.floats(0, 0.99)


# ----- The rules -----


@given(seed=seeds, lr=st.floats(0, 1), beta=shares, decay=st.floats(0, 0.1), nesterov=st.booleans())
def test_sgd_is_the_loop_written_by_hand(seed, lr, beta, decay, nesterov):
    rng = np.random.default_rng(seed)
    rule = SGD(beta, nesterov, decay)
    weights = {"a": rng.normal(size=3), "b": rng.normal(size=(2, 2))}
    by_hand = {name: w.ravel().tolist() for name, w in weights.items()}
    speed = {name: [0.0] * w.size for name, w in weights.items()}
    velocity = rule.start(weights)
    for _ in range(4):
        gradient = {name: rng.normal(size=w.shape) for name, w in weights.items()}
        before = {name: w.copy() for name, w in weights.items()}
        moved, velocity = rule.step(weights, velocity, gradient, lr)
        for name, w in before.items():
            assert np.array_equal(weights[name], w)  # the arguments stay as they are
            for i, entry in enumerate(gradient[name].ravel()):
                g = float(entry) + decay * by_hand[name][i]
                v = beta * speed[name][i] - lr * g
                speed[name][i] = v
                by_hand[name][i] += (beta * v - lr * g) if nesterov else v
        weights = moved
    for name, w in weights.items():
        assert rounded(w.ravel(), by_hand[name], 1 + lr)


@given(lam=st.floats(0.1, 3), lr=st.floats(0.01, 0.6), beta=shares, nesterov=st.booleans())
def test_sgd_on_a_quadratic_has_its_closed_form(lam, lr, beta, nesterov):
    """On lam x^2/2 a step multiplies (x, v) by a 2 x 2 matrix: k steps by its power."""
    ahead = lr * lam
    if nesterov:
        matrix = np.array([[1 - (1 + beta) * ahead, beta**2], [-ahead, beta]])
    else:
        matrix = np.array([[1 - ahead, beta], [-ahead, beta]])
    weights = {"x": np.array([2.0])}
    rule = SGD(beta, nesterov)
    velocity = rule.start(weights)
    for _ in range(12):
        weights, velocity = rule.step(weights, velocity, {"x": lam * weights["x"]}, lr)
    expected = np.linalg.matrix_power(matrix, 12) @ [2.0, 0.0]
    size = np.linalg.matrix_power(np.abs(matrix), 12) @ [2.0, 0.0]  # bounds what cancels
    assert rounded(weights["x"][0], expected[0], 1 + size[0])
    assert rounded(velocity["x"][0], expected[1], 1 + size[1])


def test_a_step_keeps_float32():
    weights = {"x": np.ones(3, np.float32)}
    moved, velocity = SGD(0.9, True, 1e-4).step(weights, weights, weights, 0.1)
    assert moved["x"].dtype == velocity["x"].dtype == np.float32


# ----- Schedules -----


@given(epoch=st.floats(-1, 30), rate=rates, growth=st.floats(0.5, 2))
def test_constant_and_exponential(epoch, rate, growth):
    assert constant(rate)(epoch) == rate
    expected = rate * np.exp(epoch * np.log(growth))
    assert rounded(exponential(rate, growth)(epoch), expected)


epochs = st.integers(-(10**6), 3 * 10**7).map(lambda part: part / 10**6)  # none nearer than 1e-6


@given(knots=st.dictionaries(epochs, rates, min_size=1, max_size=6), epoch=st.floats(-9, 40))
def test_piecewise_linear_is_interpolation(knots, epoch):
    points = sorted(knots.items())
    value = piecewise_linear(*points)(epoch)
    slope = max([abs(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(points)] or [0])
    expected = np.interp(epoch, *zip(*points, strict=True))
    assert rounded(value, expected, 10 + 40 * slope)
    assert all(piecewise_linear(*points)(at) == rate for at, rate in points)


def test_the_posts_schedule_and_one_that_goes_back():
    schedule = triangle(5.0, 4, 20)
    assert [schedule(e) for e in (0, 2, 4, 12, 20, 21)] == [0, 2.5, 5, 2.5, 0, 0]
    with pytest.raises(ValueError, match="must increase"):
        piecewise_linear((0, 1.0), (2, 2.0), (2, 3.0))


# ----- Batches -----


def _reflected(i, length):
    """Index i of a line reflected at its ends without repeating them."""
    return -i if i < 0 else 2 * (length - 1) - i if i >= length else i


@given(seed=seeds, pad=st.integers(0, 3), height=st.integers(4, 6), width=st.integers(4, 6))
def test_a_crop_is_a_window_of_the_reflected_image(seed, pad, height, width):
    code = np.arange(height * width).reshape(1, height, width, 1)  # each pixel names its place
    images = np.concatenate([code, 1000 + code, 2000 + code])
    cut = crop(images, np.random.default_rng(seed), pad)
    assert cut.shape == images.shape
    windows = {
        tuple(
            _reflected(top + i, height) * width + _reflected(left + j, width)
            for i in range(height)
            for j in range(width)
        )
        for top in range(-pad, pad + 1)
        for left in range(-pad, pad + 1)
    }
    for k, image in enumerate(cut):
        assert tuple((image - 1000 * k).ravel()) in windows


def test_every_crop_position_occurs_equally_often():
    """Chi-squared over the 81 positions at a false-alarm rate of 1e-6."""
    image = np.arange(32 * 32).reshape(1, 32, 32, 1)
    cut = crop(np.repeat(image, 8100, 0), np.random.default_rng(0))
    centres = np.bincount(cut[:, 16, 16, 0], minlength=1024).reshape(32, 32)
    assert centres.sum() == centres[12:21, 12:21].sum() == 8100
    assert ((centres[12:21, 12:21] - 100) ** 2 / 100).sum() < chi2.isf(1e-6, 80)


@given(seed=seeds)
def test_a_flip_mirrors_or_leaves_each_image(seed):
    images = np.random.default_rng(seed).integers(0, 256, (64, 3, 4, 2))
    flipped = flip(images, np.random.default_rng(seed))
    same = (flipped == images).all((1, 2, 3))
    mirrored = (flipped == images[:, :, ::-1]).all((1, 2, 3))
    assert (same | mirrored).all()
    assert 9 <= mirrored.sum() <= 55  # P(outside) = 2e-9 for a fair coin


@given(seed=seeds, n=st.integers(1, 40), size=st.integers(1, 12), augment=st.booleans())
def test_an_epoch_shows_each_image_once_with_its_label(seed, n, size, augment):
    x = np.broadcast_to(np.arange(n)[:, None, None, None], (n, 6, 6, 1))
    drawn = list(batches(x, 3 * np.arange(n), size, np.random.default_rng(seed), augment))
    assert len(drawn) == n // size
    assert all(len(images) == len(labels) == size for images, labels in drawn)
    shown = [i for images, _ in drawn for i in images[:, 0, 0, 0]]
    assert len(set(shown)) == len(shown)
    for images, labels in drawn:
        assert np.array_equal(3 * images[:, 2, 3, 0], labels)


def test_epochs_differ_and_repeat():
    def first(seed, epoch):
        how = Training(
            epochs=1, batch=16, schedule=constant(0), rule=SGD(), seed=seed, augment=True
        )
        weights = {"w": np.zeros(1, np.float32)}
        return next(epoch_batches(colours(), how, epoch, weights, ""))[0]

    assert np.array_equal(first(0, 3), first(0, 3))
    assert not np.array_equal(first(0, 3), first(0, 4))
    assert not np.array_equal(first(0, 3), first(1, 3))


# ----- Training -----


@pytest.mark.parametrize("norm", ["active", "none", "detached"])
def test_a_net_learns_and_says_what_it_did(norm):
    problem, how, start = setting(norm, epochs=20, schedule=triangle(0.2, 4, 20))
    state = end_of(train(problem, colours(), how, start))
    assert (state.epoch, state.diverged) == (20, False)
    assert evaluate(problem, state, colours()).accuracy == 1
    assert {name: len(column) for name, column in state.records.items()} == dict.fromkeys(
        ("epoch", "lr", "loss", "accuracy"), 60
    )
    assert state.records["epoch"] == [(i + 1) / 3 for i in range(60)]
    assert state.records["lr"] == [how.schedule(e) for e in state.records["epoch"]]
    assert np.mean(state.records["loss"][-9:]) < 0.9 * np.mean(state.records["loss"][:9])
    assert set(state.statistics) == (set() if norm == "none" else {"dense1", "dense2"})


def test_two_steps_by_hand():
    """One linear layer, no norm: softmax regression with smoothing and decay, in plain NumPy."""
    net = mlp([48, 3])
    problem, how, start = setting("none", net, dtype="float64", epochs=1, batch=24, augment=False)
    state = end_of(train(problem, colours(), how, start))
    w = start.weights["dense1"].copy()
    v = np.zeros_like(w)
    for i, (x, y) in enumerate(epoch_batches(colours(), how, 0, start.weights, "")):
        z = x.reshape(24, -1) @ w.T
        p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
        target = np.eye(3)[y] + 0.5 / 3
        g = (1.5 * p - target).T @ x.reshape(24, -1) / 24 + 1e-4 * w
        lr = 0.2 * (i + 1) / 2
        v = 0.9 * v - lr * g
        w = w + 0.9 * v - lr * g
    assert rounded(state.weights["dense1"], w)


@settings(max_examples=10)
@given(stop=st.integers(0, 8), norm=st.sampled_from(["active", "none"]), seed=st.integers(0, 99))
def test_stopped_at_any_step_it_goes_on_to_the_same_bits(tmp_path_factory, stop, norm, seed):
    problem, how, start = setting(norm, seed=seed)
    whole = end_of(train(problem, colours(), how, start))
    path = tmp_path_factory.mktemp("stopped") / "state.npz"
    seen = 0

    def killer(step):
        nonlocal seen
        seen += 1
        if seen > stop:
            raise KeyboardInterrupt
        return {}

    np.savez(path, **start.to_arrays())
    with pytest.raises(KeyboardInterrupt):
        for state in train(problem, colours(), how, start, (usual, killer)):
            np.savez(path, **state.to_arrays())
    with np.load(path) as stored:
        restored = State.from_arrays(dict(stored))
    assert restored.epoch == stop // 3
    assert exact(end_of(train(problem, colours(), how, restored)), whole)


def test_a_convolutional_net_goes_on_to_the_same_bits():
    net = page(Fraction(1, 64), classes=3)
    problem, how, start = setting("active", net, epochs=2, batch=24)
    data = colours(side=32)
    first, second = train(problem, data, how, start)
    restored = State.from_arrays(first.to_arrays())
    assert exact(restored, first)
    assert list(restored.weights) == list(restored.memory) == list(net.shapes)
    assert exact(end_of(train(problem, data, how, restored)), second)
    assert np.abs(second.weights["prep"] - first.weights["prep"]).max() > 0


def test_the_seed_is_all_that_differs():
    problem, how, start = setting()
    other = Training(**(vars(how) | {"seed": 1}))
    same, again, differs = (end_of(train(problem, colours(), h, start)) for h in (how, how, other))
    assert exact(same, again)
    assert not np.array_equal(same.weights["dense1"], differs.weights["dense1"])


@pytest.mark.parametrize("norm", ["active", "none"])
def test_inf_and_nan_stop_the_training_and_keep_the_records(norm):
    net = page(Fraction(1, 64), classes=3)
    growth = exponential(1e-3, 1e12)  # the rate passes all bounds within the second epoch
    problem, how, start = setting(norm, net, epochs=9, schedule=growth, rule=SGD(decay=0.1))
    states = list(train(problem, colours(side=32), how, start))
    last = states[-1]
    assert last.diverged
    assert 1 <= len(states) < 9
    steps = len(last.records["loss"])
    assert 3 * last.epoch < steps <= 3 * (last.epoch + 1)
    assert np.isfinite(last.records["loss"][:-1]).all()
    assert all(np.isfinite(w).all() for w in last.weights.values())
    assert list(train(problem, colours(side=32), how, last)) == []
    assert exact(State.from_arrays(last.to_arrays()), last)


def test_a_hook_sees_the_step_before_it_is_made():
    problem, how, start = setting("none", dtype="float64", epochs=1)

    def along(step):
        slope = sum((g * g).sum() for g in step.gradient.values())
        at = step.problem.linearise(step.before, step.x, step.targets)
        return {"slope": slope, "curvature": _dot(step.gradient, at.hvp(step.gradient))}

    state = end_of(train(problem, colours(), how, start, (along,)))
    x, y = next(epoch_batches(colours(), how, 0, start.weights, ""))
    at = problem.linearise(start.weights, x, ops.smoothed(y, 3, 0.5, x.dtype))
    g = at.grad()
    assert state.records["slope"][0] == sum((a * a).sum() for a in g.values())
    assert state.records["curvature"][0] == _dot(g, at.hvp(g))
    assert len(state.records["slope"]) == 3


def _dot(left, right):
    return float(sum((left[name] * right[name]).sum() for name in left))


def test_more_images_than_there_are_is_refused():
    problem, how, start = setting(batch=49)
    with pytest.raises(UsageError, match="48 training images; a batch takes 49"):
        list(train(problem, colours(), how, start))


# ----- Running statistics and evaluation -----


def test_running_statistics_are_exponential_averages_by_hand():
    """The first layer's, at rate 0, where its weights stay as they are."""
    problem, how, start = setting(dtype="float64", schedule=constant(0.0), epochs=2)
    state = end_of(train(problem, colours(), how, start))
    mean = var = None

    def passed(epoch):
        nonlocal mean, var
        for x, _ in epoch_batches(colours(), how, epoch, start.weights, ""):
            h = x.reshape(len(x), -1) @ start.weights["dense1"].T
            if mean is None:
                mean, var = h.mean(0), h.var(0)
            mean, var = 0.9 * mean + 0.1 * h.mean(0), 0.9 * var + 0.1 * h.var(0)

    passed(0)
    passed(1)
    for found, expected in zip(state.statistics["dense1"], (mean, var), strict=True):
        assert rounded(found, expected)
    passed(2)
    for found, expected in zip(
        settle(problem, colours(), how, state)["dense1"], (mean, var), strict=True
    ):
        assert rounded(found, expected)
    assert set(settle(problem, colours(), how, state)) == {"dense1", "dense2"}


def test_frozen_statistics_stay_as_they_are_and_a_plain_net_has_none():
    problem, how, start = setting()
    state = end_of(train(problem, colours(), how, start))
    fixed = in_eval(problem, state.statistics)
    more = Training(**(vars(how) | {"epochs": 4, "schedule": constant(0.01)}))
    after = end_of(train(fixed, colours(), more, state))
    assert not np.array_equal(after.weights["dense1"], state.weights["dense1"])
    for layer, pair in state.statistics.items():
        assert all(np.array_equal(a, b) for a, b in zip(after.statistics[layer], pair, strict=True))
    plain, how, start = setting("none")
    assert settle(plain, colours(), how, start) == {}


def test_evaluation_is_over_all_images_and_with_running_statistics():
    data = colours(n=1024)  # 512 test images: more than one chunk, the last one short
    problem, how, start = setting(dtype="float64", epochs=1)
    state = end_of(train(problem, data, how, start))
    h = data.normalised(data.x_test, float).reshape(512, -1)
    for layer in ("dense1", "dense2"):
        mean, var = state.statistics[layer]
        h = np.maximum((h @ state.weights[layer].T - mean) / np.sqrt(var + 1e-5), 0)
    z = h @ state.weights["dense3"].T
    log_p = z - np.log(np.exp(z).sum(1, keepdims=True))
    score = evaluate(problem, state, data)
    assert rounded(score.loss, -log_p[np.arange(512), data.y_test].mean())
    assert score.accuracy == (z.argmax(1) == data.y_test).mean()
    assert evaluate(problem, state, data, "train").loss != score.loss


@pytest.mark.landing
def test_the_eight_layer_net_learns_textures():
    """Width 1/8, 5,000 images, five epochs: over 90 % on the test images (a linear model: 42 %)."""
    data = textures(5000, 1000)
    problem, how, start = setting(
        net=page(Fraction(1, 8)), epochs=5, batch=128, schedule=triangle(2.0, 1, 5)
    )
    state = end_of(train(problem, data, how, start))
    assert evaluate(problem, state, data).accuracy > 0.9
