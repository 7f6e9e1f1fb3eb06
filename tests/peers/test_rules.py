"""Ten steps of SGD, Adam and RMSprop are PyTorch's to rounding, weight decay and all."""

import numpy as np
import pytest

from deepnet import ops
from deepnet.nets.initialise import initialise
from deepnet.nets.mlp import mlp
from deepnet.nets.modes import NoNorm
from deepnet.problem import Problem
from deepnet.training import SGD, Adam, RMSprop
from tests.close import rounded

torch = pytest.importorskip("torch")

pytestmark = pytest.mark.peers
RATE = 0.01


def _sgd(*parameters, **options):
    return torch.optim.SGD(*parameters, lr=RATE, **options)


def _adam(*parameters, **options):
    return torch.optim.Adam(*parameters, lr=RATE, **options)


def _rmsprop(*parameters, **options):
    return torch.optim.RMSprop(*parameters, lr=RATE, **options)


@pytest.mark.parametrize(
    "rule, theirs, options",
    [
        (SGD(), _sgd, {}),
        (SGD(0.9, True, 0.1), _sgd, {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
        (Adam(), _adam, {}),
        (
            Adam((0.8, 0.95), 1e-3, 0.1),
            _adam,
            {"betas": (0.8, 0.95), "eps": 1e-3, "weight_decay": 0.1},
        ),
        (RMSprop(), _rmsprop, {}),
        (
            RMSprop(0.9, 1e-3, 0.8, 0.1),
            _rmsprop,
            {"alpha": 0.9, "eps": 1e-3, "momentum": 0.8, "weight_decay": 0.1},
        ),
    ],
)
def test_ten_steps_are_those_of_pytorch(rule, theirs, options):
    draw = np.random.default_rng(0)
    net = mlp((6, 5, 3), ops.tanh, bias=True)
    problem = Problem(net, NoNorm())
    weights = initialise(net, draw, "he_normal", "float64")
    x, y = draw.normal(size=(20, 6)), draw.integers(0, 3, 20)
    parameters = {name: torch.tensor(w.copy(), requires_grad=True) for name, w in weights.items()}
    optimiser, memory = theirs(parameters.values(), **options), rule.start(weights)
    for _ in range(10):
        at = problem.linearise(weights, x, ops.smoothed(y, 3, 0.0, x.dtype))
        weights, memory = rule.step(weights, memory, at.grad(), RATE, at)
        optimiser.zero_grad()
        h = torch.tanh(torch.tensor(x) @ parameters["dense1"].T + parameters["dense1_bias"])
        z = h @ parameters["dense2"].T + parameters["dense2_bias"]
        torch.nn.functional.cross_entropy(z, torch.tensor(y)).backward()
        optimiser.step()
    for name, w in weights.items():
        assert rounded(w, parameters[name].detach().numpy())
