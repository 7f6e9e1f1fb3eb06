"""What the source's experiments read off a training: curves, and whether it counts."""

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

NAN = float("nan")
#: As many scores, one an epoch, are the late ones: of the steps from 300 to 400 at ``quick``.
LATE = 3


def curves(label: str, run: Trained, context: Context) -> Arrays:
    """The curves of a training. A net that diverged has no score at the end.

    <label>:loss                (steps,)
    <label>:step                (epochs + 1,): the steps at which scores are taken
    <label>:train, :test        (epochs + 1,): the scores without noise
    <label>:noisy_train, _test  the scores with noise at the end, where the net has noise
    <label>:trained             (epochs,): the accuracy over an epoch's batches as trained on
    <label>:mark                the number of the training's ``Outcome``
    <label>:plateau             the number of steps of a flat start
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
        f"{label}:plateau": np.sum(protocol.plateau(losses, data.classes)),
    }
    for part in ("train", "test"):
        scored = [*state.records[f"score:{part}"], *(score[part] for score in ended)]
        measured[f"{label}:{part}"] = np.array(scored)
    noisy = {name: score for name, score in last.items() if name.startswith("noisy")}
    return measured | {f"{label}:{name}": score for name, score in noisy.items()}


def _last(run: Trained, context: Context) -> Arrays:
    """The scores at the end, with noise too where the net has noise. None if the net diverged."""
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
