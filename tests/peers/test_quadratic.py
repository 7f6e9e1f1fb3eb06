"""PyTorch's automatic differentiation, which knows none of our formulas, agrees with the claims."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.about import about
from theory import quadratic

torch = pytest.importorskip("torch")
pytestmark = [
    pytest.mark.peers,  # PyTorch's own forward mode uses what PyTorch deprecates
    pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated:DeprecationWarning"),
]
sizes = st.integers(1, 6)
seeds = st.integers(0, 2**32 - 1)


def problem(N, p, seed):
    """Data, targets, weights, the loss as PyTorch sees it, and the size of its terms."""
    rng = np.random.default_rng(seed)
    X, Y, W = rng.normal(size=(N, p)), rng.normal(size=p), rng.normal(size=N)
    inputs, targets = torch.tensor(X), torch.tensor(Y)

    def loss(weights):
        return ((targets - weights @ inputs) ** 2).sum() / (2 * p)

    magnitude = (1 + np.abs(X).sum() ** 2) * (1 + np.abs(Y).sum() + np.abs(W).sum()) ** 2
    return {"X": X, "Y": Y, "W": W}, loss, torch.tensor(W), 64 * np.finfo(float).eps * magnitude


@about(quadratic.form)
@given(sizes, sizes, seeds)
def test_loss(claim, N, p, seed):
    values, loss, W, rounding = problem(N, p, seed)
    assert abs(claim(**values) - float(loss(W))) <= rounding


@about(quadratic.gradient)
@given(sizes, sizes, seeds)
def test_gradient(claim, N, p, seed):
    values, loss, W, rounding = problem(N, p, seed)
    found = torch.func.grad(loss)(W).numpy()
    assert np.abs(claim(**values) - found).max() <= rounding


@about(quadratic.hessian)
@given(sizes, sizes, seeds)
def test_hessian(claim, N, p, seed):
    values, loss, W, rounding = problem(N, p, seed)
    found = torch.func.hessian(loss)(W).numpy()
    asked = {name: values[name] for name in claim.domain}
    assert np.abs(claim(**asked) - found).max() <= rounding


@about(quadratic.max_rate)
@given(sizes, sizes, seeds)
def test_descent_on_autograd_gradients_stops_converging_at_the_largest_rate(claim, N, p, seed):
    _, loss, W, _ = problem(N, p, seed)
    R = torch.func.hessian(loss)(W)
    top = torch.linalg.eigh(R)[1][:, -1]
    supremum = claim(R=((R + R.T) / 2).numpy())
    for factor, grows in ((0.95, False), (1.05, True)):
        step = W + top - factor * supremum * torch.func.grad(loss)(W + top)
        still = W - factor * supremum * torch.func.grad(loss)(W)
        along = float(torch.linalg.norm(step - still))  # what one step makes of a top component
        assert (along > 1) == grows
