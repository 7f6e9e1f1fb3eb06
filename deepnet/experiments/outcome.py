"""The outcome of a training is judged by a rule of each source's experiments.

Nets are compared by value only where they trained. A training diverged if its last step gave inf or
nan. The rules differ in the trainings without divergence that count as "did not train". Each rule
says why its experiments need it. The rules rest on two tests of the engine, by accuracy and by
loss: see ``deepnet.training.verdict``.
"""

from enum import IntEnum
from math import isfinite, log

import numpy as np

from deepnet.data.dataset import Dataset
from deepnet.training import State, did_not_train
from deepnet.training.epoch import Batching
from deepnet.training.verdict import STANDARD_ERRORS, guesses

#: A net of grosse2021 did not train if its loss is above this share of a constant answer's loss.
SHARE = 0.9


class Outcome(IntEnum):
    """The outcome of a training. Stored results hold its number, so that the numbers must stay."""

    TRAINED = 0
    DID_NOT_TRAIN = 1
    DIVERGED = 2

    @property
    def words(self) -> str:
        """The words beside the name of a net. They are empty if the net trained.

        >>> [outcome.words for outcome in Outcome]
        ['', 'did not train', 'diverged']
        """
        return self.name.lower().replace("_", " ") if self else ""


def by_accuracy(state: State, data: Dataset, batching: Batching) -> Outcome:
    """The rule of ghorbani2019: the last epoch's accuracy is not above chance.

    The nets without batch norm are tried at falling rates, and the first rate at which a net learns
    anything is taken. Chance and its standard error follow from the images, so that the rule needs
    no threshold of ours. Raises ValueError where no whole epoch has been recorded.
    """
    if state.diverged:
        return Outcome.DIVERGED
    return _outcome(did_not_train(state, data, batching))


def by_accuracy_and_loss(state: State, data: Dataset, batching: Batching) -> Outcome:
    """The rule of oxford2021 and santurkar2018: by accuracy, or the loss has not left ln(classes).

    A deep net without batch norm can stay on the plateau of the loss ln(classes) while its accuracy
    leaves chance. Its surface and its slopes are then as flat as a constant answer's, which
    would compare well. Raises ValueError where no whole epoch has been recorded.
    """
    outcome = by_accuracy(state, data, batching)
    return outcome or _outcome(guesses(state, data.classes))


def by_final_loss(loss: float, classes: int) -> Outcome:
    """The rule of grosse2021: the final loss is above nine tenths of ln(classes).

    The experiments compare the final loss over all training images, so that the rule uses this
    loss. The rule also refuses a net that a large rate leaves far above ln(classes). A ``loss`` of
    inf or nan counts as diverged.

    >>> [by_final_loss(loss, classes=10).words for loss in (1.5, 2.2, float("nan"))]
    ['', 'did not train', 'diverged']
    """
    if not isfinite(loss):
        return Outcome.DIVERGED
    return _outcome(loss > SHARE * log(classes))


def by_last_quarter(state: State, classes: int, batch: int) -> Outcome:
    """The rule of page2019: the accuracy over the last quarter of the steps is not above chance.

    The trainings go on from a trained net at rates that may be too large. Such a net begins well
    and gets lost. A trial may be one epoch long, and the mean over this epoch would include the
    good beginning. Chance is the accuracy 1/classes, which a net with constant outputs attains,
    plus three standard errors over the images of the last quarter.
    """
    if state.diverged:
        return Outcome.DIVERGED
    accuracies = np.array(state.records["accuracy"])
    last = accuracies[-max(1, len(accuracies) // 4) :]
    chance = 1 / classes
    error = np.sqrt(chance * (1 - chance) / (len(last) * batch))
    return _outcome(last.mean() <= chance + STANDARD_ERRORS * error)


def by_best_epoch(accuracies: np.ndarray, classes: int) -> Outcome:
    """The rule of page2019's stress test: a net that was better than guessing guesses again.

    The net was better if an accuracy exceeded twice a guess's. It guesses again if the last
    accuracy is below 1.5 times a guess's. The rate begins small and rises until the net is lost, so
    that a low accuracy of the first epochs is no sign of a lost net. ``accuracies`` (epochs,) are
    the means over the epochs.

    >>> [by_best_epoch(np.array(column), classes=10).words for column in ([0.1, 0.4, 0.1], [0.1])]
    ['did not train', '']
    """
    guess = 1 / classes
    return _outcome(accuracies.max() > 2 * guess and accuracies[-1] < 1.5 * guess)


def _outcome(lost: object) -> Outcome:
    return Outcome.DID_NOT_TRAIN if lost else Outcome.TRAINED
