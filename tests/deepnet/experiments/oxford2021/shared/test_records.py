"""What is recorded along a training."""

from companion.scale import Scale
from deepnet.experiments.oxford2021.shared import protocol
from deepnet.experiments.oxford2021.shared.records import MULTIPLES, SMALL, smoothness_hook
from deepnet.nets.modes import Active
from deepnet.problem import Problem
from deepnet.training import beginning, train, usual
from tests.close import rounded

CONFIG = protocol.configuration(Scale.TINY)


def test_once_the_update_is_the_step_that_was_made(context):
    """The loss at one times Adam's update is that at the weights after it."""
    recipe = protocol.recipe("lenet", "active", 0.01, CONFIG)
    net, seen = protocol.net_of(recipe, context.data), []
    problem = Problem(net, Active())
    training = protocol.training(recipe, context)

    def see(step):
        along = {n: w - step.lr * step.gradient[n] for n, w in step.before.items()}
        there = [problem.linearise(w, step.x, step.targets) for w in (step.after, along)]
        seen.append([float(loss.loss) for loss in there])
        return {}

    start = beginning(protocol.weights(recipe, context), training)
    *_, last = train(problem, context.data, training, start, [usual, smoothness_hook(1, 2), see])
    for kind, column in (("update", 0), ("gradient", 1)):
        assert rounded(last.records[f"{kind}:loss:1"], [s[column] for s in seen])
    assert len(last.records["watched:step"]) == len(seen) == 2
    names = {f"gradient:beta:{m:g}" for m in MULTIPLES} | {f"small:beta:{SMALL:g}"}
    assert names <= last.records.keys()
