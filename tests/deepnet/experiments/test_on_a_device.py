"""Experiments on a device's arrays, without a GPU: see ``tests/deepnet/stand_in``."""

import numpy as np
import pytest

from companion.scale import Scale
from deepnet.experiments.experiment import experiments
from deepnet.experiments.runner import Job
from tests.close import discretised
from tests.deepnet.stand_in.emulated import compiler

#: Whole experiments run once. That plain forms do what kernels do is tested operation by operation.
FORM = "kernels" if compiler() else "plain"
#: What the experiment asks Lanczos to let an eigenvalue be off by, of its size.
TOLERANCE = 1e-2


def test_an_experiment_measures_the_same(device, results, device_results):
    chosen = experiments()["leading_eigenvalues"]
    here = Job(chosen, Scale.TINY, "textures", 0, results).result().arrays
    there = Job(chosen, Scale.TINY, "textures", 0, device_results, device="gpu").result().arrays
    for name in ("active:eigenvalues", "frozen:eigenvalues", "none:eigenvalues"):
        assert discretised(there[name], here[name], TOLERANCE * np.abs(here[name]).max()), name


@pytest.mark.landing
@pytest.mark.parametrize("device", [FORM], indirect=True)
@pytest.mark.parametrize("name", experiments())
def test_every_experiment_runs_on_a_device_s_arrays(device, name, device_results):
    Job(experiments()[name], Scale.TINY, "textures", 0, device_results, device="gpu").result()
