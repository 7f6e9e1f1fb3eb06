"""One step in either coordinates, for every layer and gradient."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.about import about
from tests.close import rounded
from tests.strategies import matrices
from tests.theory.preconditioning.standardised import layers, stack
from theory import preconditioning
from theory import symbols as s
from theory.claim import Claim


@st.composite
def slopes(draw, layer):
    """Data, and derivatives of a loss in the outputs."""
    sizes = {"n": layer.n, "N": layer.N, "p": draw(st.integers(1, 4))}
    return draw(matrices(s.X.domain, sizes)), draw(matrices(s.D.domain, sizes))


def taken(claim, layer, X, D, eta):
    values = {"Wl": layer.weights, "bl": layer.biases, "X": X, "D": D, "eta": eta}
    found = claim(mu=layer.mu, Sigma=layer.Sigma, **values)
    weights = np.reshape(found["weights"], layer.weights.shape)
    return weights, np.reshape(found["biases"], layer.biases.shape)


@about(preconditioning.step)
@given(layer=layers(), data=st.data(), eta=st.floats(0.05, 2))
def test_it_is_the_gradient_times_the_preconditioner(claim: Claim, layer, data, eta):
    X, D = data.draw(slopes(layer))
    p = X.shape[1]
    gradient = stack(D @ X.T / p, D.mean(axis=1))
    preconditioner = np.linalg.inv(np.kron(layer.second_moments, np.eye(layer.n)))
    expected = stack(layer.weights, layer.biases) - eta * preconditioner @ gradient
    found = stack(*taken(claim, layer, X, D, eta))
    size = 1 + abs(D).max() * (1 + abs(X).max())
    assert rounded(found, expected, condition=layer.condition**2 * size * 16)


@about(preconditioning.step)
@given(layer=layers(), data=st.data(), eta=st.floats(0.05, 2))
def test_a_common_slope_moves_the_biases_alone_if_the_mean_is_the_samples(
    claim: Claim, layer, data, eta
):
    X, D = data.draw(slopes(layer))
    layer.mu = X.mean(axis=1)
    same = np.tile(D[:, :1], X.shape[1])
    weights, biases = taken(claim, layer, X, same, eta)
    size = layer.condition * (1 + abs(X).max()) ** 2 * (1 + abs(same).max())
    assert rounded(weights, layer.weights, condition=size)
    assert rounded(
        biases, layer.biases - eta * same[:, 0], condition=size * (1 + abs(layer.mu).max())
    )


@about(preconditioning.step)
@given(layer=layers(), data=st.data())
def test_the_step_is_linear_in_rate_and_slopes(claim: Claim, layer, data):
    X, D = data.draw(slopes(layer))
    once = taken(claim, layer, X, D, 1)
    twice = taken(claim, layer, X, 2 * D, 0.5)
    for one, other in zip(once, twice, strict=True):
        assert rounded(one, other, condition=layer.condition)
