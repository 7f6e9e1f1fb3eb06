"""The loss as a function of the weights, with batch statistics of a named kind.

running        constants: the running statistics of a checkpoint, or any given statistics
frozen         constants: each batch's own statistics at the weights of the centre
batch          each batch's own statistics at every point: the loss that is trained
reestimated    the statistics of other images at every point, then held constant

Constants make the loss of an example independent of its batch. The length of the weights then
counts again, whereas a batch's own statistics cancel it. A net without batch norm has the same loss
in all four kinds.
"""

from collections.abc import Callable, Sequence
from typing import Any

from deepnet.nets.modes import recording
from deepnet.problem import Problem
from deepnet.training.evaluate import in_eval
from deepnet.training.state import Statistics

Array = Any
Weights = dict[str, Array]
Data = Sequence[tuple[Array, Array]]
#: The mean loss over some data at given weights.
Loss = Callable[[Weights], float]


def with_running(problem: Problem, data: Data, statistics: Statistics) -> Loss:
    """The mean loss as a function of the weights, with batch norm frozen at given statistics.

        L(w) = sum_b (n_b/n) L_b(w; mean, variance)

    The statistics are constants. The value is exact to rounding for these data.

    Args:
        problem: The net, its norm and its loss.
        data: The batches, a sequence of pairs (x, targets).
        statistics: {layer: (mean, variance)}, such as the running statistics of a ``State``.

    Returns:
        A function of the weights {name: array} with a number.

    Example:
        >>> import numpy as np
        >>> from deepnet.curvature.least_squares import least_squares
        >>> batches = least_squares(np.diag([1.0, 2.0]), np.array([1.0, 3.0]))
        >>> with_running(batches.problem, batches.data, {})(batches.weights)
        9.25
    """
    fixed = in_eval(problem, statistics)
    return lambda weights: _mean_loss([fixed] * len(data), weights, data)


def with_frozen(problem: Problem, data: Data, centre: Weights) -> Loss:
    """The mean loss as a function of the weights, with each batch's statistics frozen at a centre.

        L(w) = sum_b (n_b/n) L_b(w; mean_b(centre), variance_b(centre))

    With active batch norm it equals ``with_batch`` at the centre, without noise. Elsewhere the
    statistics stay constant.

    Args:
        problem: The net, its norm and its loss.
        data: The batches, a sequence of pairs (x, targets).
        centre: The weights at which the statistics are computed, {name: array}.

    Returns:
        A function of the weights {name: array} with a number.

    Reference:
        page2019

    Example:
        >>> import numpy as np
        >>> from deepnet.curvature.least_squares import least_squares
        >>> batches = least_squares(np.diag([1.0, 2.0]), np.array([1.0, 3.0]))
        >>> with_frozen(batches.problem, batches.data, batches.weights)(batches.weights)
        9.25
    """
    fixed = [in_eval(problem, estimated(problem, centre, [batch])) for batch in data]
    return lambda weights: _mean_loss(fixed, weights, data)


def with_batch(problem: Problem, data: Data) -> Loss:
    """The mean loss as a function of the weights, in the problem's own mode of batch norm.

        L(w) = sum_b (n_b/n) L_b(w)

    In the mode active each batch has its own statistics at every w. This is the loss of training,
    and the loss of ``Batches``.

    Args:
        problem: The net, its norm and its loss.
        data: The batches, a sequence of pairs (x, targets).

    Returns:
        A function of the weights {name: array} with a number.

    Example:
        >>> import numpy as np
        >>> from deepnet.curvature.least_squares import least_squares
        >>> batches = least_squares(np.diag([1.0, 2.0]), np.array([1.0, 3.0]))
        >>> with_batch(batches.problem, batches.data)(batches.weights) == batches.loss()
        True
    """
    return lambda weights: _mean_loss([problem] * len(data), weights, data)


def with_reestimated(problem: Problem, data: Data, others: Data) -> Loss:
    """The mean loss as a function of the weights, with statistics from other images at each point.

        L(w) = sum_b (n_b/n) L_b(w; ``estimated``(w, others))

    The statistics follow w, and are constants for the examples of the loss. See ``estimated`` for
    their bias.

    Args:
        problem: The net, its norm and its loss.
        data: The batches of the loss, a sequence of pairs (x, targets).
        others: The batches of the statistics, a sequence of pairs (x, targets).

    Returns:
        A function of the weights {name: array} with a number.

    Example:
        >>> import numpy as np
        >>> from deepnet.curvature.least_squares import least_squares
        >>> batches = least_squares(np.diag([1.0, 2.0]), np.array([1.0, 3.0]))
        >>> with_reestimated(batches.problem, batches.data, batches.data)(batches.weights)
        9.25
    """

    def loss(weights: Weights) -> float:
        fixed = in_eval(problem, estimated(problem, weights, others))
        return _mean_loss([fixed] * len(data), weights, data)

    return loss


def estimated(problem: Problem, weights: Weights, data: Data) -> Statistics:
    """The batch statistics of each layer, averaged over batches of sizes n_b.

        mean = sum_b (n_b/n) mean_b,    variance = sum_b (n_b/n) variance_b

    variance_b is the biased variance about the batch's own mean. For m independent values per batch
    it is too small by the factor 1 - 1/m on average. The mean of the first normed layer is
    unbiased. Where the problem uses no batch statistics, the result is the statistics that its norm
    has.

    Args:
        problem: The net, its norm and its loss. The loss does not matter.
        weights: The weights, {name: array}.
        data: The batches, a sequence of pairs (x, targets). The targets do not matter.

    Returns:
        {layer: (mean, variance)}, each (channels,).

    Example:
        >>> import numpy as np
        >>> from deepnet.curvature.least_squares import least_squares
        >>> batches = least_squares(np.diag([1.0, 2.0]), np.array([1.0, 3.0]))
        >>> estimated(batches.problem, batches.weights, batches.data)  # a net without batch norm
        {}
    """
    if not problem.norm.uses_batch:
        return dict(problem.norm.constants())
    averages: Statistics = {}
    examples = sum(len(x) for x, _ in data)
    for x, _ in data:
        norm, seen = recording(problem.norm)
        problem.with_norm(norm).outputs(weights, x)
        for layer, batch in seen.items():
            mean, variance = (len(x) / examples * part for part in batch)
            before = averages.get(layer, (0, 0))
            averages[layer] = (before[0] + mean, before[1] + variance)
    return averages


def _mean_loss(problems: Sequence[Problem], weights: Weights, data: Data) -> float:
    """Forward passes alone."""
    examples = sum(len(x) for x, _ in data)
    total = 0.0
    for problem, (x, targets) in zip(problems, data, strict=True):
        total += len(x) / examples * float(problem.loss(problem.outputs(weights, x), targets))
    return total
