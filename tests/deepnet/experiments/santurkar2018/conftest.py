"""What the tests of the experiments on smoothness share."""

import pytest

from deepnet.data import textures
from deepnet.experiments.context import Context
from tests.deepnet.experiments.santurkar2018.tiny import CONFIG


@pytest.fixture
def context(tmp_path):
    return Context(
        CONFIG, textures(CONFIG["train"], CONFIG["test"]), 0, tmp_path / "parts", tmp_path
    )
