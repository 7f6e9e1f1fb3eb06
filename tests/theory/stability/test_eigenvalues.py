"""Eigenvalues from products, and on a complement, for every symmetric matrix."""

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.about import about
from tests.close import below, rounded
from tests.strategies import matrices
from theory import stability
from theory import symbols as s
from theory.claim import Claim

sizes = st.integers(2, 5)
hessians = sizes.flatmap(lambda P: matrices(s.Hess.domain, {"P": P}))


@st.composite
def subspaces(draw):
    """A symmetric matrix and fewer directions than it has."""
    P = draw(sizes)
    dim = draw(st.integers(1, P - 1))
    H = draw(matrices(s.Hess.domain, {"P": P}))
    return H, draw(matrices(s.U.domain, {"N": P}))[:, :dim]


@about(stability.power_method)
@given(H=hessians)
def test_it_is_the_eigenvalue_of_largest_size(claim: Claim, H):
    values = np.linalg.eigvalsh(H)
    assume(abs(values[0] + values[-1]) > 1e-9)
    found = claim(Hess=H)
    size = len(H) * (1 + np.abs(values).max())
    assert rounded(abs(found), np.abs(values).max(), size)
    assert rounded(claim(Hess=-H), -found, size)


@about(stability.power_method)
@given(data=st.data(), P=st.integers(2, 4), bend=st.floats(1.5, 3))
def test_products_find_it(claim: Claim, data, P, bend):
    axes = data.draw(matrices(s.U.domain, {"N": P}))
    H = (axes * np.linspace(-bend, 1, P)) @ axes.T
    v = axes.sum(axis=1)
    for _ in range(200):
        v = H @ v / np.linalg.norm(H @ v)
    assert rounded(claim(Hess=(H + H.T) / 2), v @ H @ v, 16 * P * bend)


@about(stability.power_method_rate)
@given(
    lam=st.floats(0.1, 4),
    ratio=st.floats(-0.95, 0.95),
    tangent=st.floats(0.1, 5),
    k=st.integers(0, 12),
)
def test_steps_add_up(claim: Claim, lam, ratio, tangent, k):
    value = claim(lam=lam, ratio=ratio, tangent=tangent, k=k)
    assert below(0, value["error"], lam)
    assert below(value["error"], lam * (1 - ratio) * value["tangent"] ** 2, 100 * lam)
    assume(value["tangent"] > 1e-9)
    later = claim(lam=lam, ratio=ratio, tangent=value["tangent"], k=3)
    whole = claim(lam=lam, ratio=ratio, tangent=tangent, k=k + 3)
    assert rounded(later["tangent"], whole["tangent"], (k + 3) * tangent)
    assert rounded(later["error"], whole["error"], (k + 3) * lam * (1 + tangent) ** 2)


@about(stability.ritz_values)
@given(pair=subspaces())
def test_every_subspace_has_its_ritz_values_inside(claim: Claim, pair):
    H, basis = pair
    ritz = np.linalg.eigvalsh(basis.T @ H @ basis)
    bounds, size = claim(Hess=H), len(H) ** 2 * (1 + np.abs(H).max())
    assert below(bounds["lower"], ritz, size)
    assert below(ritz, bounds["upper"], size)


@about(stability.projected_curvature)
@given(pair=subspaces(), mixed=st.integers(0, 2**32 - 1))
def test_it_interlaces_and_sees_the_span_alone(claim: Claim, pair, mixed):
    H, basis = pair
    outside = np.eye(len(H)) - basis @ basis.T
    left = np.linalg.eigvalsh(outside @ H @ outside)[-1]
    bounds, size = claim(Hess=H, span=basis), len(H) ** 2 * (1 + np.abs(H).max())
    assert below(bounds["lower"], left, size)
    assert below(left, bounds["upper"], size)
    found = claim.formula(claim.definition.expression)(Hess=H, span=basis)
    assert rounded(found, left, size)
    turn = np.random.default_rng(mixed).normal(size=(basis.shape[1],) * 2)
    assume(np.linalg.cond(turn) < 100)
    again = claim.definition(Hess=H, span=basis @ turn)
    assert rounded(again, left, 1e4 * size)


@about(stability.projected_curvature)
def test_of_a_negative_definite_hessian_the_projection_leaves_zero(claim: Claim):
    H, span = -np.eye(3), np.eye(3)[:, :1]
    assert claim.definition(Hess=H, span=span) == 0
    assert claim(Hess=H, span=span) == {"lower": -1, "upper": 0}
