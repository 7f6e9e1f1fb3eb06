"""Curves of a training, and whether the training counts in comparisons."""

import math
from dataclasses import asdict
from functools import partial

import numpy as np

from deepnet.experiments.by_epoch import by_epoch
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure
from deepnet.experiments.santurkar2018.shared import protocol
from deepnet.experiments.santurkar2018.shared.scores import scores
from deepnet.experiments.store import Arrays
from deepnet.experiments.trained import Trained
from deepnet.training import verdict

NAN = float("nan")
#: The number of late scores, one per epoch. At ``quick`` they are of the steps from 300 to 400.
LATE = 3
#: What statements on gains were before, and why the gain was changed.
AT_THE_END = "The gain was measured at the end of training alone."
JUMPS = "Single scores jump about without batch norm, so that the last three are averaged."
BEFORE_TRAINING = "The null was the gain before training."


def curves(label: str, run: Trained, context: Context) -> Arrays:
    """The curves of a training. A net that diverged has no score at the end.

    "<label>:loss" (steps,): the losses.
    "<label>:step" (epochs + 1,): the steps at which scores are taken.
    "<label>:train" and "<label>:test" (epochs + 1,): the scores without noise.
    "<label>:noisy_train" and "<label>:noisy_test": the scores at the end with noise, if the net has
    noise.
    "<label>:trained" (epochs,): the accuracy on the batches, with the noise of the training.
    "<label>:mark": the number of an ``Outcome``.
    "<label>:plateau": the number of steps of a flat start.
    """
    state, data = run.state, context.data
    stage = f"scores-{label.replace(':', '-')}"
    last = context.stage(stage, partial(_last, run, context))
    losses, ended = np.array(state.records["loss"]), [] if state.diverged else [last]
    steps = [*state.records["score:step"], *(len(losses) for _ in ended)]
    measured = {
        f"{label}:loss": losses,
        f"{label}:step": np.array(steps, float),
        f"{label}:trained": by_epoch(state, "accuracy"),
        f"{label}:mark": np.array(protocol.outcome(state, context)),
        f"{label}:plateau": np.sum(plateau(losses, data.classes)),
    }
    for part in ("train", "test"):
        scored = [*state.records[f"score:{part}"], *(score[part] for score in ended)]
        measured[f"{label}:{part}"] = np.array(scored)
    noisy = {name: score for name, score in last.items() if name.startswith("noisy")}
    return measured | {f"{label}:{name}": score for name, score in noisy.items()}


def _last(run: Trained, context: Context) -> Arrays:
    """The scores at the end of training, with noise too if the net has any.

    There are none if training diverged.
    """
    scored: Arrays = {}
    kinds = {"": False} | ({"noisy_": True} if run.problem.norm.noisy else {})
    for prefix, noisy in ({} if run.state.diverged else kinds).items():
        score = scores(run.problem, run.state.weights, context.data, context.config["batch"], noisy)
        scored |= {f"{prefix}{part}": np.array(share) for part, share in asdict(score).items()}
    return scored


def counts(arrays: Arrays, *labels: str) -> bool:
    """Whether all these runs were made and trained, so that they can be compared."""
    return all(f"{label}:mark" in arrays and not arrays[f"{label}:mark"] for label in labels)


def late(arrays: Arrays, label: str, part: str = "train") -> float:
    """The mean of the last LATE scores, nan if there is none.

    Without batch norm, single scores jump about.
    """
    scored = arrays[f"{label}:{part}"][-LATE:]
    return float(scored.mean()) if len(scored) else NAN


def gain(above: str, below: str, part: str = "train") -> Measure:
    """The late score of ``above`` minus the late score of ``below``.

    The result is nan if one of the two nets did not train.
    """

    def measure(arrays: Arrays) -> float:
        if not counts(arrays, above, below):
            return NAN
        return late(arrays, above, part) - late(arrays, below, part)

    return measure


def gain_by_time(label: str) -> Measure:
    """The late score minus the mean of the LATE scores before, of the same net.

    The result is nan if the net did not train.
    """

    def measure(arrays: Arrays) -> float:
        earlier = arrays[f"{label}:train"][-2 * LATE : -LATE]
        if not counts(arrays, label) or not len(earlier):
            return NAN
        return late(arrays, label) - float(earlier.mean())

    return measure


def plateau(losses: np.ndarray, classes: int = 10) -> np.ndarray:
    """Whether each step lies before the first loss that is ``verdict.MARGIN`` off ln(classes).

    >>> plateau(np.array([2.31, 2.29, 2.1, 2.3]))
    array([ True,  True, False, False])
    """
    off = np.abs(np.asarray(losses) - math.log(classes)) > verdict.MARGIN
    return ~np.logical_or.accumulate(off)
