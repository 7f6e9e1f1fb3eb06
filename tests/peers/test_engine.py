"""PyTorch's automatic differentiation and ARPACK, which know none of our laws, agree with us."""

import math

import numpy as np
import pytest
from scipy.special import softmax

from deepnet import ops
from deepnet.curvature import Batches, gauss_newton, hessian, lanczos
from deepnet.nets.mlp import mlp
from deepnet.nets.modes import Centring, DeviationDetached, MeanDetached, Power, Scaling, norm_named
from deepnet.problem import Problem
from deepnet.spectrum.nets import NORMS as PLACES
from deepnet.vectors import from_vector, to_vector
from tests.close import rounded
from tests.deepnet.device_cases import PASSES
from tests.deepnet.facts.facts_recipe import NORMS, SMOOTHING
from tests.deepnet.facts.nets_problems import of_recipe, of_the_post
from tests.deepnet.facts.nets_recipe import CASES
from tests.deepnet.facts.nets_recipe import NORMS as NORMS_OF_NETS

torch = pytest.importorskip("torch")
from scipy.sparse.linalg import LinearOperator, eigsh  # noqa: E402

from benchmarks.torch_nets import outputs_of  # noqa: E402
from tests.deepnet.facts.torch_oracle import Oracle  # noqa: E402

pytestmark = [
    pytest.mark.peers,
    # PyTorch's own forward mode calls what PyTorch deprecates
    pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated:DeprecationWarning"),
]


def gauss_newton_terms(batches, v):
    """The largest entry of J'(p Jv)/n, from which J'(p (p . Jv))/n is taken.

    Where the net is sure of its classes, little is left of the two.
    """
    ((x, targets),) = batches.data
    at = batches.problem.linearise(batches.weights, x, targets)
    p = softmax(at.outputs, axis=1)
    change = at.jvp(from_vector(v, batches.problem.net.shapes))
    return np.abs(to_vector(at.vjp(p * change / len(x)))).max()


def agree_in_gauss_newton(oracle, batches, v):
    size = gauss_newton_terms(batches, v)
    return rounded(gauss_newton(batches) @ v, oracle.ggn(v), size, PASSES)


def compare(oracle, batches, v):
    """All that is asked of an engine: loss, gradient, products, and eigenvalues at both ends."""
    assert rounded(batches.loss(), oracle.loss(), condition=PASSES)
    assert rounded(batches.gradient(), oracle.gradient(), condition=PASSES)
    assert rounded(hessian(batches) @ v, oracle.hvp(v), condition=PASSES)
    assert agree_in_gauss_newton(oracle, batches, v)
    theirs = LinearOperator((len(v), len(v)), matvec=lambda u: oracle.hvp(u.ravel()), dtype=float)
    start = np.random.default_rng(0).standard_normal(len(v))
    ours = lanczos(hessian(batches), np.random.default_rng(1), 5, 5, tolerance=1e-7)
    for which, values in (("LA", ours.values[:5]), ("SA", ours.values[5:])):
        expected = np.sort(eigsh(theirs, 5, which=which, v0=start, return_eigenvectors=False))
        assert rounded(np.sort(values), expected, np.abs(ours.values).max(), PASSES)


@pytest.mark.parametrize("norm", NORMS)
def test_the_post_s_net(norm):
    recipe, batches = of_the_post(norm)
    outputs = outputs_of("page", norm, recipe)
    oracle = Oracle(outputs, list(recipe.weights.values()), recipe.y, SMOOTHING)
    compare(oracle, batches, recipe.v)


@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("norm", NORMS)
def test_a_perceptron(norm, bias):
    rng = np.random.default_rng(2)
    place, mode = PLACES[norm]
    net = mlp((6, 5, 4, 3), ops.tanh, place, bias)
    weights = {name: rng.standard_normal(shape) for name, shape in net.shapes.items()}
    x, y = rng.standard_normal((30, 6)), rng.integers(0, 3, 30)
    statistics = {
        name: (rng.standard_normal(net.shapes[name][0]), rng.uniform(1, 2, net.shapes[name][0]))
        for name in net.normed
    }
    inputs = torch.tensor(x)
    constants = {name: [torch.tensor(s) for s in pair] for name, pair in statistics.items()}

    def normalise(name, h):
        if norm == "none":
            return h
        if norm == "frozen":
            return torch.nn.functional.batch_norm(h, *constants[name])
        return torch.nn.functional.batch_norm(h, None, None, training=True)

    def outputs(parts):
        named, h = dict(zip(net.shapes, parts, strict=True)), inputs
        for name in ("dense1", "dense2", "dense3"):
            h = torch.nn.functional.linear(h, named[name], named.get(f"{name}_bias"))
            if name == "dense3":
                return h
            post = norm == "post"
            h = normalise(name, torch.tanh(h)) if post else torch.tanh(normalise(name, h))
        raise AssertionError

    problem = Problem(net, norm_named(mode, statistics=statistics))
    targets = ops.smoothed(y, 3, SMOOTHING, x.dtype)
    oracle = Oracle(outputs, list(weights.values()), y, SMOOTHING)
    compare(oracle, Batches(problem, weights, [(x, targets)]), rng.standard_normal(net.parameters))


@pytest.mark.parametrize("norm", NORMS_OF_NETS)
@pytest.mark.parametrize("name", CASES)
def test_lenet_vgg_and_a_residual_net(name, norm):
    recipe, batches = of_recipe(name, norm)
    outputs = outputs_of(name, norm, recipe)
    oracle = Oracle(outputs, list(recipe.weights.values()), recipe.y, 0.0)
    assert rounded(batches.loss(), oracle.loss(), condition=PASSES)
    assert rounded(batches.gradient(), oracle.gradient(), condition=PASSES)
    assert rounded(hessian(batches) @ recipe.v, oracle.hvp(recipe.v), condition=PASSES)
    assert agree_in_gauss_newton(oracle, batches, recipe.v)


OTHERS = {
    "L1": Power(1.0),
    "L2 of the raw outputs": Power(2.0, raw=True),
    "L3": Power(3.0),
    "L-infinity": Power(math.inf),
    "L-infinity of the raw outputs": Power(math.inf, raw=True),
    "centring": Centring(),
    "scaling": Scaling(),
    "mean detached": MeanDetached(),
    "deviation detached": DeviationDetached(),
}


@pytest.mark.parametrize("norm", OTHERS.values(), ids=list(OTHERS))
def test_other_norms_than_batch_norm(norm):
    """Their definition; what is detached is so for PyTorch too."""
    rng = np.random.default_rng(2)
    net = mlp((6, 5, 4, 3), ops.tanh, affine=True)
    weights = {name: rng.standard_normal(shape) for name, shape in net.shapes.items()}
    x, y = rng.standard_normal((30, 6)), rng.integers(0, 3, 30)

    power, raw = (norm.power, norm.raw) if isinstance(norm, Power) else (2.0, False)

    def normalise(h):
        mean = h.mean(0)
        if isinstance(norm, MeanDetached):
            mean = mean.detach()
        v = (h if raw else h - mean).abs()
        n = v.amax(0) if math.isinf(power) else (v**power).mean(0) ** (1 / power)
        s = (n**2 + norm.eps).sqrt()
        if isinstance(norm, DeviationDetached):
            s = s.detach()
        z = h if isinstance(norm, Scaling) else h - mean
        return z if isinstance(norm, Centring) else z / s

    def outputs(parts):
        w, h = dict(zip(net.shapes, parts, strict=True)), torch.tensor(x)
        for name in ("dense1", "dense2"):
            h = normalise(h @ w[name].T) * w[f"{name}_scale"] + w[f"{name}_shift"]
            h = torch.tanh(h)
        return h @ w["dense3"].T

    targets = ops.smoothed(y, 3, SMOOTHING, x.dtype)
    batches = Batches(Problem(net, norm), weights, [(x, targets)])
    oracle = Oracle(outputs, list(weights.values()), y, SMOOTHING)
    v = rng.standard_normal(net.parameters)
    assert rounded(batches.loss(), oracle.loss(), condition=PASSES)
    assert rounded(batches.gradient(), oracle.gradient(), condition=PASSES)
    assert rounded(hessian(batches) @ v, oracle.hvp(v), condition=PASSES)
