"""The tests for a GPU run on the stand-in, so that they are right when there is one."""

import os
import subprocess
import sys

import pytest

from tests.deepnet.stand_in.emulated import compiler
from tests.paths import ROOT

PLUGIN = "tests.deepnet.stand_in.on_stand_in"


@pytest.mark.landing
@pytest.mark.skipif(compiler() is None, reason="no compiler of C++ to emulate kernels")
def test_the_tests_for_a_gpu_pass_on_the_stand_in():
    words = [
        "-m",
        "pytest",
        "-q",
        "-p",
        "tests.deepnet.stand_in.on_stand_in",
        "-p",
        "no:cacheprovider",
        "-m",
        "gpu",
    ]
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, *words, str(ROOT / "tests" / "gpu")],
        env=os.environ | {"PYTHONPATH": path},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    *_, said = done.stdout.splitlines()
    assert " passed" in said and int(said.split()[0]) > 300, said
