"""The lecture's class project: do uncentred activations make large eigenvalues in the next layer's
block of the Gauss-Newton matrix, with the mean as eigenvector, and does that layer's batch norm
take them away? They do, one less than there are classes, and it does, on the same weights; it is
the path through the statistics that does it, for with the same numbers held constant they are back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from companion.references import cite
from companion.scale import Scale
from deepnet import ops
from deepnet.curvature import Batches, Eigenpairs, exact_block, kfac, lanczos
from deepnet.curvature.kfac import named
from deepnet.curvature.layers import inputs
from deepnet.data import Dataset
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import Measure, Observation
from deepnet.experiments.grosse2021 import protocol
from deepnet.experiments.store import Arrays
from deepnet.nets.mlp import mlp
from deepnet.nets.norm_mode import Mode, Norm
from deepnet.problem import Problem
from deepnet.watch.activations import activations
from theory import kronecker

VERSION = 1
SOURCE = cite("grosse2021", "ICS Conditioning Hypothesis; Good class project to test this")
ACTIVATIONS = ("logistic", "tanh", "relu")
#: The weights: random; after some epochs without batch norm; and with it in every hidden layer.
STATES = ("initial", "trained", "trained with it")
#: Batch norm of the layer that is looked at.
MODES: tuple[Mode, ...] = ("none", "active", "frozen", "detached", "centring")
LAYER = "dense1"
FIRST = 8


def configuration(scale: Scale) -> dict[str, Any]:
    """The protocol's, in layers of 64 at all but tiny; ``examples`` images are looked at.

    ``leading`` eigenvalues; in the mode active S is of so many ``draws``.
    """
    return protocol.configuration(scale) | {
        "hidden": scale.pick([8, 8], [64, 64, 64], [64, 64, 64]),
        "epochs": 5,
        "rate": 0.1,
        "examples": scale.pick(12, 200, 2000),
        "leading": scale.pick(10, 20, 20),
        "draws": scale.pick(4, 64, 64),
        "shift": 10.0,
    }


@dataclass(frozen=True)
class Here(Norm):
    """The norm of the layer that is looked at; the layers behind it have ``behind``."""

    behind: Norm = field(default_factory=lambda: Norm("none"))

    def __call__(self, layer: str, x: Any, scale: Any = None, shift: Any = None) -> Any:
        """See ``Norm``."""
        if layer == LAYER:
            return super().__call__(layer, x, scale, shift)
        return self.behind(layer, x, scale, shift)


@dataclass(frozen=True)
class Behind:
    """The net from its second layer on, whose weights are now ``LAYER``'s, at the outputs ``a`` of
    the first, in float64; ``statistics`` are batch norm's at these images."""

    problem: Problem
    weights: dict[str, np.ndarray]
    a: np.ndarray
    targets: np.ndarray
    statistics: dict[str, Any]
    normed: bool

    def at(self, norm: Norm, loss: Any = ops.softmax_cross_entropy) -> Batches:
        """The loss with this batch norm in the layer that is looked at.

        Those of the layers behind are constants, where the net was trained with batch norm.
        """
        behind = Norm("frozen", self.statistics) if self.normed else Norm("none")
        here = Here(norm.mode, norm.statistics, eps=norm.eps, behind=behind)
        problem = Problem(self.problem.net, here, loss)
        return Batches(problem, self.weights, [(self.a, self.targets)])

    def mode(self, mode: Mode) -> Norm:
        """Batch norm in this mode; frozen, it has the statistics of these images."""
        return Norm(mode, self.statistics if mode == "frozen" else {})


def run(config: Mapping[str, Any], context: Context) -> Arrays:
    """For each activation, state and mode ("logistic:trained:active:..."): what ``_seen`` says;
    for each activation and state what ``_inputs`` says; of random logistic layers also
    ``hessian of ones``, the outputs' Hessian replaced by I, and ``_shifted``."""
    data = protocol.images(config, context.data)
    arrays: Arrays = {"classes": np.array(data.classes)}
    for activation in ACTIVATIONS:
        for state in STATES:
            compute = partial(_modes, activation, state, config, data, context)
            found = context.stage(f"{activation}-{state}", compute)
            arrays |= {f"{activation}:{state}:{name}": each for name, each in found.items()}
    compute = partial(_controls, config, data, context)
    return arrays | context.stage("controls", compute)


def _modes(
    activation: str, state: str, config: Mapping[str, Any], data: Dataset, context: Context
) -> Arrays:
    net, mark = second_layer(activation, state, config, data, context)
    arrays = {"mark": np.array(protocol.MARKS.index(mark))} | _inputs(net.a)
    rng = np.random.default_rng([context.seed, 2**32 + 1])
    for mode in MODES:
        found = _seen(net.at(net.mode(mode)), mode, config, rng)
        arrays |= {f"{mode}:{name}": each for name, each in found.items()}
    return arrays


def _controls(config: Mapping[str, Any], data: Dataset, context: Context) -> Arrays:
    net, _ = second_layer("logistic", "initial", config, data, context)
    rng = np.random.default_rng([context.seed, 2**32 + 2])
    ones = _seen(net.at(net.mode("none"), ops.mean_squared_error), "none", config, rng)
    found = {f"hessian of ones:{name}": each for name, each in ones.items()}
    random = rng.standard_normal(net.a.shape[1])
    pairs = _leading(net.at(net.mode("none")), config, rng)
    found["random vector:alignment"] = alignments(pairs, random, len(random))
    return found | _shifted(net, config, rng)


def second_layer(
    activation: str, state: str, config: Mapping[str, Any], data: Dataset, context: Context
) -> tuple[Behind, protocol.Mark]:
    """The net from its second layer on, and the mark of its training (that has none: "")."""
    recipe = protocol.dense(
        config,
        activation=activation,
        norm="active" if state == "trained with it" else "none",
        epochs=0 if state == "initial" else config["epochs"],
        rate=config["rate"],
    )
    run = protocol.kept_run(f"mlp-{recipe.norm}", recipe, data, context)
    weights = {name: w.astype(float) for name, w in run.state.weights.items()}
    x, targets = protocol.whole(data, dtype="float64")
    x, targets = x[: config["examples"]], targets[: config["examples"]]
    seen: dict[str, Any] = {}
    norm = Norm(run.problem.norm.mode, seen=seen)
    first, *_ = activations(run.problem.with_norm(norm), weights, x).values()
    function, _ = protocol.ACTIVATIONS[activation]
    net = mlp((*config["hidden"], data.classes), function)
    renamed = dict(zip(list(weights)[1:], net.shapes, strict=True))
    behind = Behind(
        Problem(net, norm),
        {new: weights[old] for old, new in renamed.items()},
        first.after,
        targets,
        {renamed[old]: both for old, both in seen.items() if old in renamed},
        normed=recipe.norm == "active",
    )
    if not behind.normed:  # the statistics that batch norm would have
        s = first.after @ behind.weights[LAYER].T
        behind.statistics[LAYER] = (s.mean(0), s.var(0))
    return behind, "" if state == "initial" else run.mark


def _inputs(a: np.ndarray) -> Arrays:
    """Of the layer's inputs: mean, covariance, and nu, the second moment along the mean."""
    mean, covariance = a.mean(0), np.cov(a.T, bias=True)
    return {"mean": mean, "covariance": covariance, "nu": np.array(nu(mean, covariance))}


def nu(mean: np.ndarray, covariance: np.ndarray) -> float:
    """m'Am/m'm, A = covariance + mm', by the claim: what it is the lower bound of."""
    return float(kronecker.top_eigenvalue(Sigma=covariance.tolist(), mu=mean.tolist())["lower"])


def _seen(at: Batches, mode: Mode, config: Mapping[str, Any], rng: np.random.Generator) -> Arrays:
    """{eigenvalues, residuals, alignment, shape: (leading,)} of the block, its trace; lambda_i(S)
    and the largest eigenvalues of A (x) S, the inputs centred where the statistics are active.

    alignment: |V m|^2/|m|^2 of an eigenvector V (units, inputs); shape: the square of V's largest
    singular value, 1 for v m'.
    """
    block = exact_block(at, LAYER)
    pairs = _leading(at, config, rng, block)
    ((_, part),) = at
    a = inputs(part, named(part, LAYER))[:, 0]
    statistics = mode in ("active", "centring")
    kind = "drawn" if statistics else "exact"
    product = kfac(at, LAYER, kind, rng, config["draws"], centred=statistics)
    many = config["leading"]
    return {
        "eigenvalues": pairs.values,
        "residuals": pairs.residuals,
        "alignment": alignments(pairs, a.mean(0), a.shape[1]),
        "shape": np.array([np.linalg.norm(V, 2) ** 2 for V in matrices(pairs, a.shape[1])]),
        "trace": np.array(np.sum(block.rows**2)),
        "S": product.S.eigenpairs[0][::-1][:many],
        "product": product.eigenvalues[:many],
    }


def _leading(
    at: Batches, config: Mapping[str, Any], rng: np.random.Generator, block: Any = None
) -> Eigenpairs:
    """The block's largest eigenvalues."""
    block = exact_block(at, LAYER) if block is None else block
    return lanczos(block, rng, config["leading"], tolerance=1e-8)


def matrices(pairs: Eigenpairs, columns: int) -> np.ndarray:
    """The eigenvectors as matrices V (pairs, units, inputs)."""
    found: np.ndarray = pairs.vectors.T.reshape(len(pairs.values), -1, columns)
    return found


def alignments(pairs: Eigenpairs, mean: np.ndarray, columns: int) -> np.ndarray:
    """|V m|^2/|m|^2 of each eigenvector: 1 for v m', about 1/inputs for what knows nothing of m."""
    found: np.ndarray = np.sum((matrices(pairs, columns) @ mean) ** 2, axis=1) / np.sum(mean**2)
    return found


def _shifted(net: Behind, config: Mapping[str, Any], rng: np.random.Generator) -> Arrays:
    """All inputs shifted by a constant. Of the active block: the largest change of an entry, as a
    share of its largest. Without batch norm, W times the shift taken off, so that the net computes
    the same: eigenvalues, and nu and lambda_i(S), of which they should be the products."""
    a = net.a + config["shift"]
    there = Behind(net.problem, net.weights, a, net.targets, net.statistics, net.normed)
    shift = net.weights[LAYER] @ np.full(a.shape[1], config["shift"])
    undone = Norm("frozen", {LAYER: (shift, np.ones_like(shift))}, eps=0.0)
    blocks = {
        name: [_dense(of.at(norm)) for of, norm in pairs]
        for name, pairs in {
            "active": [(net, net.mode("active")), (there, net.mode("active"))],
            "none": [(net, net.mode("none")), (there, undone)],
        }.items()
    }
    change = {name: abs(new - old).max() / abs(old).max() for name, (old, new) in blocks.items()}
    seen = _seen(there.at(undone), "none", config, rng)
    return {
        "shifted:active:change": np.array(change["active"]),
        "shifted:none:change": np.array(change["none"]),
        "shifted:none:eigenvalues": seen["eigenvalues"],
        "shifted:none:S": seen["S"],
        "shifted:none:nu": _inputs(a)["nu"],
    }


def _dense(at: Batches) -> np.ndarray:
    rows = exact_block(at, LAYER).rows
    found: np.ndarray = rows.T @ rows
    return found


def outliers(which: str) -> Measure:
    """How many of the leading eigenvectors have more than half of their square along the mean."""
    return lambda arrays: float(np.sum(arrays[f"{which}:alignment"] > 0.5))


def _most(*which: str) -> Measure:
    return lambda arrays: max(outliers(each)(arrays) for each in which)


def _fewest(*which: str) -> Measure:
    return lambda arrays: min(outliers(each)(arrays) for each in which)


def _least_alignment(which: str) -> Measure:
    """Of the eight largest eigenvalues."""
    return lambda arrays: float(arrays[f"{which}:alignment"][:FIRST].min())


def errors(arrays: Arrays, which: str, factor: float) -> np.ndarray:
    """eigenvalue/(``factor`` lambda_i(S)) - 1 of the eight largest."""
    found, S = (arrays[f"{which}:{name}"][:FIRST] for name in ("eigenvalues", "S"))
    return np.asarray(found / (factor * S) - 1)


def _largest_error(which: str, printed: bool = False) -> Measure:
    """In size; by the covariance at hand, or by the ``printed`` nu = |m|^2 + 1."""

    def measure(arrays: Arrays) -> float:
        place = which.rpartition(":")[0]
        printed_nu = 1 + np.sum(arrays[f"{place}:mean"] ** 2) if printed else 0
        factor = printed_nu if printed else arrays[f"{place}:nu"]
        return float(abs(errors(arrays, which, float(factor))).max())

    return measure


def _shifted_error(arrays: Arrays) -> float:
    return float(abs(errors(arrays, "shifted:none", float(arrays["shifted:none:nu"]))).max())


def _old_nu_error(arrays: Arrays) -> float:
    nu = float(arrays["logistic:initial:nu"])
    return float(abs(errors(arrays, "shifted:none", nu)).max())


def _fall(which: str) -> Measure:
    """The largest eigenvalue over the twentieth."""

    def measure(arrays: Arrays) -> float:
        values = arrays[f"{which}:eigenvalues"]
        return float(values[0] / values[-1])

    return measure


def _trace(above: str, below: str) -> Measure:
    return lambda arrays: float(arrays[f"{above}:trace"] / arrays[f"{below}:trace"])


OFF, RANDOM = "logistic:initial:none", "random vector"
#: Stated before the runs. Counts of outliers, so bands end half-way between whole numbers.
OBSERVATIONS = (
    Observation(
        "conditioning_hypothesis.outliers_of_an_uncentred_layer",
        band=(7.5, 10.5),
        measure=outliers(OFF),
        null=outliers("logistic:initial:active"),
    ),
    Observation(
        "conditioning_hypothesis.their_eigenvectors_are_the_mean",
        band=(0.9, 1),
        measure=_least_alignment(OFF),
        null=_least_alignment(RANDOM),
    ),
    Observation(
        "conditioning_hypothesis.their_eigenvalues_are_products",
        band=(0, 0.03),
        measure=_largest_error(OFF),
        null=_largest_error(OFF, printed=True),
    ),
    Observation(
        "conditioning_hypothesis.no_outliers_with_active_statistics",
        band=(-0.5, 0.5),
        measure=_most("logistic:initial:active", "logistic:initial:centring"),
        null=outliers(OFF),
    ),
    Observation(
        "conditioning_hypothesis.outliers_are_back_frozen",
        band=(6.5, 10.5),
        measure=outliers("logistic:initial:frozen"),
        null=outliers("logistic:initial:active"),
    ),
    Observation(
        "conditioning_hypothesis.outliers_are_back_detached",
        band=(6.5, 10.5),
        measure=outliers("logistic:initial:detached"),
        null=outliers("logistic:initial:active"),
    ),
    Observation(
        "conditioning_hypothesis.no_outliers_of_tanh",
        band=(-0.5, 0.5),
        measure=_most(*(f"tanh:initial:{mode}" for mode in MODES)),
        null=outliers(OFF),
    ),
    Observation(
        "conditioning_hypothesis.outliers_without_softmax",
        band=(9.5, 10.5),
        measure=outliers("hessian of ones"),
        null=outliers(OFF),
    ),
    Observation(
        "conditioning_hypothesis.active_does_not_see_a_shift",
        band=(0, 1e-9),
        measure=lambda arrays: float(arrays["shifted:active:change"]),
        null=lambda arrays: float(arrays["shifted:none:change"]),
    ),
    Observation(
        "conditioning_hypothesis.a_shift_multiplies_the_outliers",
        band=(0, 0.03),
        measure=_shifted_error,
        null=_old_nu_error,
    ),
    Observation("conditioning_hypothesis.first_over_twentieth", None, _fall(OFF)),
    Observation(
        "conditioning_hypothesis.first_over_twentieth_active",
        None,
        _fall("logistic:initial:active"),
    ),
    Observation(
        "conditioning_hypothesis.trace_over_active",
        None,
        _trace(OFF, "logistic:initial:active"),
    ),
    Observation(
        "conditioning_hypothesis.outliers_after_training",
        None,
        outliers("logistic:trained:none"),
    ),
    Observation(
        "conditioning_hypothesis.outliers_after_training_with_it",
        None,
        outliers("logistic:trained with it:active"),
    ),
    Observation(
        "conditioning_hypothesis.outliers_of_relu",
        None,
        outliers("relu:initial:none"),
    ),
)
