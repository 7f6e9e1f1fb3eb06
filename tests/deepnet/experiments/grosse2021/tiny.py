"""A configuration and images that are small enough for the tests."""

from functools import cache

from companion.scale import Scale
from deepnet.data import textures
from deepnet.experiments.grosse2021.shared import protocol

CONFIG = protocol.configuration(Scale.TINY)


@cache
def tiny_images():
    return protocol.images(CONFIG, textures(64, 32))
