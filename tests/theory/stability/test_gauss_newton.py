"""The parts of the Hessian, for all lines, nets and data."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.stability.draws import SmallNet, one_hot
from sim.stability.gauss_newton import gauss_newton, regression
from tests.about import about
from tests.close import below, rounded
from tests.strategies import matrices
from theory import stability
from theory import symbols as s
from theory.claim import Claim

generators = st.integers(0, 2**32 - 1).map(np.random.default_rng)


@about(stability.curvature_split)
@given(data=st.data(), M=st.integers(1, 5), factor=st.floats(0.2, 5))
def test_how_the_parts_scale(claim: Claim, data, M, factor):
    z, v, a, y = (data.draw(matrices(s.outputs.domain, {"M": M}))[:, 0] for _ in range(4))
    parts = claim(outputs=z, velocity=v, acceleration=a, target=y)
    size = 64 * M * (1 + max(np.abs(each).max() for each in (v, a, y))) ** 2 * (1 + factor) ** 2
    assert below(0, parts["gauss_newton"], size)
    along = stability.output_hessian(outputs=z, velocity=v)["along"]
    assert rounded(parts["gauss_newton"], along, size)
    faster = claim(outputs=z, velocity=factor * v, acceleration=factor**2 * a, target=y)
    assert rounded(faster["gauss_newton"], factor**2 * parts["gauss_newton"], size)
    assert rounded(faster["residual"], factor**2 * parts["residual"], size)
    p = np.exp(z - z.max())
    met = claim(outputs=z, velocity=v, acceleration=a, target=p / p.sum())
    assert rounded(met["residual"], 0, size)


@about(stability.curvature_split)
@settings(max_examples=15)
@given(rng=generators, width=st.integers(1, 4), M=st.integers(2, 4))
def test_gauss_newton_and_residual_are_the_hessian(claim: Claim, rng, width, M):
    """G + R = H: G from slopes of the outputs, R what is left, of no curvature on a linear net."""
    linear = SmallNet(rng.normal(size=(2, 8)), one_hot(rng, M, 8), 0)
    theta = linear.start(rng)
    root = gauss_newton(linear, theta)
    size = 1e4 * linear.size
    assert rounded(root @ root.T / 8, linear.hessian(theta), size)
    net = SmallNet(rng.normal(size=(2, 8)), one_hot(rng, M, 8), width)
    theta = net.start(rng)
    root = gauss_newton(net, theta)
    last = slice(net.size - net.last, net.size)
    newton = (root @ root.T / 8)[last, last]
    assert rounded(newton, net.hessian(theta)[last, last], size), "linear in the last layer"
    assert claim is not None


@about(stability.gauss_newton_rank)
@settings(max_examples=15)
@given(rng=generators, B=st.integers(1, 6), M=st.integers(1, 4), width=st.integers(1, 4))
def test_no_rank_is_larger(claim: Claim, rng, B, M, width):
    net = SmallNet(rng.normal(size=(3, B)), one_hot(rng, M, B), width)
    root = gauss_newton(net, net.start(rng))
    rank = np.linalg.matrix_rank(root, tol=1e-7 * max(np.linalg.norm(root, 2), 1e-6))
    assert rank <= claim(P=net.size, B=B, M=M)["upper"]


@about(stability.class_outliers)
@settings(max_examples=15)
@given(rng=generators, N=st.integers(1, 4), M=st.integers(2, 5))
def test_the_trace_is_that_of_the_hessian(claim: Claim, rng, N, M):
    mu = rng.normal(size=N) + 1
    value = claim(mu=mu, M=M)
    bulk = N * M - value["outliers"] - value["zeros"]
    assert bulk == (N - 1) * (M - 1)
    total = value["outliers"] * value["outlier"] + bulk * value["bulk"]
    size = 64 * N * M * (1 + mu @ mu)
    assert rounded(total, (M - 1) / M * (N + mu @ mu), size)
    assert rounded(np.sort(regression(rng, mu, M))[-1], value["outlier"], 8 * size)
