"""The shortcuts of residual nets: a forward pass written again, and its derivatives."""

from functools import partial
from itertools import pairwise

import numpy as np
import pytest

from deepnet import ops
from deepnet.nets.initialise import initialise
from deepnet.nets.modes import norm_named
from deepnet.nets.resnet import resnet, tempered
from deepnet.nets.shortcut import SHORTCUTS
from deepnet.problem import Problem
from deepnet.vectors import to_pytorch
from tests.close import discretised, exact, rounded
from tests.deepnet.device_cases import PASSES
from tests.deepnet.nets import shortcut_oracle as oracle

BETA = 3.0
#: A step in the complex plane, so short that its square is lost in rounding.
COMPLEX = 1e-20
STEP = 1e-4


def smooth(x):
    return np.log(1 + np.exp(BETA * x)) / BETA


def drawn(kind, norm):
    """A problem, its weights, inputs and labels, and its loss by the oracle at other weights."""
    rng = np.random.default_rng(3)
    net = resnet(8, 1 / 8, partial(ops.softplus, beta=BETA), affine=True, shortcut=kind)
    weights = initialise(net, rng, dtype="float64")
    weights |= {n: w + 0.3 * rng.normal(size=w.shape) for n, w in weights.items() if w.ndim == 1}
    x, labels = rng.normal(size=(5, 8, 8, 3)), rng.integers(0, 10, 5)
    given = None if norm == "none" else {}
    if norm == "frozen":
        channels = [(layer, net.shapes[layer][0]) for layer in net.normed]
        given = {layer: (rng.normal(size=c), rng.uniform(0.5, 2, c)) for layer, c in channels}
    problem = Problem(net, norm_named(norm, statistics=given or {}))

    def again(at):
        theirs = {name: to_pytorch(w) for name, w in at.items()}
        images = x.transpose(0, 3, 1, 2)
        return oracle.loss(kind, 8, theirs, images, labels, given, smooth)

    return problem, weights, x, labels, again


def along(weights, v, t):
    return {name: w + t * v[name] for name, w in weights.items()}


def dot(a, b):
    return sum(float(np.vdot(a[name], b[name])) for name in a)


@pytest.mark.parametrize("norm", ["active", "frozen", "none"])
@pytest.mark.parametrize("kind", SHORTCUTS)
def test_loss_gradient_and_hessian_are_those_of_the_net_written_again(kind, norm):
    """The gradient by a complex step, and its derivative by differences of order 4."""
    problem, weights, x, labels, again = drawn(kind, norm)
    rng = np.random.default_rng(4)
    u, v = ({name: rng.normal(size=w.shape) for name, w in weights.items()} for _ in "uv")
    at = problem.linearise(weights, x, labels)
    assert rounded(at.loss, again(weights), condition=PASSES)

    def slope(t):
        return again(along(along(weights, u, t), v, 1j * COMPLEX)).imag / COMPLEX

    size = np.sqrt(dot(v, v) * dot(at.grad(), at.grad()))
    assert rounded(dot(at.grad(), v), slope(0), size, PASSES)
    plain = [(slope(h) - slope(-h)) / (2 * h) for h in (STEP, 2 * STEP, 4 * STEP)]
    fine, coarse = ((4 * near - far) / 3 for near, far in pairwise(plain))
    second = at.hvp(v)
    assert discretised(dot(u, second), fine, abs(fine - coarse) / 5, size, PASSES / STEP)
    size = np.sqrt(dot(u, u) * dot(second, second))
    assert rounded(dot(u, second), dot(v, at.hvp(u)), size, PASSES), "symmetric"


def test_kinds_differ_and_only_a_projection_has_weights():
    nets = {kind: resnet(14, 1 / 4, affine=True, shortcut=kind) for kind in SHORTCUTS}
    plain, more = nets["pool"], nets["projection"]
    assert nets["option-a"].shapes == plain.shapes == resnet(14, 1 / 4, affine=True).shapes
    extra = {name: shape for name, shape in more.shapes.items() if name not in plain.shapes}
    assert extra == {
        "stage2_block1_shortcut": (8, 1, 1, 4),
        "stage2_block1_shortcut_scale": (8,),
        "stage2_block1_shortcut_shift": (8,),
        "stage3_block1_shortcut": (16, 1, 1, 8),
        "stage3_block1_shortcut_scale": (16,),
        "stage3_block1_shortcut_shift": (16,),
    }
    assert set(more.normed) - set(plain.normed) == {
        "stage2_block1_shortcut",
        "stage3_block1_shortcut",
    }
    names = list(more.shapes)
    assert names.index("stage2_block1_shortcut") == 1 + names.index("stage2_block1_conv2_shift")


def test_option_a_has_its_channels_in_the_middle():
    """Second convolutions of zero: what is left is conv1 at every fourth pixel, among zeros."""
    net = resnet(8, 1 / 8, shortcut="option-a")
    weights = initialise(net, np.random.default_rng(1), dtype="float64")
    for name in weights:
        if name.endswith("_conv2"):
            weights[name] *= 0
    x = np.random.default_rng(2).normal(size=(3, 16, 16, 3))
    outputs = Problem(net, norm_named("none")).outputs(weights, x)
    first = np.maximum(ops.conv(x, weights["conv1"], stride=1, pad=1), 0)
    mean = first[:, ::4, ::4].mean((1, 2))
    assert rounded(outputs, mean @ weights["dense"][:, 3:5].T + weights["dense_bias"])


def test_tempered_weights_leave_a_projection_as_it_is():
    net = resnet(14, 1 / 4, shortcut="projection")
    weights = initialise(net, np.random.default_rng(0))
    for name, w in tempered(weights).items():
        factor = 6**-0.5 if name.endswith("conv2") else 1
        assert rounded(w, factor * weights[name])
        assert factor != 1 or exact(w, weights[name])


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="kind 'option-b'; give pool, option-a, projection"):
        resnet(8, shortcut="option-b")
