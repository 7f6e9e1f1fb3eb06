"""What the source's experiments read off a training: curves, and whether it counts."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure
from deepnet.experiments.nets import Trained
from deepnet.experiments.page2019.curves import by_epoch
from deepnet.experiments.santurkar2018 import protocol
from deepnet.experiments.santurkar2018.scores import scores
from deepnet.experiments.store import Arrays

NAN = float("nan")
#: As many scores, one an epoch, are the late ones: of the steps from 300 to 400 at ``quick``.
LATE = 3


def curves(label: str, run: Trained, config: Mapping[str, Any], context: Context) -> Arrays:
    """Loss (steps,), scores at ``step`` (epochs + 1,) without noise, with noise at the end, mark.

    Named "<label>:loss", ":step", ":train", ":test", ":noisy_train", ":noisy_test" (nan where the
    net has no noise), ":mark", and ":plateau", the number of steps of a flat start; ":trained"
    (epochs,) is the accuracy over an epoch's batches as trained on, with noise where the net has
    any. Of a net that diverged there is no score at the end.
    """
    state, data = run.state, context.data
    stage = f"scores-{label.replace(':', '-')}"
    last = context.stage(stage, partial(_last, run, config, context))
    losses = np.array(state.records["loss"])
    return {
        f"{label}:loss": losses,
        f"{label}:step": np.array([*state.records["score:step"], len(losses)], float),
        f"{label}:train": np.array([*state.records["score:train"], last["train"]]),
        f"{label}:test": np.array([*state.records["score:test"], last["test"]]),
        f"{label}:trained": by_epoch(state, "accuracy"),
        f"{label}:noisy_train": last["noisy_train"],
        f"{label}:noisy_test": last["noisy_test"],
        f"{label}:mark": np.array(protocol.mark(state, data, config)),
        f"{label}:plateau": np.sum(protocol.plateau(losses, data.classes)),
    }


def _last(run: Trained, config: Mapping[str, Any], context: Context) -> Arrays:
    """The scores at the end, of nets that have one."""
    found = dict.fromkeys(("train", "test", "noisy_train", "noisy_test"), np.array(NAN))
    for prefix, noisy in (("", False), ("noisy_", True)):
        if not run.state.diverged and (run.problem.norm.noise is not None or not noisy):
            score = scores(run.problem, run.state.weights, context.data, config["batch"], noisy)
            found[f"{prefix}train"] = np.array(score.train)
            found[f"{prefix}test"] = np.array(score.test)
    return found


def counts(arrays: Arrays, *labels: str) -> bool:
    """Whether all these runs were made and trained, so that they can be compared."""
    return not any(str(arrays.get(f"{label}:mark", "not made")) for label in labels)


def late(arrays: Arrays, label: str, part: str = "train") -> float:
    """The mean of the last LATE scores: without batch norm single ones jump about.

    nan where there is none.
    """
    scored = arrays[f"{label}:{part}"][-LATE:]
    return float(scored.mean()) if len(scored) else NAN


def gain(above: str, below: str, part: str = "train") -> Measure:
    """By how much the late score of ``above`` is greater; nan where one of them did not train."""

    def measure(arrays: Arrays) -> float:
        if not counts(arrays, above, below):
            return NAN
        return late(arrays, above, part) - late(arrays, below, part)

    return measure


def gain_before(above: str, below: str) -> Measure:
    """The same difference before the first step."""
    return lambda arrays: float(arrays[f"{above}:train"][0] - arrays[f"{below}:train"][0])
