"""The Hessian before batch norm, for every batch and loss."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.about import about
from tests.close import below, discretised, rounded
from tests.theory.smoothness.batches import batches
from theory import smoothness
from theory.claim import Claim


def hessian(batch):
    return smoothness.hessian(**batch.values("y", "g", "H", "gamma"), eps=0)


@about(smoothness.hessian)
@given(batch=batches(), factor=st.floats(0.5, 2))
def test_it_is_symmetric_and_falls_with_the_square_of_the_outputs(claim: Claim, batch, factor):
    K = hessian(batch)
    assert rounded(K, K.T, batch.size)
    scaled = claim(y=factor * batch.y, g=batch.g, H=batch.H, gamma=batch.gamma, eps=0)
    assert rounded(factor**2 * scaled, K, 16 * batch.size)


@about(smoothness.hessian)
@given(batch=batches(), eps=st.floats(0, 2), data=st.data())
def test_it_is_the_slope_of_the_gradient(claim: Claim, batch, eps, data):
    """Central differences of a closed form that is checked by itself, to their own order."""
    u = data.draw(st.sampled_from(np.eye(len(batch.y)).tolist()))
    share = 1e-4  # of the deviation
    step = share * batch.y.std()

    def slope(t):  # the loss is quadratic: its gradient moves with the outputs
        out = [
            (y - y.mean()) / np.sqrt(y.var() + eps) for y in (batch.y + t * np.array(u), batch.y)
        ]
        g = batch.g + batch.H @ (batch.gamma * (out[0] - out[1]))
        return smoothness.gradient(y=batch.y + t * np.array(u), g=g, gamma=batch.gamma, eps=eps)

    K = claim(**batch.values("y", "g", "H", "gamma"), eps=eps)
    change = (slope(step) - slope(-step)) / (2 * step)
    error = 10 * share**2 * abs(K).sum()
    assert discretised(change, K @ u, error, batch.size, condition=1 / share)


@about(smoothness.curvature_along_gradient)
@given(batch=batches())
def test_it_is_the_hessian_along_the_gradient(claim: Claim, batch):
    d = batch.slope
    size = batch.size * (1 + batch.size * np.linalg.norm(d)) * (1 + d @ d)
    assert rounded(claim(**batch.values("y", "g", "H", "gamma")), d @ hessian(batch) @ d, size)


@about(smoothness.curvature_of_outputs)
@given(batch=batches())
def test_a_shift_is_free_and_the_outputs_turn_the_gradient_round(claim: Claim, batch):
    K, B = hessian(batch), len(batch.y)
    found = claim(**batch.values("y", "g", "H", "gamma"))
    size = batch.size * (1 + abs(batch.y).sum()) ** 2
    assert rounded(K @ np.ones(B), found["along the mean"], size)
    assert rounded(K @ (batch.y - batch.y.mean()), found["along the outputs"], size)
    assert rounded(batch.y @ K @ batch.y, found["y'Ky"], size)


@about(smoothness.negative_curvature)
@given(batch=batches(smallest=3))
def test_the_hessian_is_indefinite_on_both_sides_of_its_bounds(claim: Claim, batch):
    values = np.linalg.eigvalsh(hessian(batch))
    low = claim(**batch.values("y", "g", "H", "gamma"))["upper"]
    high = -claim(y=batch.y, g=-batch.g, H=-batch.H, gamma=batch.gamma)["upper"]
    size = batch.size**2
    assert below(values[0], low, size) and below(high, values[-1], size)
    assert low < 0 < high


@about(smoothness.taylor)
@given(batch=batches(), data=st.data())
def test_it_is_the_hessian_along_a_direction(claim: Claim, batch, data):
    u = np.array(data.draw(st.sampled_from(np.eye(len(batch.y)).tolist())))
    K = hessian(batch)
    values = batch.values("y", "g", "H", "gamma")
    assert rounded(claim(**values, u=u), u @ K @ u, batch.size)
    assert rounded(claim(**values, u=-u), u @ K @ u, batch.size)
