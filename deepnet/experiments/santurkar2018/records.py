"""The trainings that the source's experiments read, each with all that any of them records of it.

A training is the same whatever is recorded, so it is made once. A hook's name and the numbers that
it depends on enter the name of the stored training; VERSION is raised when a hook changes.
"""

from collections.abc import Mapping
from typing import Any

from deepnet.experiments.context import Context
from deepnet.experiments.nets import Trained
from deepnet.experiments.santurkar2018 import protocol
from deepnet.experiments.santurkar2018.protocol import Name
from deepnet.training.train import Hook

VERSION = 1


def recorded(name: Name, rate: float, config: Mapping[str, Any], context: Context) -> Trained:
    """The net ``name`` trained at ``rate``, with the records of ``hooks``."""
    chosen = hooks(name, rate, config, context)
    called = list(chosen.values())
    return protocol.trained(
        name, rate, config, context, called, records=list(chosen), version=VERSION
    )


def hooks(name: Name, rate: float, config: Mapping[str, Any], context: Context) -> dict[str, Hook]:
    """What is recorded of the training of ``name`` at ``rate``, by name."""
    return {}
