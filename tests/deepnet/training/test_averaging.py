"""Running statistics: PyTorch's rule written again, and the rule that trainings have always had."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.errors import UsageError
from deepnet import ops
from deepnet.nets.lenet import lenet
from deepnet.nets.mlp import mlp
from deepnet.nets.modes import Active, Ghost, recording
from deepnet.training import Averaging, constant, settle, train
from deepnet.training.epoch import epoch_batches
from tests.close import exact, rounded
from tests.deepnet.device_cases import PASSES
from tests.deepnet.training.colours import colours, end_of, setting

few = settings(max_examples=10)


def pytorch(batches, momentum):
    """PyTorch's running mean and variance of one channel after ``batches`` of its values."""
    mean, var = 0.0, 1.0
    for values in batches:
        values = [float(value) for value in np.ravel(values)]
        middle = sum(values) / len(values)
        spread = sum((value - middle) ** 2 for value in values) / (len(values) - 1)
        mean = (1 - momentum) * mean + momentum * middle
        var = (1 - momentum) * var + momentum * spread
    return mean, var


@few
@given(momentum=st.floats(0, 1), seed=st.integers(0, 9))
def test_a_training_has_pytorch_s_statistics_where_it_is_asked_for_them(momentum, seed):
    """At rate 0, over 28 x 28 pixels of a convolution and over the units of a dense layer."""
    averaging = Averaging(momentum=momentum, unbiased=True)
    kind = {"dtype": "float64", "schedule": constant(0.0), "epochs": 1, "seed": seed}
    net, data = lenet(1 / 3, ops.tanh, classes=3), colours(side=32)
    problem, how, start = setting(net=net, averaging=averaging, **kind)
    zeros = {layer: np.zeros(net.shapes[layer][0]) for layer in net.normed}
    begun = replace(start, statistics={layer: (zero, zero + 1) for layer, zero in zeros.items()})
    state = end_of(train(problem, data, how, begun))
    inputs = {"conv1": [], "dense2": []}
    for x, _ in epoch_batches(data, how, 0, start.weights, ""):
        h = ops.conv(x, start.weights["conv1"], stride=1, pad=0) + start.weights["conv1_bias"]
        inputs["conv1"].append(h)
        seen = {}
        net.forward(start.weights, x, Seeing(seen))
        inputs["dense2"].append(seen["dense2"])
    assert inputs["conv1"][0].shape[:3] == (16, 28, 28)
    for layer, batches in inputs.items():
        for channel in range(net.shapes[layer][0]):
            expected = pytorch([h[..., channel] for h in batches], momentum)
            found = [each[channel] for each in state.statistics[layer]]
            size = 1 + max(np.abs(h).max() for h in batches) ** 2
            assert rounded(found, expected, size, PASSES)


class Seeing(Active):
    """Batch norm that keeps its inputs by layer."""

    def __init__(self, seen):
        super().__init__()
        object.__setattr__(self, "seen", seen)

    def normalise(self, layer, x, moments=None):
        self.seen[layer] = x
        return super().normalise(layer, x, moments)


@few
@given(momentum=st.floats(0, 1), unbiased=st.booleans())
def test_settling_averages_as_the_training_does(momentum, unbiased):
    """One more epoch at rate 0 is the pass that settles."""
    kind = {"schedule": constant(0.0), "averaging": Averaging(momentum, unbiased)}
    problem, how, start = setting(epochs=2, **kind)
    first, second = train(problem, colours(), how, start)
    assert exact(settle(problem, colours(), how, first), second.statistics)


def test_the_usual_average_is_the_one_without_a_choice():
    problem, how, start = setting()
    usual = end_of(train(problem, colours(), how, start))
    assert exact(
        end_of(train(problem, colours(), replace(how, averaging=Averaging(0.1)), start)), usual
    )
    other = end_of(train(problem, colours(), replace(how, averaging=Averaging(0.1, True)), start))
    assert exact(other.weights, usual.weights)
    for layer, (mean, var) in usual.statistics.items():
        assert exact(other.statistics[layer][0], mean)
        assert rounded(other.statistics[layer][1], var * np.float32(16 / 15))
        assert not rounded(other.statistics[layer][1], var)


@few
@given(n=st.integers(2, 5), pixels=st.integers(1, 3), seed=st.integers(0, 99))
@pytest.mark.parametrize("norm", [Active(), Ghost(group=0)])
def test_unbiased_variances_are_seen_and_biased_ones_are_used(norm, n, pixels, seed):
    x = np.random.default_rng(seed).normal(size=(n, pixels, pixels, 2))
    recorded, seen = recording(norm, unbiased=True)
    assert exact(recorded("a", x), norm("a", x))
    mean, variance = seen["a"]
    assert rounded(mean, x.mean((0, 1, 2)), 1)
    assert rounded(variance, x.var((0, 1, 2), ddof=1), 1)


def test_a_single_value_per_channel_is_refused_by_the_norm():
    recorded, _ = recording(Active(), unbiased=True)
    with pytest.raises(ValueError, match="single value"):
        recorded("a", np.ones((1, 3)))


@pytest.mark.parametrize("momentum", [-0.1, 1.1, float("nan")])
def test_a_momentum_out_of_range_is_refused(momentum):
    with pytest.raises(UsageError, match="is the weight of a new batch; give 0 to 1") as caught:
        Averaging(momentum)
    assert str(momentum) in str(caught.value)


def test_a_momentum_of_one_keeps_the_last_batch_and_of_zero_the_first():
    net = mlp([48, 4, 3], ops.relu)
    kind = {"net": net, "dtype": "float64", "schedule": constant(0.0), "epochs": 1}
    found = {}
    for momentum in (0.0, 1.0):
        problem, how, start = setting(averaging=Averaging(momentum), **kind)
        found[momentum] = end_of(train(problem, colours(), how, start)).statistics["dense1"][0]
    means = [
        (x.reshape(len(x), -1) @ start.weights["dense1"].T).mean(0)
        for x, _ in epoch_batches(colours(), how, 0, start.weights, "")
    ]
    assert rounded(found[0.0], means[0])
    assert rounded(found[1.0], means[-1])
