"""A training and what is recorded of it."""

import numpy as np

from deepnet.experiments.santurkar2018.shared import protocol
from deepnet.experiments.santurkar2018.shared.records import recorded


def test_a_training_is_the_same_whatever_is_recorded(context):
    plain = protocol.trained("noisy", 0.1, context).state
    with_records = recorded("noisy", 0.1, context).state
    assert set(plain.records) < set(with_records.records)
    assert plain.records["loss"] == with_records.records["loss"]
    assert all(np.array_equal(plain.weights[w], with_records.weights[w]) for w in plain.weights)
