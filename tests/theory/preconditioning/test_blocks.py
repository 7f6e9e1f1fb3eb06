"""RR', its inverse and its determinant, for every layer."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.about import about
from tests.close import rounded
from tests.theory.preconditioning.standardised import inputs, layers, squared_loss_hessian
from theory import preconditioning
from theory.claim import Claim


@about(preconditioning.blocks_of_preconditioner)
@given(layer=layers())
def test_it_is_the_inverse_of_the_second_moments(claim: Claim, layer):
    units = np.eye(layer.n)
    expected = np.linalg.inv(np.kron(layer.second_moments, units))
    assert rounded(claim(**layer.values), expected, condition=layer.condition**2)


@about(preconditioning.blocks_of_preconditioner, preconditioning.blocks_of_inverse)
@given(layer=layers())
def test_units_do_not_mix(claim: Claim, layer):
    one = np.atleast_2d(claim(**(layer.values | {"n": 1})))
    assert rounded(claim(**layer.values), np.kron(one, np.eye(layer.n)), condition=layer.condition)


@about(preconditioning.blocks_of_inverse)
@given(layer=layers())
def test_it_is_the_second_moments(claim: Claim, layer):
    assert rounded(claim(**layer.values), np.kron(layer.second_moments, np.eye(layer.n)))


@about(preconditioning.blocks_of_inverse)
@given(layer=layers())
def test_it_is_the_inverse_of_the_preconditioner(claim: Claim, layer):
    product = np.atleast_2d(claim(**layer.values)) @ np.atleast_2d(
        preconditioning.blocks_of_preconditioner(**layer.values)
    )
    assert rounded(product, np.eye(len(product)), condition=layer.condition**2)


@about(preconditioning.determinant)
@given(layer=layers(), shift=st.floats(-3, 3))
def test_the_mean_does_not_matter(claim: Claim, layer, shift):
    values = layer.values
    expected = np.prod(np.linalg.eigvalsh(layer.Sigma)) ** layer.n
    assert rounded(claim(**values) / expected, 1, condition=layer.condition * layer.n)
    moved = claim(**(values | {"mu": layer.mu + shift}))
    assert moved == claim(**values)


@about(preconditioning.determinant)
@given(layer=layers())
def test_it_is_that_of_the_whole_matrix(claim: Claim, layer):
    whole = np.linalg.det(np.kron(layer.second_moments, np.eye(layer.n)))
    assert rounded(claim(**layer.values) / whole, 1, condition=layer.condition**2 * layer.n)


@about(preconditioning.layer_hessian)
@given(layer=layers(), data=st.data())
def test_it_is_the_hessian_and_the_inverse_preconditioner(claim: Claim, layer, data):
    X = data.draw(inputs(layer))
    found = claim(X=X, n=layer.n)
    assert rounded(found, squared_loss_hessian(X, layer.n), condition=layer.condition)
    assert rounded(
        found, preconditioning.blocks_of_inverse(**layer.values), condition=layer.condition
    )


@about(preconditioning.layer_hessian)
@given(layer=layers(), data=st.data())
def test_the_order_of_the_examples_does_not_matter(claim: Claim, layer, data):
    X = data.draw(inputs(layer))
    order = data.draw(st.permutations(range(X.shape[1])))
    assert rounded(claim(X=X[:, order], n=layer.n), claim(X=X, n=layer.n))
