"""Records along a training show how far a step may go before loss and gradient change much.

They are taken over three kinds of steps.

"gradient": 1/2, 1, 2 and 4 times the rate along the batch's raw gradient.
"update": 1/2, 1, 2 and 4 times Adam's own update of the step, whose rate multiplies no gradient.
"small": a hundredth of the rate along the gradient, where the effective beta tends to |Hg|/|g|.

The source does not say which step sizes it takes.
"""

from collections.abc import Mapping

import numpy as np

from deepnet.experiments.store import Arrays
from deepnet.training import Hook, TrainingStep
from deepnet.watch import every, of_smoothness

#: Raised when the same training gives other records.
VERSION_OF_RECORDS = 1
MULTIPLES = (0.5, 1, 2, 4)
SMALL = 0.01


def smoothness_hook(count: int, steps: int) -> Hook:
    """The hook that records at every ``count``-th step of a training of ``steps`` per epoch.

    The records are the records of ``of_smoothness`` with the prefixes "gradient:", "update:" and
    "small:", and "watched:step".
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


def variation(arrays: Arrays, net: str, along: str) -> np.ndarray:
    """The largest minus the smallest loss over the multiples of a step, (records,).

    ``net`` is "name:norm:which".
    """
    return np.ptp(arrays[f"{net}:{along}:losses"], axis=1)


def beta(arrays: Arrays, net: str, along: str) -> np.ndarray:
    """The effective betas that are not saturated and not on the plateau.

    On the plateau the loss is flat, which is not smoothness.
    """
    chosen = ~arrays[f"{net}:{along}:saturated"] & ~arrays[f"{net}:plateau"]
    return arrays[f"{net}:{along}:beta"][chosen]
