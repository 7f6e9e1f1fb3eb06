"""What is recorded along a training: how far the loss and its gradient can be trusted.

Over a = 1/2, 1, 2, 4 times the rate along the batch's raw gradient ("gradient"), and over the same
multiples of Adam's own update of that step ("update"), whose rate multiplies no gradient; and over
a hundredth of the rate along the gradient ("small"), where the effective beta tends to |Hg|/|g|.
The source does not say which step sizes it takes.
"""

from collections.abc import Mapping

from deepnet.training import Hook, TrainingStep
from deepnet.watch import every, of_smoothness

#: Raised when the same training gives other records.
VERSION_OF_RECORDS = 1
MULTIPLES = (0.5, 1, 2, 4)
SMALL = 0.01


def smoothness_hook(count: int, steps: int) -> Hook:
    """The hook, at every ``count``-th step of a training of ``steps`` an epoch.

    Records are those of ``of_smoothness`` after "gradient:", "update:" and "small:", and
    "watched:step".
    """
    hooks = {
        "gradient": of_smoothness(MULTIPLES, "gradient"),
        "update": of_smoothness(MULTIPLES, "update"),
        "small": of_smoothness((SMALL,), "gradient"),
    }

    def record(step: TrainingStep) -> Mapping[str, float]:
        return {
            f"{kind}:{name}": value
            for kind, hook in hooks.items()
            for name, value in hook(step).items()
        }

    return every(count, steps, record)
