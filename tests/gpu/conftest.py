"""NumPy and CuPy side by side: ``make test-gpu``, on a machine with a GPU."""

from pathlib import Path

import pytest

from companion.errors import UsageError
from deepnet import device

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.gpu)


@pytest.fixture(scope="session")
def cupy():
    """CuPy, where it reaches a GPU; the tests are skipped elsewhere."""
    try:
        device.tried("gpu")
    except UsageError as error:
        pytest.skip(str(error))
    return device.usable_cupy()
