"""What the tests of the post's experiments share."""

import pytest

from deepnet.data import textures
from deepnet.experiments.context import Context


@pytest.fixture
def context(tmp_path):
    return Context(textures(64, 32), 0, tmp_path / "parts", tmp_path)
