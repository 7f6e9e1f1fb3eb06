"""Standardised inputs and their parameters, for every layer."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.about import about
from tests.close import rounded
from tests.strategies import matrices
from tests.theory.preconditioning.standardised import example, inputs, layers, stack
from theory import preconditioning
from theory import symbols as s
from theory.claim import Claim


@about(preconditioning.standardising)
@given(layer=layers(), data=st.data())
def test_any_invertible_factor_keeps_the_outputs(claim: Claim, layer, data):
    X = data.draw(matrices(s.X.domain, {"N": layer.N, "p": data.draw(st.integers(1, 4))}))
    other = data.draw(matrices(s.L.domain, {"N": layer.N}))
    plain = layer.weights @ X + layer.biases[:, None]
    for L in (layer.L, other, -layer.L):
        standard = np.linalg.solve(L, X - layer.mu[:, None])
        outputs = (layer.weights @ L) @ standard
        outputs += (layer.biases + layer.weights @ layer.mu)[:, None]
        found = claim(Wl=layer.weights, bl=layer.biases, X=X, mu=layer.mu, L=L)
        assert rounded(np.reshape(found, plain.shape), plain)
        assert rounded(outputs, plain, condition=np.linalg.cond(L) * (1 + abs(layer.mu).max()))


@about(preconditioning.standardising)
@given(layer=layers(), data=st.data())
def test_with_the_samples_factor_the_inputs_are_standard(claim: Claim, layer, data):
    X = data.draw(inputs(layer))
    standard = np.linalg.solve(layer.L, X - layer.mu[:, None])
    condition = layer.condition
    assert rounded(standard.mean(axis=1), 0, 1, condition=condition)
    assert rounded(standard @ standard.T / X.shape[1], np.eye(layer.N), condition=condition)


@about(preconditioning.standardising)
def test_the_transposed_factor_is_refuted_by_a_found_example(claim: Claim):
    transposed = claim.twins["Wl~ = Wl L', right for symmetric L only"]

    def differs(layer):
        values = {"Wl": layer.weights, "bl": layer.biases, "mu": layer.mu, "L": layer.L}
        values["X"] = np.eye(layer.N)
        return np.abs(transposed(**values) - claim(**values)).max() > 0.1

    found = example(layers(), differs)
    assert found.N > 1 or found.L[0, 0] < 0


@about(preconditioning.coordinates)
@given(layer=layers())
def test_the_matrix_maps_the_parameters(claim: Claim, layer):
    J = claim(mu=layer.mu, L=layer.L, n=layer.n)
    old = stack(layer.weights, layer.biases)
    new = stack(layer.weights @ layer.L, layer.biases + layer.weights @ layer.mu)
    assert rounded(np.atleast_2d(J) @ old, new)


@about(preconditioning.coordinates)
@given(layer=layers(), data=st.data())
def test_two_changes_in_a_row_are_one(claim: Claim, layer, data):
    """Standardise with (mu, L), then the result with (m, M): with (mu + Lm, LM) at once."""
    again = data.draw(matrices(s.L.domain, {"N": layer.N}))
    m = data.draw(matrices(s.mu.domain, {"N": layer.N}))[:, 0]
    first = np.atleast_2d(claim(mu=layer.mu, L=layer.L, n=layer.n))
    second = np.atleast_2d(claim(mu=m, L=again, n=layer.n))
    both = claim(mu=layer.mu + layer.L @ m, L=layer.L @ again, n=layer.n)
    assert rounded(second @ first, both)
