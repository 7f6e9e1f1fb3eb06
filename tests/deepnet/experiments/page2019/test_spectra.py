"""What the post's spectra are read with: angles between subspaces, flat directions, its numbers."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import subspace_angles

from deepnet import ops
from deepnet.curvature import Batches, hessian, moment_gradients, shares, span
from deepnet.experiments.page2019 import gauss_newton as newton
from deepnet.experiments.page2019 import leading_eigenvalues, overlaps, projected_eigenvalues
from deepnet.experiments.page2019.observed import overlaps as published_overlaps
from deepnet.nets.initialise import initialise
from deepnet.nets.mlp import mlp
from deepnet.nets.modes import NoNorm, norm_named
from deepnet.nets.page import page
from deepnet.problem import Problem
from deepnet.vectors import from_vector
from tests.close import rounded
from tests.paths import SHARED

GOLDEN = SHARED / "golden" / "page_2019.json"
THEIR_NAMES = {
    "active": "batch norm",
    "frozen": "frozen batch norm",
    "none": "no batch norm",
}


# ----- Angles -----


@given(seed=st.integers(0, 2**32 - 1), k=st.integers(1, 5), m=st.integers(1, 5))
def test_squared_cosines_are_those_of_scipys_angles(seed, k, m):
    rng = np.random.default_rng(seed)
    vectors, _ = np.linalg.qr(rng.normal(size=(12, m)))
    gradients = rng.normal(size=(k, 12))
    squared = overlaps.cosines(vectors, gradients)
    angles = subspace_angles(vectors, gradients.T)  # the largest first
    assert rounded(squared, np.cos(angles[::-1]) ** 2, 1, condition=np.linalg.cond(gradients))


@given(seed=st.integers(0, 2**32 - 1), held=st.integers(1, 4))
def test_a_dimension_that_is_held_has_the_cosine_one_and_another_zero(seed, held):
    """Whatever mixture of them the gradients and the eigenvectors are."""
    rng = np.random.default_rng(seed)
    axes, _ = np.linalg.qr(rng.normal(size=(12, 12)))
    turned, _ = np.linalg.qr(rng.normal(size=(6, 6)))
    vectors = axes[:, :6] @ turned
    basis = np.column_stack([axes[:, :held], axes[:, 6 : 6 + 5 - held]])
    gradients = rng.normal(size=(5, 5)) @ basis.T
    condition = np.linalg.cond(gradients)
    assert rounded(overlaps.cosines(vectors, gradients), np.arange(5) < held, 1, condition)


# ----- Flat directions -----


def small(mode: str) -> Batches:
    """The post's net at width 1/32 in float64 on a few random images."""
    rng = np.random.default_rng(3)
    net = page(1 / 32)
    weights = {name: w.astype(float) for name, w in initialise(net, rng).items()}
    x = rng.normal(size=(6, 32, 32, 3))
    targets = ops.smoothed(np.arange(6), 10, 0.5, np.dtype(float))
    return Batches(Problem(net, norm_named(mode)), weights, [(x, targets)])


@pytest.mark.parametrize("mode", ["active", "none"])
def test_weights_alike_for_every_class_move_all_outputs_alike_and_nothing_bends(mode):
    batches = small(mode)
    kinds = newton.directions(batches, np.random.default_rng(0), 2)
    ((_, part),) = batches
    shapes = batches.problem.net.shapes
    for kind, columns in kinds.items():
        assert rounded(np.linalg.norm(columns, axis=0), 1)
        for d, product in zip(columns.T, (hessian(batches) @ columns).T, strict=True):
            moved = part.jvp(from_vector(d, shapes))
            spread = np.ptp(moved, axis=1).max() / np.abs(moved).max()
            bends = np.linalg.norm(product)
            assert (spread < 1e-12) == (bends < 1e-14) == (kind == "alike")


def test_the_sum_of_the_mean_outputs_gradients_is_not_flat():
    """As stability.common_shift_curvature has it: below the last layer outputs move unequally."""
    ((_, part),) = small("none")
    u = np.full(part.outputs.shape, 1 / len(part.outputs))
    shift = part.vjp(u)
    outputs = part.jvp(shift)
    assert np.ptp(outputs, axis=1).max() > 0.01 * np.abs(outputs).max()


# ----- Why the outliers lie in the span of the means, and when not -----

CLASSES, INPUTS, EXAMPLES = 5, 20, 400


def classifier(seed: int, shuffled: bool = False, steps: int = 0) -> Batches:
    """A linear classifier of classes that lie apart, its inputs with a mean, trained by descent."""
    rng = np.random.default_rng(seed)
    labels = np.arange(EXAMPLES) % CLASSES
    centres, _ = np.linalg.qr(rng.normal(size=(INPUTS, CLASSES)))
    x = 3 / INPUTS**0.5 + 3 * centres.T[labels] + rng.normal(size=(EXAMPLES, INPUTS))
    targets = np.eye(CLASSES)[rng.permutation(labels) if shuffled else labels]
    problem = Problem(mlp((INPUTS, CLASSES)), NoNorm())
    batches = Batches(problem, {"dense1": np.zeros((CLASSES, INPUTS))}, [(x, targets)])
    for _ in range(steps):
        step = 0.3 * batches.gradient().reshape(CLASSES, INPUTS)
        batches = Batches(problem, {"dense1": batches.weights["dense1"] - step}, batches.data)
    return batches


def leading_shares(batches: Batches) -> dict[str, np.ndarray]:
    """The moments' shares of the leading eigenvectors, one fewer than there are classes."""
    H = hessian(batches) @ np.eye(CLASSES * INPUTS)
    leading = np.linalg.eigh((H + H.T) / 2)[1][:, 1 - CLASSES :]
    return shares(leading, span(moment_gradients(batches)))


@pytest.mark.parametrize("seed", range(3))
def test_before_training_the_outliers_are_as_much_in_the_means_span_as_the_inputs(seed):
    """At equal probabilities H is the Kronecker product of E[xx'] and I/M - 11'/M^2, as in the
    claim stability.class_outliers: an outlier's share is that of E[xx']'s leading eigenvector in
    the mean input, M - 1 times, and nothing is left for the other moments."""
    batches = classifier(seed)
    ((x, _),) = batches.data
    leading, mean = np.linalg.eigh(x.T @ x)[1][:, -1], x.mean(0)
    by_moment = leading_shares(batches)
    assert rounded(by_moment["mean"], (leading @ mean) ** 2 / (mean @ mean))
    assert by_moment["mean"].min() > 0.9
    assert max(np.max(by_moment[moment], initial=0) for moment in ("variance", "third")) < 1e-9


@pytest.mark.parametrize("seed", range(3))
def test_as_the_classes_are_learnt_the_outliers_turn_out_of_the_means_span(seed):
    """Into that of variances and third moments, which hold most of what the means lose. Where there
    is nothing to learn, labels being shuffled, the outliers are there all the same and do not."""
    learnt = leading_shares(classifier(seed, steps=300))
    unlearnable = leading_shares(classifier(seed, shuffled=True, steps=300))
    lost, lost_unlearnable = 1 - learnt["mean"].mean(), 1 - unlearnable["mean"].mean()
    assert lost > 2 * lost_unlearnable
    assert (learnt["variance"] + learnt["third"]).mean() > lost / 2


# ----- The source's numbers -----


@pytest.mark.skipif(not GOLDEN.exists(), reason="the source's record is not here")
@pytest.mark.parametrize("name", THEIR_NAMES)
def test_the_sources_numbers_are_copied_right(name):
    record, theirs = json.loads(GOLDEN.read_text()), THEIR_NAMES[name]
    assert leading_eigenvalues.PRINTED[name] == tuple(record["top25_eigenvalues"][theirs])
    left = record["top25_eigenvalues_projected_off_moment_subspace"][theirs]
    assert projected_eigenvalues.PRINTED[name] == tuple(left)
    total = np.sum(list(record["overlap2_by_moment"][theirs].values()), axis=0)
    assert rounded(total, published_overlaps.PRINTED[name], decimals=3)


@pytest.mark.parametrize("name", THEIR_NAMES)
def test_the_sources_projected_eigenvalues_interlace_the_others(name):
    """Those left do not exceed those there were, rank by rank (stability.projected_curvature)."""
    whole, left = (
        np.array(module.PRINTED[name]) for module in (leading_eigenvalues, projected_eigenvalues)
    )
    assert np.all(left[:22] <= whole[:22])
