"""The modes of batch norm and of similar norms are small classes with one verb, each with a name.

NoNorm                       no batch norm
Active, Detached, Ghost      the batch's own statistics
Frozen                       given statistics; the mode eval has the running ones of training
Power, Centring, Scaling, MeanDetached, DeviationDetached
                             another norm of the deviations, or a part of batch norm alone
Noisy                        another norm with noise on its outputs
Recording                    another norm, whose inputs and outputs are shown to a function
RecordingStatistics          another norm, whose batch statistics are shown to a function

In every mode the learnable scale and shift, where the net has them, come after the normalisation.
"""

from deepnet.nets.modes.batch import Active, BatchNorm, Detached, Ghost
from deepnet.nets.modes.constant import Frozen, NoNorm
from deepnet.nets.modes.names import MODES, Mode, norm_named
from deepnet.nets.modes.norm import Fusing, Norm, Statistics
from deepnet.nets.modes.power import Centring, DeviationDetached, MeanDetached, Power, Scaling
from deepnet.nets.modes.wrapper import Noisy, Recording, RecordingStatistics, Wrapper, recording

__all__ = [
    "MODES",
    "Active",
    "BatchNorm",
    "Centring",
    "Detached",
    "DeviationDetached",
    "Frozen",
    "Fusing",
    "Ghost",
    "MeanDetached",
    "Mode",
    "NoNorm",
    "Noisy",
    "Norm",
    "Power",
    "Recording",
    "RecordingStatistics",
    "Scaling",
    "Statistics",
    "Wrapper",
    "norm_named",
    "recording",
]
