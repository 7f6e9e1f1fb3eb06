"""A common shift of all outputs changes no loss."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.derivatives import complex_gradient
from sim.stability.draws import SmallNet, one_hot
from tests.about import about
from tests.close import below, rounded
from tests.strategies import matrices
from theory import stability
from theory import symbols as s
from theory.claim import Claim

generators = st.integers(0, 2**32 - 1).map(np.random.default_rng)


@about(stability.flat_directions)
@settings(max_examples=15)
@given(rng=generators, N=st.integers(1, 3), width=st.integers(0, 5), M=st.integers(2, 4))
def test_adding_to_all_rows_changes_no_loss_anywhere(claim: Claim, rng, N, width, M):
    net = SmallNet(rng.normal(size=(N, 12)), one_hot(rng, M, 12), width)
    theta, n = net.start(rng), width or N
    directions = np.zeros((n + 1, net.size))
    for row, added in zip(directions, np.eye(n + 1), strict=True):
        row[-net.last :] = np.tile(added, M)
    assert len(directions) == claim(n=n, M=M)
    size = 64 * net.size * (1 + np.abs(theta).max()) ** 3
    for d in directions:
        assert rounded(net.loss(theta + 3 * d), net.loss(theta), size)
        assert rounded(net.gradient(theta) @ d, 0, size)
        assert rounded(net.hessian(theta) @ d, 0, size)


@about(stability.flat_directions)
@settings(max_examples=15)
@given(rng=generators, N=st.integers(1, 3), width=st.integers(0, 4), M=st.integers(2, 4))
def test_the_nets_gradient_is_that_of_its_loss(claim: Claim, rng, N, width, M):
    net = SmallNet(rng.normal(size=(N, 7)), one_hot(rng, M, 7), width)
    theta = net.start(rng)
    size = 64 * net.size * (1 + np.abs(theta).max()) ** 3
    assert rounded(complex_gradient(net.loss, theta), net.gradient(theta), size)
    H = net.hessian(theta)
    assert rounded(H, H.T, size)
    assert claim is not None


@about(stability.common_shift_curvature)
@given(data=st.data(), M=st.integers(1, 4), n=st.integers(1, 3), turn=st.floats(0.5, 2))
def test_alike_outputs_move_alike(claim: Claim, data, M, n, turn):
    W = data.draw(matrices(s.W_out.domain, {"M": M, "n": n})) / 4
    h = data.draw(matrices(s.hidden.domain, {"n": n}))[:, 0] / 4
    size = 1e3 * (1 + np.abs(W).max()) ** 4 * M**4 * n**4 * turn**4
    assert below(0, claim(W_out=W, hidden=h), size)
    rows = np.tile(W[:1], (M, 1))
    assert rounded(claim(W_out=rows, hidden=h), 0, size), "equal rows: the outputs stay equal"
    # s = WW'1 grows as the square of W; with h shrunk the probabilities are kept
    assert rounded(claim(W_out=turn * W, hidden=h / turn), turn**4 * claim(W_out=W, hidden=h), size)
