"""What became of a training: the rules of the sources, and where they differ."""

import numpy as np
import pytest

from deepnet.data import textures
from deepnet.experiments.outcome import (
    Outcome,
    by_accuracy,
    by_accuracy_and_loss,
    by_best_epoch,
    by_last_quarter,
)
from deepnet.training import State, Training, constant

TRAINING = Training(epochs=1, batch=8, schedule=constant(0.1), rule=None)


def _ended(accuracies, losses=(), diverged=False):
    records = {"accuracy": list(accuracies), "loss": list(losses)}
    return State({}, {}, records=records, diverged=diverged)


def test_the_numbers_in_stored_results_keep_their_meaning():
    numbers = {outcome.words: outcome.value for outcome in Outcome}
    assert numbers == {"": 0, "did not train": 1, "diverged": 2}
    assert np.array(Outcome.DIVERGED).dtype == np.array(2).dtype


@pytest.mark.parametrize(
    ("accuracy", "loss", "words", "by_accuracy_alone"),
    [
        (0.5, 1.0, "", ""),
        (0.1, 1.0, "did not train", "did not train"),
        (0.3, 2.29, "did not train", ""),
    ],
)
def test_a_net_on_the_plateau_did_not_train_however_well_it_guesses(
    accuracy, loss, words, by_accuracy_alone
):
    state, data = _ended([accuracy] * 8, [loss] * 8), textures(64, 32)
    assert by_accuracy_and_loss(state, data, TRAINING).words == words
    assert by_accuracy(state, data, TRAINING).words == by_accuracy_alone


def test_what_diverged_needs_no_whole_epoch():
    data = textures(64, 32)
    for rule in (by_accuracy, by_accuracy_and_loss):
        assert rule(_ended([], diverged=True), data, TRAINING) is Outcome.DIVERGED
        with pytest.raises(ValueError, match="0 accuracies are recorded; an epoch has 8"):
            rule(_ended([]), data, TRAINING)


def test_a_training_is_lost_at_chance_and_not_above_it():
    batch, classes = 128, 10
    for share, is_lost in ((0.1, True), (0.11, True), (0.2, False), (0.05, True)):
        outcome = by_last_quarter(_ended([0.9] * 30 + [share] * 10), classes, batch)
        assert outcome is (Outcome.DID_NOT_TRAIN if is_lost else Outcome.TRAINED)
    gone = by_last_quarter(_ended([0.9] * 40, diverged=True), classes, batch)
    assert gone is Outcome.DIVERGED
    assert not by_last_quarter(_ended([0.1] * 30 + [0.9] * 10), classes, batch)


@pytest.mark.parametrize(
    ("accuracies", "lost"),
    [
        ([0.1], False),
        ([0.1, 0.1, 0.1], False),  # has not begun to learn
        ([0.1, 0.5, 0.4], False),
        ([0.1, 0.5, 0.14], True),
        ([0.1, 0.5, 0.16], False),
    ],
)
def test_a_net_is_lost_when_it_guesses_again(accuracies, lost):
    outcome = by_best_epoch(np.array(accuracies), 10)
    assert outcome is (Outcome.DID_NOT_TRAIN if lost else Outcome.TRAINED)
