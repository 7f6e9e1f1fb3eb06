"""Training by a rule of descent, which can be resumed to the same bits.

Whether it trained at all.
"""

from deepnet.training.adam import Adam
from deepnet.training.averaging import Averaging
from deepnet.training.evaluate import Score, evaluate, in_eval
from deepnet.training.fixed_norms import FixedNorms
from deepnet.training.kfac import KFAC
from deepnet.training.rmsprop import RMSprop
from deepnet.training.rule import Rule
from deepnet.training.running import settle
from deepnet.training.schedules import constant, exponential, piecewise_linear, triangle
from deepnet.training.sgd import SGD
from deepnet.training.state import State
from deepnet.training.train import Hook, Training, TrainingStep, beginning, train, usual
from deepnet.training.verdict import did_not_train

__all__ = [
    "KFAC",
    "SGD",
    "Adam",
    "Averaging",
    "FixedNorms",
    "Hook",
    "RMSprop",
    "Rule",
    "Score",
    "State",
    "Training",
    "TrainingStep",
    "beginning",
    "constant",
    "did_not_train",
    "evaluate",
    "exponential",
    "in_eval",
    "piecewise_linear",
    "settle",
    "train",
    "triangle",
    "usual",
]
