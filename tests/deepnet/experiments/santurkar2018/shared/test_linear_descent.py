"""The descent of the deep linear net: by hand, and where nothing moves."""

import numpy as np
import pytest

from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.santurkar2018 import deep_linear
from deepnet.experiments.santurkar2018.shared import linear_descent
from deepnet.nets.initialise import initialise
from tests.close import discretised, rounded

LINEAR = deep_linear.configuration(Scale.TINY)


def linear(seed, **changes):
    """A context of the deep linear net's experiment, which has no images and stores nothing."""
    return Context(LINEAR | changes, None, seed, None, None)


def drawn(context):
    """Inputs and targets."""
    rng, config = context.rng("examples"), context.config
    x = rng.standard_normal((config["examples"], config["units"]))
    return x, x @ rng.standard_normal((config["units"],) * 2).T


def initial(net, context):
    """The net's first weights."""
    return initialise(net, context.rng("weights"), "glorot_uniform", "float64")


def test_without_batch_norm_it_is_descent_on_half_the_sum_of_squares():
    """Products of matrices, written out, with the gradient of |W_L ... W_1 x - t|^2/2."""
    context, rate = linear(4, steps=3), 1e-5
    x, targets = drawn(context)
    net = linear_descent.problem_of("none", context).net
    layers = list(initial(net, context).values())
    losses = []
    for _ in range(4):
        sums = [x.T]
        for w in layers:
            sums.append(w @ sums[-1])
        back = sums[-1] - targets.T
        losses.append(np.sum(back**2) / 2)
        gradients = []
        for w, below in zip(layers[::-1], sums[-2::-1], strict=True):
            gradients.insert(0, back @ below.T)
            back = w.T @ back
        layers = [w - rate * g for w, g in zip(layers, gradients, strict=True)]
    descended = linear_descent.descent("none", rate, context)["loss"]
    assert rounded(descended, losses)


@pytest.mark.parametrize("name", deep_linear.NETS)
def test_the_first_layer_of_its_arrays_has_exactly_no_shift(name):
    arrays = linear_descent.descent(name, 1e-5, linear(0))
    assert set(arrays["shift"][:, 0]) == set(arrays["relative"][:, 0]) == {0}
    assert set(arrays["cosine"][:, 0]) == {1}
    assert (arrays["shift"][:, 1:] > 0).all()
    assert arrays["shift"].shape == (4, LINEAR["depth"])


@pytest.mark.parametrize("name", deep_linear.NETS)
def test_at_rate_zero_all_of_its_arrays_are_zero(name):
    arrays = linear_descent.descent(name, 0.0, linear(0))
    assert len(set(arrays["loss"])) == 1
    for along in ("", "random0:"):
        for quantity in ("variation", "predictiveness", "saturated"):
            assert not arrays[along + quantity].any()
    assert not arrays["shift"].any()
    assert not arrays["relative"].any()
    assert (arrays["cosine"] == 1).all()


def test_its_smallest_step_finds_the_curvature_along_the_gradient():
    context = linear(2, steps=1)
    x, targets = drawn(context)
    problem = linear_descent.problem_of("active", context)
    loss = problem.linearise(initial(problem.net, context), x, targets)
    product, gradient = (
        np.concatenate([part.ravel() for part in weights.values()])
        for weights in (loss.hvp(loss.grad()), loss.grad())
    )
    rate = 1e-8
    step = rate * linear_descent.BAND[0]
    beta = linear_descent.descent("active", rate, context)["beta"][0, 0]
    exact = np.linalg.norm(product) / np.linalg.norm(gradient)
    assert discretised(beta, exact, step * exact**2, 1, condition=1 / step)
