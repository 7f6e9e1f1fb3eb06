"""Experiments on a device's arrays, without a GPU: see ``tests/deepnet/stand_in``."""

import shutil

import pytest

from companion.scale import Scale
from deepnet.experiments.experiment import experiments
from deepnet.experiments.runner import Job
from tests.close import rounded
from tests.deepnet.device_cases import PASSES
from tests.deepnet.stand_in.emulated import compiler

#: Whole experiments run once. That plain forms do what kernels do is tested operation by operation.
FORM = "kernels" if compiler() else "plain"


def test_an_experiment_measures_the_same(device, results, tmp_path):
    """Both measure the nets that the host has trained, for training multiplies rounding errors."""
    chosen = experiments()["leading_eigenvalues"]
    here = Job(chosen, Scale.TINY, "textures", 0, results).result().arrays
    half_written = shutil.ignore_patterns(".*", "*.checkpoint.npz")
    shutil.copytree(results / "nets", tmp_path / "nets", ignore=half_written)
    there = Job(chosen, Scale.TINY, "textures", 0, tmp_path, device="gpu").result().arrays
    for name in ("active:eigenvalues", "frozen:eigenvalues", "none:eigenvalues"):
        computed_in = there[name].astype("float32"), here[name].astype("float32")
        assert rounded(*computed_in, condition=PASSES), name


@pytest.mark.landing
@pytest.mark.parametrize("device", [FORM], indirect=True)
@pytest.mark.parametrize("name", experiments())
def test_every_experiment_runs_on_a_device_s_arrays(device, name, device_results):
    Job(experiments()[name], Scale.TINY, "textures", 0, device_results, device="gpu").result()
