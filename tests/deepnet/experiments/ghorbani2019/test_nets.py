"""The nets of the Hessian densities: their shape and start, their population's statistics, their
trainings from record to record, and directions that batch norm does not see."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.errors import UsageError
from companion.scale import Scale
from deepnet import ops
from deepnet.data import textures
from deepnet.experiments.context import Context
from deepnet.experiments.ghorbani2019 import population_statistics, way_to_the_optimum
from deepnet.experiments.ghorbani2019.shared import low_rate, measures, protocol
from deepnet.experiments.ghorbani2019.shared.population import Population, moments_over
from deepnet.experiments.ghorbani2019.shared.tangent import rescaled, tangent
from deepnet.nets.initialise import initialise
from deepnet.nets.norm_mode import Norm
from deepnet.nets.resnet import resnet
from deepnet.problem import Problem
from deepnet.training import train
from deepnet.vectors import from_vector, to_vector
from tests.close import rounded

CONFIG = population_statistics.configuration(Scale.TINY) | way_to_the_optimum.configuration(
    Scale.TINY
)


@cache
def images():
    return textures(CONFIG["train"], CONFIG["test"])


@pytest.fixture
def context(tmp_path):
    return protocol.prepared(CONFIG, Context(images(), 0, tmp_path / "parts", tmp_path))


# ----- Shape and start -----


def test_the_quick_net_has_10934_weights_and_starts_as_the_protocol_says(context):
    config = protocol.configuration(Scale.QUICK)
    active, none = (
        protocol.state(protocol.recipe(norm, config, context), 0, config, context).weights
        for norm in ("active", "none")
    )
    assert sum(w.size for w in active.values()) == 10_934
    for name, w in active.items():
        fan = np.prod(w.shape[1:])
        if w.ndim > 1 and w.size > 1000:
            expected = (1 if name == "dense" else 2) / fan
            assert abs(w.var() / expected - 1) < 6 * np.sqrt(2 / w.size)
        smaller = 6**-0.5 if name.endswith("_conv2") else 1.0  # two blocks in three stages
        assert rounded(none[name], smaller * w)


@pytest.mark.parametrize(("side", "says"), [(24, "6 x 6"), (20, "both must be even|5 x 5")])
def test_images_that_the_net_cannot_take_are_refused(tmp_path, side, says):
    small = replace(
        images(), x_train=images().x_train[:, :side, :side], x_test=images().x_test[:, :side, :side]
    )
    with pytest.raises(UsageError, match=says):
        protocol.prepared(CONFIG, Context(small, 0, tmp_path, tmp_path))


def test_too_few_images_are_refused(tmp_path):
    with pytest.raises(UsageError, match="give 28 or more"):
        protocol.prepared(CONFIG, Context(images().sample(27, 16), 0, tmp_path, tmp_path))


# ----- From record to record -----


@pytest.mark.parametrize("norm", ["active", "none", "population"])
def test_a_training_in_parts_ends_with_the_same_bits(tmp_path, context, norm):
    config = CONFIG | {"records": [0, 1, 2]}
    of = (
        protocol.population(0.1, config)
        if norm == "population"
        else protocol.recipe(norm, config, context)
    )
    parts = protocol.state(of, 2, config, context)
    elsewhere = replace(context, out=tmp_path / "elsewhere")
    whole = protocol.state(of, 2, config | {"records": [0, 2]}, elsewhere)
    assert parts.records["loss"] == whole.records["loss"]
    assert all(np.array_equal(parts.weights[name], whole.weights[name]) for name in whole.weights)


def test_another_start_and_another_order_are_other_trainings(context):
    states = [
        protocol.state(protocol.recipe("none", CONFIG, context, **changes), 1, CONFIG, context)
        for changes in ({}, {"order": 1}, {"start": 1})
    ]
    losses = [tuple(state.records["loss"]) for state in states]
    assert len(set(losses)) == 3


def test_stochastic_gradients_do_not_meet_the_hessians_images(context):
    of = protocol.net(protocol.moment("none", 1, CONFIG, context), CONFIG, context)
    labels = context.data.y_train.copy()
    labels[: CONFIG["examples"]] = 9 - labels[: CONFIG["examples"]]
    other = replace(context, data=replace(context.data, y_train=labels))
    one, two = (measures.stochastic_gradients(of, CONFIG, each, 5) for each in (context, other))
    assert np.array_equal(one, two)
    one, two = (measures.full_gradient(of, CONFIG, each) for each in (context, other))
    assert not rounded(one, two)


# ----- The population's statistics -----


def small(norm, seed=0):
    """A small residual net in float64 with images and targets."""
    rng = np.random.default_rng(seed)
    net = resnet(8, 1 / 8)
    weights = initialise(net, rng, "he_normal", "float64")
    x = rng.normal(size=(12, 8, 8, 3))
    targets = ops.smoothed(np.arange(12) % 10, 10, 0.0, x.dtype)
    return Problem(net, norm), weights, x, targets


def test_frozen_at_the_moments_of_a_batch_the_net_computes_what_it_did():
    problem, weights, x, _ = small(Norm("active"))
    seen = moments_over(problem, weights, x)
    frozen = problem.with_norm(Norm("frozen", seen))
    assert rounded(frozen.outputs(weights, x), problem.outputs(weights, x))


def test_the_populations_statistics_stay_for_some_steps_and_are_constants():
    problem, weights, x, targets = small(Norm("frozen"))
    population = Population(problem.net, problem.norm, images=x[:8], every=2)
    moved = {name: 1.5 * w for name, w in weights.items()}
    for step, at in ((0, weights), (1, weights), (2, moved), (3, moved)):
        fixed = population.frozen_at(at)
        for now in (weights, moved):
            if step % 2 == 0 and now is not at:
                continue  # at even steps the statistics are those of now
            found = population.with_norm(population.norm.at(step)).linearise(now, x, targets)
            expected = fixed.linearise(now, x, targets)
            assert float(found.loss) == float(expected.loss)
            one, two = found.grad(), expected.grad()
            assert all(np.array_equal(one[name], two[name]) for name in one)


def test_a_population_that_is_the_batch_itself_gives_the_batchs_loss_and_another_gradient(context):
    problem, weights, x, targets = small(Norm("active"))
    population = Population(problem.net, Norm("frozen"), images=x, every=1)
    active, other = (each.linearise(weights, x, targets) for each in (problem, population))
    assert rounded(float(active.loss), float(other.loss))
    one, two = (to_vector(each.grad()) for each in (active, other))
    assert np.linalg.norm(one - two) > 0.1 * np.linalg.norm(one)


def test_a_population_of_all_steps_trains(context):
    of = protocol.population(0.1, CONFIG)
    state = protocol.state(of, 1, CONFIG, context)
    how = protocol._training(of, 1, context)
    problem = protocol._problem(of, context.data)
    start = protocol.state(of, 0, CONFIG, context)
    (again,) = train(problem, context.data, how, start)
    assert again.records["loss"] == state.records["loss"]


# ----- Lengths that batch norm does not see -----


def gradient_and_layers(mode, eps=1e-12):
    problem, weights, x, targets = small(Norm(mode, eps=eps))
    return to_vector(problem.linearise(weights, x, targets).grad()), weights, problem.net.normed


def test_gradients_have_nothing_along_the_units_weights_with_batch_norm_alone():
    for mode, changes in (("active", False), ("none", True)):
        gradient, weights, layers = gradient_and_layers(mode)
        rest = tangent(gradient[:, None], weights, layers)[:, 0]
        change = np.linalg.norm(rest - gradient) / np.linalg.norm(gradient)
        assert (change > 1e-3) if changes else (change < 1e-6)


@given(seed=st.integers(0, 2**32 - 1))
def test_what_is_tangent_is_orthogonal_to_every_unit_and_stays(seed):
    _, weights, _, _ = small(Norm("active"))
    layers = [name for name in weights if not name.startswith("dense")]
    rng = np.random.default_rng(seed)
    size = len(to_vector(weights))
    columns = rng.normal(size=(size, 2))
    found = tangent(columns, weights, layers)
    assert rounded(tangent(found, weights, layers), found)
    parts = from_vector(found[:, 0], {name: w.shape for name, w in weights.items()})
    for layer in layers:
        along = (parts[layer] * weights[layer]).sum(axis=(1, 2, 3))
        assert rounded(along, 0, np.sqrt(size))
    assert np.array_equal(
        parts["dense"],
        from_vector(columns[:, 0], {name: w.shape for name, w in weights.items()})["dense"],
    )


@given(seed=st.integers(0, 2**32 - 1))
def test_an_end_of_other_lengths_is_the_same_end(seed):
    """With batch norm: the loss of the rescaled weights is the same, and the way to them."""
    problem, here, x, targets = small(Norm("active", eps=1e-12))
    layers = problem.net.normed
    rng = np.random.default_rng(seed)
    end = {name: w + 0.3 * rng.normal(size=w.shape) * w.std() for name, w in here.items()}
    longer = dict(end)
    for layer in layers:
        longer[layer] = end[layer] * rng.uniform(0.2, 5, (len(end[layer]), 1, 1, 1))
    one, two = rescaled(end, here, layers), rescaled(longer, here, layers)
    assert all(rounded(one[name], two[name]) for name in one)
    losses = [float(problem.linearise(each, x, targets).loss) for each in (one, end, longer)]
    assert np.ptp(losses) < 1e-8
    for layer in layers:
        lengths = [np.sqrt((w[layer] ** 2).sum((1, 2, 3))) for w in (one, here)]
        assert rounded(*lengths)


def test_an_end_one_step_down_the_gradient_lies_in_its_direction(context):
    at = protocol.moment("none", 1, CONFIG, context)
    of = protocol.net(at, CONFIG, context)
    step = measures.stochastic_gradients(of, CONFIG, context, 1)[:, 0]
    shapes = {name: w.shape for name, w in of.state.weights.items()}
    moved = {
        name: w - 0.1 * from_vector(step, shapes)[name] for name, w in of.state.weights.items()
    }
    end = replace(of, state=replace(of.state, weights=moved))
    found = way_to_the_optimum.way(end, at, CONFIG, context)
    assert rounded(np.float32(found["raw"][0]), 1)  # as the weights
    assert np.array_equal(found["raw"], found["cosine"])
    assert np.abs(found["raw"][1:]).max() < 1 - 1e-3


def test_the_low_rates_follow_each_other_and_lower_the_loss(context):
    rates = [low_rate.falling(0.3, 2)(moment / 4) for moment in range(1, 25)]
    assert rounded(rates, np.repeat([0.1, 0.03, 0.01], 8))
    at = protocol.moment("none", 1, CONFIG, context)
    end = low_rate.end(at, CONFIG, context)
    assert end.state.epoch == 3 * CONFIG["low_epochs"]
    assert rounded(end.state.records["lr"][:: 3 * CONFIG["low_epochs"]][0], 0.05 / 3)
