"""The experiments on a device's arrays, without a GPU: see ``tests/deepnet/conftest.py``."""

import numpy as np
import pytest

from companion.scale import Scale
from deepnet.experiments.experiment import experiments
from deepnet.experiments.runner import run


@pytest.mark.slow
def test_an_experiment_measures_the_same(device, tmp_path):
    chosen = experiments()["leading_eigenvalues"]
    here = run(chosen, Scale.TINY, "textures", 0, tmp_path / "cpu").arrays
    there = run(chosen, Scale.TINY, "textures", 0, tmp_path / "gpu", device="gpu").arrays
    for name in ("active:eigenvalues", "frozen:eigenvalues", "none:eigenvalues"):
        assert np.abs(there[name] - here[name]).max() <= 1e-2 * np.abs(here[name]).max(), name


@pytest.mark.slow
@pytest.mark.parametrize("name", experiments())
def test_every_experiment_runs_on_a_device_s_arrays(device, name, tmp_path):
    run(experiments()[name], Scale.TINY, "textures", 0, tmp_path, device="gpu")
