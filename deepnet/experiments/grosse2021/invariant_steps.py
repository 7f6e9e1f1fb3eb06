"""One function is written by tanh units and by logistic units, and both nets take their own steps.

The logistic net has the outputs (1 + tanh(s/2))/2, and weights and biases that make up for this. Do
the two nets still compute one function after their steps? With K-FAC and with the quasi-diagonal
preconditioner they do. With plain descent and with damped K-FAC they do not.
"""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet import ops
from deepnet.backend import beside
from deepnet.curvature.kfac import factors
from deepnet.curvature.layers import layers
from deepnet.curvature.probes import probes
from deepnet.experiments import images
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.grosse2021.shared import protocol
from deepnet.experiments.grosse2021.shared.prepared import prepared
from deepnet.experiments.store import Arrays
from deepnet.nets.initialise import initialise
from deepnet.nets.mlp import mlp
from deepnet.nets.modes import NoNorm
from deepnet.problem import Problem
from deepnet.tape import Linearised
from deepnet.training import KFAC, SGD
from deepnet.training.rule import Memory, Rule, Weights
from theory import preconditioning

VERSION = 2
SOURCE = cite("grosse2021", "If the parameters are chosen such that these two networks compute the")
#: The rates at which each rule lowers the loss from its first step on.
RATES = {"descent": 0.3, "quasi-diagonal": 0.003, "K-FAC": 0.03, "K-FAC, damped": 0.03}


def configuration(scale: Scale) -> dict[str, Any]:
    """Return the protocol's configuration of images and layers.

    ``examples``: the number of images in the batch, which is one for all steps.
    ``damping``: the damping of "K-FAC, damped".
    """
    return protocol.configuration(scale) | {
        "hidden": scale.pick([8, 8], [64, 64, 64], [64, 64, 64]),
        "examples": scale.pick(64, 500, 2000),
        "steps": scale.pick(2, 10, 10),
        "damping": 1e-3,
    }


@dataclass(frozen=True)
class QuasiDiagonal:
    """The quasi-diagonal step of ``preconditioning.unit_invariance``, in each layer:

        dW = -lr diag(S)^-1 (G - g m') diag(v)^-1        db = -lr diag(S)^-1 g - dW m

    G and g are the gradients in weights and biases. m and v are the means and variances of the
    inputs. S is the factor of K-FAC. An input that never varies takes no step. A unit that moves no
    output takes none either.
    """

    def start(self, weights: Weights) -> Memory:
        """The rule has no memory."""
        return {}

    def step(
        self,
        weights: Weights,
        memory: Memory,
        gradient: Weights,
        lr: float,
        at: Linearised | None = None,
    ) -> tuple[Weights, Memory]:
        """See ``Rule``. Raises ValueError without ``at``, or where a layer has no bias."""
        if at is None:
            raise ValueError("the quasi-diagonal step takes its moments of a loss; give it as at")
        known, moved = layers(at), dict(weights)
        pairs = factors(at, known.values(), probes(at, "exact"))
        for (name, layer), (A, S) in zip(known.items(), pairs, strict=True):
            if layer.bias is None:
                raise ValueError(f"the layer {name!r} has no bias, which its means are written to")
            mean = A[-1, :-1]
            variance = np.diag(A)[:-1] - mean**2
            G, g = gradient[name], gradient[layer.bias]
            units, inputs = _inverse(np.diag(S)), _inverse(variance)
            step = -lr * units[:, None] * (G - np.outer(g, mean)) * inputs
            moved[name] = weights[name] + step
            moved[layer.bias] = weights[layer.bias] - lr * units * g - step @ mean
        return moved, memory


def _inverse(variances: np.ndarray) -> np.ndarray:
    """1/value, or 0 where the value is 0 to rounding."""
    zero = variances <= len(variances) * np.finfo(float).eps * variances.max()
    return np.where(zero, 0, 1 / np.where(zero, 1, variances))


def rules(damping: float) -> dict[str, Rule]:
    """The rules that are compared. K-FAC takes its factors from the whole batch of the step."""
    exact = KFAC(averaging=0.0, every=1, kind="exact")
    return {
        "descent": SGD(),
        "quasi-diagonal": QuasiDiagonal(),
        "K-FAC": exact,
        "K-FAC, damped": replace(exact, damping=damping),
    }


def logistic_from_tanh(weights: Weights) -> Weights:
    """The weights of the logistic net whose outputs are those of the tanh net with ``weights``.

    tanh(s) = 2 a - 1 with a = 1/(1 + exp(-2s)). The inputs and the outputs of a hidden unit are
    therefore doubled, and the next layer's bias takes up the -1.
    """
    names = [name for name in weights if not name.endswith("_bias")]
    logistic: Weights = {}
    for name in names:
        W, b = weights[name], weights[f"{name}_bias"]
        if name != names[0]:
            W, b = 2 * W, b - W.sum(1)
        outer = 1 if name == names[-1] else 2
        logistic |= {name: outer * W, f"{name}_bias": outer * b}
    return logistic


def run(context: Context) -> Arrays:
    """The differences of the two nets for each rule.

    "<rule>:before": the largest difference of an output over the largest output, before the steps.
    "<rule>:difference" (steps,): this difference over the largest change of an output since the
    start.
    "<rule>:loss" (steps + 1,): the loss of the tanh net.
    """
    context = prepared(context)
    arrays: Arrays = {}
    for name in rules(context.config["damping"]):
        measured = context.stage(name, partial(_steps, name, context))
        arrays |= {f"{name}:{quantity}": array for quantity, array in measured.items()}
    return arrays


def _steps(name: str, context: Context) -> Arrays:
    config = context.config
    x, targets = (
        part[: config["examples"]] for part in images.whole(context.data, dtype="float64")
    )
    widths = (x[0].size, *config["hidden"], context.data.classes)
    nets = [mlp(widths, activation, bias=True) for activation in (ops.tanh, ops.sigmoid)]
    rng = context.rng("weights")
    drawn = initialise(nets[0], rng, "lecun_normal", "float64")
    first = {n: rng.normal(0, 0.1, w.shape) if w.ndim == 1 else w for n, w in drawn.items()}
    first = beside(x, first)
    both = [first, logistic_from_tanh(first)]
    problems = [Problem(net, NoNorm()) for net in nets]
    rule = rules(config["damping"])[name]
    memories = [rule.start(weights) for weights in both]
    linearised = [
        problem.linearise(w, x, targets) for problem, w in zip(problems, both, strict=True)
    ]
    start = linearised[0].outputs
    before = float(abs(linearised[1].outputs - start).max() / abs(start).max())
    losses, differences = [float(linearised[0].loss)], []
    for _ in range(config["steps"]):
        for i, (problem, point) in enumerate(zip(problems, linearised, strict=True)):
            both[i], memories[i] = rule.step(both[i], memories[i], point.grad(), RATES[name], point)
            linearised[i] = problem.linearise(both[i], x, targets)
        one, other = (point.outputs for point in linearised)
        differences.append(float(abs(one - other).max() / abs(one - start).max()))
        losses.append(float(linearised[0].loss))
    return {
        "before": np.array(before),
        "difference": np.array(differences),
        "loss": np.array(losses),
    }


def _after_one(name: str) -> Measure:
    return lambda arrays: float(arrays[f"{name}:difference"][0])


#: The band is rounding: the blocks that are inverted have condition numbers of up to 1e6.
ROUNDING = (0, 1e-8)
OBSERVATIONS = (
    Observation(
        "invariant_steps.kfac",
        says=(
            "The outputs of the tanh net and of the logistic net of equal function differ by at "
            "most 1e-8 of their change after one step of undamped K-FAC."
        ),
        exact=True,
        band=ROUNDING,
        measure=_after_one("K-FAC"),
        null=_after_one("descent"),
        about=(preconditioning.layer_invariance,),
    ),
    Observation(
        "invariant_steps.quasi_diagonal",
        says=(
            "The outputs of the tanh net and of the logistic net of equal function differ by at "
            "most 1e-8 of their change after one quasi-diagonal step."
        ),
        exact=True,
        band=ROUNDING,
        measure=_after_one("quasi-diagonal"),
        null=_after_one("descent"),
        about=(preconditioning.unit_invariance,),
    ),
    Observation(
        "invariant_steps.descent",
        says=(
            "The largest difference between the outputs of the tanh net and of the logistic net "
            "divided by their largest change, after one step of plain descent."
        ),
        link="log",
        band=None,
        measure=_after_one("descent"),
        about=(preconditioning.plain_descent,),
    ),
    Observation(
        "invariant_steps.damped_kfac",
        says=(
            "The largest difference between the outputs of the tanh net and of the logistic net "
            "divided by their largest change, after one step of damped K-FAC."
        ),
        link="log",
        band=None,
        measure=_after_one("K-FAC, damped"),
    ),
)
