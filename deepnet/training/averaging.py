"""How batch norm's running statistics follow the batches of a training."""

from dataclasses import dataclass

from companion.errors import UsageError
from deepnet.training.state import Statistics


@dataclass(frozen=True)
class Averaging:
    """The weight of a new batch in the running statistics, and its estimate of the variance.

        mean <- (1 - momentum) mean + momentum mean(batch)
        var  <- (1 - momentum) var  + momentum c var(batch)

    mean(batch) and var(batch) are the moments by which batch norm normalises the batch. var(batch)
    is biased: it divides by the number n of values per channel, which is the number of examples
    times the number of pixels.

    ``momentum``: the weight of the new batch, from 0 to 1. PyTorch calls it by the same name. The
        momentum of Keras is 1 minus this number.
    ``unbiased``: whether c = n/(n - 1), as in PyTorch, or c = 1.

    The average begins at the statistics of the state from which training starts. If that state has
    none, the average begins at the statistics of the first batch. PyTorch and Keras begin at mean 0
    and variance 1.

    Raises UsageError for a momentum out of range.
    """

    momentum: float = 0.1
    unbiased: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.momentum <= 1:
            raise UsageError(
                f"the momentum {self.momentum} is the weight of a new batch; give 0 to 1"
            )


def averaged(running: Statistics, seen: Statistics, averaging: Averaging) -> Statistics:
    """The running statistics after one more batch, whose statistics are ``seen``.

    The variances in ``seen`` have the factor c of ``averaging`` already.
    """
    result, momentum = dict(running), averaging.momentum
    for layer, batch in seen.items():
        old = running.get(layer, batch)
        mean, var = ((1 - momentum) * a + momentum * b for a, b in zip(old, batch, strict=True))
        result[layer] = (mean, var)
    return result
