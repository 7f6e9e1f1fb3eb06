"""Two weights at the edge of stability, from all starts, and how the edge scales."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.derivatives import TINY
from sim.stability.training import Nets
from tests.about import about
from tests.close import rounded
from theory import quadratic, stability
from theory.claim import Claim


@about(stability.edge_of_stability, stability.edge_with_momentum)
@given(eta=st.floats(0.01, 2), beta=st.floats(0.01, 0.95), lam=st.floats(0.1, 10))
def test_the_edge_inverts_the_largest_rate(claim: Claim, eta, beta, lam):
    plain = stability.edge_of_stability(eta=quadratic.max_rate(R=[[lam]]))
    ball = quadratic.max_rate_heavy_ball(R=[[lam]], beta=beta)
    assert rounded(plain, lam, 4 * lam)
    assert rounded(stability.edge_with_momentum(eta=ball, beta=beta), lam, 4 * lam)
    ratio = stability.edge_with_momentum(eta=eta, beta=beta) / stability.edge_of_stability(eta=eta)
    assert rounded(ratio, 1 + beta, 8)
    assert claim is not None


@about(stability.edge_of_stability)
def test_the_nets_slopes_are_those_of_their_losses(claim: Claim):
    nets = Nets.draw(np.random.default_rng(0), 3, width=4, examples=5)
    slope_W, slope_V = nets.gradients(nets.W, nets.V)
    for layer, slope in (("W", slope_W), ("V", slope_V)):
        for index in np.ndindex(*slope.shape[1:]):
            moved = getattr(nets, layer).astype(complex)
            moved[(slice(None), *index)] += 1j * TINY
            here = Nets(nets.X, nets.Y, **{"W": nets.W, "V": nets.V, layer: moved})
            found = here.losses().imag / TINY
            assert rounded(found, slope[(slice(None), *index)], 100)
    assert claim(eta=0.5) == 4
