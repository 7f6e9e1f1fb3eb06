"""Training that goes on from a net: when it is lost."""

from deepnet.experiments.page2019.shared.continued import lost
from deepnet.training import State


def _trained(accuracies, diverged=False):
    return State({}, {}, records={"accuracy": list(accuracies)}, diverged=diverged)


def test_a_training_is_lost_at_chance_and_not_above_it():
    batch, classes = 128, 10
    for share, is_lost in ((0.1, True), (0.11, True), (0.2, False), (0.05, True)):
        assert lost(_trained([0.9] * 30 + [share] * 10), classes, batch) == is_lost
    assert lost(_trained([0.9] * 40, diverged=True), classes, batch)
    assert not lost(_trained([0.1] * 30 + [0.9] * 10), classes, batch)
