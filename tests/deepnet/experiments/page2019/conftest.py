"""What the tests of the post's experiments share."""

import pytest

from companion.scale import Scale
from deepnet.data import textures
from deepnet.experiments.context import Context
from deepnet.experiments.page2019 import schedules

CONFIG = schedules.configuration(Scale.TINY)


@pytest.fixture
def context(tmp_path):
    return Context(CONFIG, textures(64, 32), 0, tmp_path / "parts", tmp_path)
