"""The worst inputs for the curvature, for every gradient and Hessian."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.about import about
from tests.close import below, discretised, rounded
from tests.theory.smoothness.batches import batches, generators
from theory import smoothness
from theory.claim import Claim


@about(smoothness.ball_of_gradients)
@given(rng=generators(), batch=batches(), N=st.integers(1, 6), radius=st.floats(0.3, 3))
def test_the_images_lie_in_the_ball_and_fill_it(claim: Claim, rng, batch, N, radius):
    X = rng.normal(size=(N, len(batch.g)))
    image = X.T @ (X @ batch.g)
    size = np.sum(X**2) ** 2 * (batch.g @ batch.g) * len(batch.g)
    assert below(image @ image, claim(X=X, g=batch.g)["upper"], size)
    inside = rng.normal(size=len(batch.g))
    inside *= np.linalg.norm(batch.g) * rng.uniform() / np.linalg.norm(inside)
    v = radius**2 * (batch.g + inside) / 2  # any point of the ball
    reached = v[None, :] / np.sqrt(v @ batch.g)
    size = (
        radius**2 * (batch.g @ batch.g + 1) / (1 - np.linalg.norm(inside) / np.linalg.norm(batch.g))
    )
    assert rounded(reached.T @ (reached @ batch.g), v, size)
    assert below(np.linalg.norm(reached, 2), radius, 1 + size)


@about(smoothness.largest_convex_curvature)
@given(rng=generators(), batch=batches(), radius=st.floats(0.3, 3))
def test_no_inputs_exceed_it_and_it_exceeds_the_printed_one(claim: Claim, rng, batch, radius):
    u = rng.normal(size=len(batch.g))
    u /= np.linalg.norm(u)
    top = claim(u=u, g=batch.g, radius=radius)
    size = radius**4 * (batch.g @ batch.g) * len(u)
    for rows in (1, 2, 5):
        X = rng.normal(size=(rows, len(u)))
        X *= radius / np.linalg.norm(X, 2)
        assert below((u @ (X.T @ (X @ batch.g))) ** 2, top, size)
    assert below(claim.twins["printed: radius^4 d'Kd"](u=u, g=batch.g, radius=radius), top, size)
    ahead = batch.g / np.linalg.norm(batch.g)
    along = claim(u=ahead, g=batch.g, radius=radius)
    assert rounded(along, radius**4 * (batch.g @ batch.g), size)


@about(smoothness.largest_linear_curvature)
@given(batch=batches(smallest=3), radius=st.floats(0.3, 3))
def test_with_the_outputs_pinned_it_is_approached_by_large_weights(claim: Claim, batch, radius):
    """Inputs of norm at most ``radius`` with X'W = y reach it as |W| grows, and never exceed it."""
    g = batch.P @ batch.g
    K = smoothness.hessian(y=batch.y, g=g, H=0 * batch.H, gamma=batch.gamma, eps=0)
    d = batch.gamma / batch.y.std() * g
    e, f = d / np.linalg.norm(d), batch.hat / np.sqrt(len(batch.y))
    a = np.cos(np.pi / 6) * e - np.sin(np.pi / 6) * f  # half the angle of the best point
    top = claim(y=batch.y, g=batch.g, gamma=batch.gamma, radius=radius)
    shares = []
    for length in (1e2, 1e4):  # of the weights, in units of |y|/radius
        W = np.array([length * np.linalg.norm(batch.y) / radius, 0])
        X = np.array([batch.y / W[0], radius * a])
        X *= radius / np.linalg.norm(X, 2)
        weights = W * np.linalg.norm(batch.y) / np.linalg.norm(X.T @ W)
        assert rounded(X.T @ weights, batch.y)
        v = X.T @ (X @ d)
        shares.append(v @ K @ v / top)
    assert below(shares[1], 1)
    # of first order in 1/length: a hundredth is left
    assert discretised(shares[1], 1, abs(1 - shares[0]) / 50)


@about(smoothness.slope_at_isotropic_inputs)
@given(batch=batches(smallest=3), radius=st.floats(0.3, 3))
def test_no_loss_has_its_maximum_at_the_printed_place(claim: Claim, batch, radius):
    """A small turn on the ball already exceeds r^4 d'Kd, for every Hessian."""
    values = batch.values("y", "g", "H", "gamma")
    rate = claim(**values, radius=radius)
    assert rate > 0
    K = smoothness.hessian(**values, eps=0)
    d = batch.slope
    f = batch.hat / np.sqrt(len(batch.y))

    def curvature(angle):
        v = (1 + np.cos(angle)) * d - np.sin(angle) * np.linalg.norm(d) * f
        return radius**4 / 4 * (v @ K @ v)

    turn = min(0.1, rate / (20 * radius**4 * (d @ d) * abs(K).sum()))
    assert curvature(turn) > curvature(0)
