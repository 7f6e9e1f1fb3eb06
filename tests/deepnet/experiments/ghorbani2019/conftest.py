"""What the tests of the experiments on Hessian densities share."""

import pytest

from deepnet.experiments.context import Context
from deepnet.experiments.ghorbani2019.shared.prepared import prepared
from tests.deepnet.experiments.ghorbani2019.tiny import CONFIG, images


@pytest.fixture
def context(tmp_path):
    return prepared(Context(CONFIG, images(), 0, tmp_path / "parts", tmp_path))
