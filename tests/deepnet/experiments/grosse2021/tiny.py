"""A configuration, images and a context that are small enough for the tests."""

from functools import cache
from pathlib import Path

from companion.scale import Scale
from deepnet.data import textures
from deepnet.experiments.context import Context
from deepnet.experiments.grosse2021.shared import protocol
from deepnet.experiments.grosse2021.shared.prepared import prepared

CONFIG = protocol.configuration(Scale.TINY)


def tiny(data, seed=0, out=Path("nowhere"), **changes):
    """A context of ``data`` with ``changes`` of the configuration."""
    return Context(CONFIG | changes, data, seed, out / "parts", out)


@cache
def tiny_images():
    return prepared(tiny(textures(64, 32))).data


def tiny_context(seed=0, out=Path("nowhere")):
    """The context of the images as they are trained on."""
    return tiny(tiny_images(), seed, out)
