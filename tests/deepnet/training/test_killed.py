"""A training killed at ten random moments ends with the bits of one that was left alone."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.paths import ROOT

KILLS, EPOCHS = 10, 80
#: Trains from the checkpoint, where there is one, and says when each epoch is stored.
TRAINING = """
import sys
from pathlib import Path
import numpy as np
from deepnet import Problem, ops
from deepnet.data import Dataset, textures
from deepnet.nets.initialise import initialise
from deepnet.nets.mlp import mlp
from deepnet.nets.modes import Active
from deepnet.npz import read, write
from deepnet.training import KFAC, FixedNorms, State, Training, beginning, exponential, train

checkpoint, whole = Path(sys.argv[1]), textures(48, 10)
x_train, x_test = (each[:, :6, :6] for each in (whole.x_train, whole.x_test))
data = Dataset("corners", "generated", x_train, whole.y_train, x_test, whole.y_test)
problem = Problem(mlp((108, 8, 8, 10), ops.relu), Active())
rule = FixedNorms(KFAC(damping=0.01, every=2, decay=1e-4), ("dense1", "dense2"))
how = Training(epochs={epochs}, batch=16, seed=4, schedule=exponential(0.03, 0.97), rule=rule)
stored = read(checkpoint)
if stored is None:
    state = beginning(initialise(problem.net, np.random.default_rng(4)), how)
else:
    state = State.from_arrays(stored)
print("ready", flush=True)
for state in train(problem, data, how, state):
    write(checkpoint, state.to_arrays())
    print("epoch", flush=True)
"""


def _start(checkpoint: Path) -> subprocess.Popen:
    """The training in a process of its own, as it begins its first epoch."""
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    command = [sys.executable, "-c", TRAINING.format(epochs=EPOCHS), str(checkpoint)]
    process = subprocess.Popen(
        command, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.landing
def test_killed_at_ten_random_moments_it_ends_with_the_same_bits(tmp_path):
    """SIGKILL within three epochs: first before any is stored, then after at least one more."""
    moments, durations = random.Random(0), []
    with _start(tmp_path / "whole.npz") as process:
        begun = time.perf_counter()
        for line in process.stdout:
            assert line == "epoch\n"
            durations.append(time.perf_counter() - begun)
            begun = time.perf_counter()
    assert process.returncode == 0
    assert len(durations) == EPOCHS
    epoch = sorted(durations)[EPOCHS // 2]
    made = 0
    for kill in range(KILLS):
        with _start(tmp_path / "killed.npz") as process:
            if kill:
                assert process.stdout.readline() == "epoch\n"
            time.sleep(moments.uniform(0, 3 * epoch))
            process.send_signal(signal.SIGKILL)
            made += bool(kill) + process.stdout.read().count("epoch")
        assert process.returncode == -signal.SIGKILL, "it had ended before"
    with _start(tmp_path / "killed.npz") as process:
        left = process.stdout.read().count("epoch")
    # what was stored but not said before a kill is not made again
    assert KILLS - 1 <= made <= EPOCHS - left < EPOCHS
    assert (tmp_path / "killed.npz").read_bytes() == (tmp_path / "whole.npz").read_bytes()
