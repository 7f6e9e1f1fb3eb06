"""The activations by the names that the sources' recipes give them."""

from typing import Any

from deepnet import ops
from deepnet.nets.net import Activation
from deepnet.nets.page import SOFTPLUS


def _centred_logistic(s: Any) -> Any:
    """1/(1 + exp(-s)) - 1/2 = tanh(s/2)/2."""
    return ops.scale(ops.tanh(ops.scale(s, by=0.5)), by=0.5)


ACTIVATIONS: dict[str, Activation] = {
    "relu": ops.relu,
    "softplus": SOFTPLUS,
    "tanh": ops.tanh,
    "logistic": ops.sigmoid,
    "centred logistic": _centred_logistic,
}
