"""A configuration, noise included, that is small enough for the tests."""

from companion.scale import Scale
from deepnet.experiments.santurkar2018.shared import noise, protocol

CONFIG = protocol.configuration(Scale.TINY) | noise.configuration(Scale.TINY)
