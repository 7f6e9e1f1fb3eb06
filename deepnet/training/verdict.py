"""Whether a run has trained at all, by its accuracy or by its loss.

A net that answers always the same is right as often as the commonest class occurs. This share of
the images is chance, c. The accuracy of such a net over n images has the standard error
sqrt(c (1 - c)/n). A run did not train where its training accuracy over the last epoch is no more
than three standard errors above chance.
"""

from dataclasses import dataclass

import numpy as np

from deepnet.data.dataset import Dataset
from deepnet.training.epoch import Batching
from deepnet.training.state import State

#: A run must exceed chance by more than so many standard errors to have trained.
STANDARD_ERRORS = 3
#: A net that knows nothing has the loss ln(classes), and leaves it when it is below by this much,
#: in the mean over the LAST steps at the end, over WINDOW steps along the way.
MARGIN = 0.05
LAST, WINDOW = 50, 10


@dataclass(frozen=True)
class Chance:
    """The accuracy of a constant answer and its standard error over an epoch."""

    accuracy: float
    stderr: float

    @classmethod
    def of(cls, data: Dataset, batching: Batching) -> "Chance":
        """On the training images that an epoch shows."""
        shown = len(data.y_train) // batching.batch * batching.batch
        c = float(np.bincount(data.y_train).max() / len(data.y_train))
        return cls(c, float(np.sqrt(c * (1 - c) / shown)))

    @property
    def highest(self) -> float:
        """What a run must exceed to have trained."""
        return self.accuracy + STANDARD_ERRORS * self.stderr


def last_accuracy(state: State, data: Dataset, batching: Batching) -> float:
    """The share of images classified rightly over the last epoch, each before its own step.

    Raises ValueError where no whole epoch has been recorded by the hook ``usual``.
    """
    steps = len(data.y_train) // batching.batch
    recorded = state.records.get("accuracy", [])
    if len(recorded) < steps:
        raise ValueError(f"{len(recorded)} accuracies are recorded; an epoch has {steps}")
    return float(np.mean(recorded[-steps:]))


def did_not_train(state: State, data: Dataset, batching: Batching) -> bool:
    """Whether the last epoch's training accuracy is at most chance plus three standard errors.

    This is the rule by accuracy, ``guesses`` is the rule by loss. Raises ValueError where no whole
    epoch has been recorded.
    """
    return last_accuracy(state, data, batching) <= Chance.of(data, batching).highest


def guesses(state: State, classes: int) -> bool:
    """Whether the mean of the LAST losses has not left ln(classes), the loss of a constant answer.

    This is the rule by loss. Accuracy may leave chance earlier, by which ``did_not_train`` judges.

    >>> guesses(State({}, {}, records={"loss": [2.5, 2.29]}), classes=10)
    True
    """
    return not float(np.mean(state.records["loss"][-LAST:])) <= np.log(classes) - MARGIN


def first_below_guessing(losses: np.ndarray, classes: int) -> int | None:
    """The first step at which the mean of the last WINDOW losses has left ln(classes), or None.

    ``losses`` (steps,) are those of all steps in order.

    >>> first_below_guessing(np.array([2.3, 2.2, *[2.3] * 20, *[1.9] * 20]), classes=10)
    23
    """
    steps = range(WINDOW - 1, len(losses))
    enough = np.log(classes) - MARGIN
    means = ((step, losses[step - WINDOW + 1 : step + 1].mean()) for step in steps)
    return next((step for step, mean in means if mean < enough), None)
