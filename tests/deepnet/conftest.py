"""A device without a GPU: see ``strict_cupy``."""

import os

import pytest

from tests.deepnet.stand_in import strict_cupy
from tests.deepnet.stand_in.emulated import compiler


@pytest.fixture(params=["plain", "kernels"])
def device(request, monkeypatch):
    """The stand-in for CuPy, with the plain forms of hot functions or with the GPU's own."""
    if request.param == "plain":
        monkeypatch.setenv("DEEPNET_PLAIN", "1")
    elif compiler() is None:
        pytest.skip("kernels are emulated by a compiler of C++, and there is none")
    with strict_cupy.standing_in():
        strict_cupy.crossings.clear()
        yield strict_cupy


@pytest.fixture
def device_results(device, results):
    """The folder of results computed on ``device``, shared as ``results`` are, for either form."""
    form = "plain" if os.environ.get("DEEPNET_PLAIN") else "kernels"
    return results.with_name(f"results-on-device-{form}")
