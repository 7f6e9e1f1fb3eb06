"""Training by stochastic gradient descent, resumable to the same bits."""

from deepnet.training.evaluate import Score, evaluate, in_eval
from deepnet.training.running import settle
from deepnet.training.schedules import constant, exponential, piecewise_linear, triangle
from deepnet.training.sgd import SGD
from deepnet.training.state import State
from deepnet.training.train import Hook, Step, Training, beginning, train, usual

__all__ = [
    "SGD",
    "Hook",
    "Score",
    "State",
    "Step",
    "Training",
    "beginning",
    "constant",
    "evaluate",
    "exponential",
    "in_eval",
    "piecewise_linear",
    "settle",
    "train",
    "triangle",
    "usual",
]
