"""What the tests of the experiments on landscapes share."""

import pytest

from companion.scale import Scale
from deepnet.data import textures
from deepnet.experiments.context import Context
from deepnet.experiments.oxford2021 import interpolations
from deepnet.experiments.oxford2021.shared import landscapes

CONFIG = (
    interpolations.configuration(Scale.TINY) | landscapes.configuration(Scale.TINY) | {"points": 3}
)


@pytest.fixture(scope="module")
def context(tmp_path_factory):
    out = tmp_path_factory.mktemp("results")
    return Context(CONFIG, textures(64, 32), 0, out / "parts", out)
