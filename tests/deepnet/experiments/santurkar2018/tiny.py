"""A configuration, noise included, that is small enough for the tests."""

from companion.scale import Scale
from deepnet.experiments.santurkar2018.shared import protocol

CONFIG = protocol.configuration(Scale.TINY) | protocol.noise_configuration(Scale.TINY)
