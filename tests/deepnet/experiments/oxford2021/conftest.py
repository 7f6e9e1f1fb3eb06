"""What the tests of the experiments on landscapes share."""

import pytest

from deepnet.data import textures
from deepnet.experiments.context import Context


@pytest.fixture(scope="module")
def context(tmp_path_factory):
    out = tmp_path_factory.mktemp("results")
    return Context(textures(64, 32), 0, out / "parts", out)
