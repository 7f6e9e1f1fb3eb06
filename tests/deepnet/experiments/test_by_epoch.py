"""What a training recorded, epoch by epoch."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from deepnet.experiments.by_epoch import by_epoch
from deepnet.training import State
from tests.close import rounded


@given(st.integers(1, 5), st.integers(1, 7), st.integers(0, 4), st.integers(0, 2**32 - 1))
def test_means_are_over_whole_epochs(epochs, steps, begun, seed):
    """``begun`` steps of one epoch more, ended by nan, are left out."""
    losses = np.random.default_rng(seed).normal(size=epochs * steps + min(begun, steps - 1))
    moments = (np.arange(len(losses)) + 1) / steps
    records = {"epoch": moments.tolist(), "loss": losses.tolist()}
    means = by_epoch(State({}, {}, records=records, epoch=epochs), "loss")
    whole = losses[: epochs * steps].reshape(epochs, steps)
    assert rounded(means, whole.mean(1))


def test_before_the_first_epoch_there_are_none():
    records = {"epoch": [0.5], "loss": [float("nan")]}
    assert by_epoch(State({}, {}, records=records), "loss").shape == (0,)
