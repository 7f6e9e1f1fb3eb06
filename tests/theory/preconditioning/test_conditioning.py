"""Condition numbers and descents in standardised coordinates, for every layer."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.about import about
from tests.close import rounded
from tests.theory.preconditioning.standardised import inputs, layers, squared_loss_hessian
from theory import preconditioning, quadratic
from theory.claim import Claim


@about(preconditioning.standardised_hessian)
@given(layer=layers(), data=st.data())
def test_with_the_samples_statistics_the_condition_number_is_one(claim: Claim, layer, data):
    X = data.draw(inputs(layer))
    mean = X.mean(axis=1)
    L = np.linalg.cholesky((X - mean[:, None]) @ (X - mean[:, None]).T / X.shape[1])
    hessian = squared_loss_hessian(np.linalg.solve(L, X - mean[:, None]), layer.n)
    assert rounded(claim(X=X, n=layer.n), hessian, condition=layer.condition)
    assert rounded(np.linalg.cond(hessian), 1, condition=layer.condition)


@about(preconditioning.outdated_mean)
@given(layer=layers(), data=st.data())
def test_it_is_the_condition_number_of_the_hessian(claim: Claim, layer, data):
    X = data.draw(inputs(layer))
    direction = data.draw(st.sampled_from(list(np.eye(layer.N))))
    delta = data.draw(st.floats(0, 3))
    mu0 = layer.mu + delta * layer.L @ direction
    hessian = squared_loss_hessian(np.linalg.solve(layer.L, X - mu0[:, None]), 1)
    values = np.linalg.eigvalsh(hessian)
    found = claim(mu0=mu0, mu=layer.mu, Sigma=layer.Sigma)
    lost = layer.condition * values[-1] / values[0]
    assert rounded(found["condition"] / (values[-1] / values[0]), 1, condition=lost)
    assert rounded(values[0] * values[-1], 1, condition=lost)
    assert rounded(values[1:-1], 1, condition=lost)
    best = quadratic.optimal_rate(R=hessian)
    assert rounded(found["rate"], best["rate"], condition=lost)
    assert rounded(found["contraction"], best["contraction"], 1, condition=lost)


@about(preconditioning.outdated_mean)
@given(layer=layers(), delta=st.floats(0.1, 3), more=st.floats(0.1, 3))
def test_the_older_the_mean_the_worse(claim: Claim, layer, delta, more):
    def at(distance):
        mu0 = layer.mu + distance * layer.L[:, 0]
        return claim(mu0=mu0, mu=layer.mu, Sigma=layer.Sigma)

    assert at(delta + more)["condition"] > at(delta)["condition"]
    assert at(delta + more)["contraction"] > at(delta)["contraction"]
    assert at(0)["condition"] == 1


@about(preconditioning.outdated_mean)
@given(layer=layers(), data=st.data(), delta=st.floats(0, 2))
def test_it_does_not_depend_on_the_scale_of_the_inputs(claim: Claim, layer, data, delta):
    scale = data.draw(st.floats(0.25, 4))
    mu0 = layer.mu + delta * layer.L[:, 0]
    one = claim(mu0=mu0, mu=layer.mu, Sigma=layer.Sigma)
    other = claim(mu0=scale * mu0, mu=scale * layer.mu, Sigma=scale**2 * layer.Sigma)
    # delta^2: near 0 the condition number has the root of its rounding error
    squares = [each["condition"] ** 0.5 + each["condition"] ** -0.5 - 2 for each in (one, other)]
    assert rounded(*squares, one["condition"] ** 0.5, condition=layer.condition)


@about(preconditioning.excess_loss)
@given(layer=layers(), data=st.data(), eta=st.floats(0.05, 1.95), k=st.integers(0, 4))
def test_preconditioned_descent_on_data(claim: Claim, layer, data, eta, k):
    X = data.draw(inputs(layer))
    p = X.shape[1]
    targets = layer.weights @ np.sin(X) + np.cos(np.arange(p) * 2.0)
    bar = np.vstack([X, np.ones(p)])
    preconditioner = np.atleast_2d(preconditioning.blocks_of_preconditioner(**layer.values))
    theta = start = np.column_stack([layer.weights, layer.biases])
    best = np.linalg.lstsq(bar.T, targets.T, rcond=None)[0].T
    for _ in range(k):
        slope = (theta @ bar - targets) @ bar.T / p
        moved = preconditioner @ slope.T.ravel()
        theta = theta - eta * moved.reshape(-1, layer.n).T
    left, before = (np.sum(((each - best) @ bar) ** 2) for each in (theta, start))
    size = max(abs(theta).max(), abs(start).max(), abs(best).max(), 1) * (1 + abs(bar).max())
    allowed = layer.condition**2 * (1 + size) ** 2 * (k + 1)
    assert rounded(left, claim(eta=eta, k=k) * before, max(1, before), condition=allowed)


@about(preconditioning.excess_loss)
@given(eta=st.floats(0.05, 3), k=st.integers(1, 30))
def test_every_rate_below_two_converges_and_one_arrives(claim: Claim, eta, k):
    assert claim(eta=1, k=k) == 0
    assert (claim(eta=eta, k=k) < 1) == (eta < 2)
    assert rounded(claim(eta=eta, k=k), quadratic.decay(lam=1, eta=eta, k=k) ** 2, condition=4**k)
