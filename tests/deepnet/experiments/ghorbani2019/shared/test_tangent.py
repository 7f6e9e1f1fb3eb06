"""Lengths that batch norm does not see."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from deepnet.experiments.ghorbani2019.shared.tangent import rescaled, tangent
from deepnet.nets.modes import Active, norm_named
from deepnet.vectors import from_vector, to_vector
from tests.close import rounded
from tests.deepnet.experiments.ghorbani2019.tiny import small


def gradient_and_layers(mode, eps=1e-12):
    problem, weights, x, targets = small(norm_named(mode, eps=eps))
    return to_vector(problem.linearise(weights, x, targets).grad()), weights, problem.net.normed


def test_gradients_have_nothing_along_the_units_weights_with_batch_norm_alone():
    for mode, changes in (("active", False), ("none", True)):
        gradient, weights, layers = gradient_and_layers(mode)
        rest = tangent(gradient[:, None], weights, layers)[:, 0]
        change = np.linalg.norm(rest - gradient) / np.linalg.norm(gradient)
        assert (change > 1e-3) if changes else (change < 1e-6)


@given(seed=st.integers(0, 2**32 - 1))
def test_what_is_tangent_is_orthogonal_to_every_unit_and_stays(seed):
    _, weights, _, _ = small(Active())
    layers = [name for name in weights if not name.startswith("dense")]
    rng = np.random.default_rng(seed)
    size = len(to_vector(weights))
    columns = rng.normal(size=(size, 2))
    projected = tangent(columns, weights, layers)
    assert rounded(tangent(projected, weights, layers), projected)
    parts = from_vector(projected[:, 0], {name: w.shape for name, w in weights.items()})
    for layer in layers:
        along = (parts[layer] * weights[layer]).sum(axis=(1, 2, 3))
        assert rounded(along, 0, np.sqrt(size))
    assert np.array_equal(
        parts["dense"],
        from_vector(columns[:, 0], {name: w.shape for name, w in weights.items()})["dense"],
    )


@given(seed=st.integers(0, 2**32 - 1))
def test_an_end_of_other_lengths_is_the_same_end(seed):
    """With batch norm: the loss of the rescaled weights is the same, and the way to them."""
    problem, here, x, targets = small(Active(eps=1e-12))
    layers = problem.net.normed
    rng = np.random.default_rng(seed)
    end = {name: w + 0.3 * rng.normal(size=w.shape) * w.std() for name, w in here.items()}
    longer = dict(end)
    for layer in layers:
        longer[layer] = end[layer] * rng.uniform(0.2, 5, (len(end[layer]), 1, 1, 1))
    one, two = rescaled(end, here, layers), rescaled(longer, here, layers)
    assert all(rounded(one[name], two[name]) for name in one)
    losses = [float(problem.linearise(there, x, targets).loss) for there in (one, end, longer)]
    assert np.ptp(losses) < 1e-8
    for layer in layers:
        lengths = [np.sqrt((w[layer] ** 2).sum((1, 2, 3))) for w in (one, here)]
        assert rounded(*lengths)
