"""A run is stored whole or not at all, and resumed to the same bits."""

import itertools
import json
import os
import pickle
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from companion.errors import UsageError
from companion.scale import Scale
from deepnet.experiments.context import Context
from deepnet.experiments.experiment import experiments
from deepnet.experiments.runner import Job
from deepnet.ops.algorithm import asked, asking
from tests.deepnet.experiments.fake import Fake, job, run_fake
from tests.paths import ROOT


def test_a_result_is_computed_once_and_says_what_made_it(tmp_path):
    fake = Fake()
    assert job(fake, tmp_path).stored() is None
    first, second = run_fake(fake, tmp_path), run_fake(fake, tmp_path)
    assert fake.computed == [0, 1, 2]
    assert np.array_equal(first.arrays["x"], second.arrays["x"])
    facts = json.loads(first.path.with_suffix(".json").read_text())
    assert facts == second.facts
    assert facts["configuration"] == {"train": 20, "test": 10, "value": 0.5}
    assert facts["data"]["name"] == "textures"
    assert facts["data"]["quality"] == "generated"
    assert len(facts["data"]["checksum"]) == 64
    assert {"numpy", "scipy", "python", "companion"} <= facts["versions"].keys()
    assert facts["device"] == "cpu"
    assert facts["convolution"] == "auto"
    assert facts["threads"]["deepnet"] >= 1
    assert facts["seconds"] > 0
    assert (facts["seed"], facts["scale"], facts["version"]) == (0, "quick", 1)
    assert list(tmp_path.rglob("*.parts")) == []


def test_a_job_is_sent_to_another_process_without_its_images(tmp_path):
    known = experiments()["leading_eigenvalues"]
    sent = Job(known, Scale.TINY, "textures", 1, tmp_path, {"epochs": 3}, "gpu")
    text = pickle.dumps(sent)
    received = pickle.loads(text)
    assert received == sent
    assert received.identity == sent.identity
    assert len(text) < 1000


def test_another_convolution_is_another_result_and_another_net(tmp_path):
    fake = Fake()
    usual = job(fake, tmp_path)
    assert usual.result().path == usual.path
    direct = replace(usual, convolution="direct")
    assert direct.stored() is None
    assert direct.result().facts["convolution"] == "direct"
    assert fake.computed == 2 * [0, 1, 2]
    contexts = [Context({}, usual.data, 0, tmp_path, tmp_path)]
    with asking("winograd2"):
        contexts.append(replace(contexts[0], convolution=asked()))
        assert job(fake, tmp_path).convolution == "winograd2"
    assert len({each.path_of("nets", "page", width="1/8") for each in contexts}) == 2


@pytest.mark.parametrize("change", ["version", "value", "seed", "data", "arrays", "facts"])
def test_another_version_or_a_spoiled_file_is_computed_again(tmp_path, change, monkeypatch):
    fake = Fake()
    path = run_fake(fake, tmp_path).path
    seed = 0
    if change == "version":
        fake.VERSION = 2
    elif change == "value":
        fake.value = 0.25
    elif change == "seed":
        seed = 1
    elif change == "data":
        monkeypatch.setattr(
            fake, "configuration", lambda scale: {"train": 21, "test": 10, "value": 0.5}
        )
    else:
        spoiled = path if change == "arrays" else path.with_suffix(".json")
        spoiled.write_bytes(spoiled.read_bytes()[:-20])
    run_fake(fake, tmp_path, seed)
    assert fake.computed == [0, 1, 2, 0, 1, 2]


def stopped(folder, stage):
    """An experiment whose run into ``folder`` was stopped in a stage, and that may go on."""
    fake = Fake()
    fake.stop = stage
    with pytest.raises(KeyboardInterrupt):
        run_fake(fake, folder)
    fake.stop = None
    return fake


@pytest.mark.parametrize("stop", [0, 1, 2])
def test_stopped_in_any_stage_it_goes_on_to_the_same_bits(tmp_path, stop):
    whole = run_fake(Fake(), tmp_path / "whole").path
    fake = stopped(tmp_path / "stopped", stop)
    path = run_fake(fake, tmp_path / "stopped").path
    assert fake.computed == [0, 1, 2]
    assert path.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize("stop", [1, 2])
def test_the_seconds_of_a_stopped_run_are_added(tmp_path, stop, monkeypatch):
    """A clock that is read only by the stopwatch, and goes on by 8 s per reading."""
    ticks = itertools.count(0, 8)
    monkeypatch.setattr("deepnet.experiments.stopwatch.time.perf_counter", lambda: next(ticks))
    alone = run_fake(Fake(), tmp_path / "alone").facts["seconds"]
    assert alone == 8 * 4  # three stages are stored, and then the result
    fake = stopped(tmp_path / "stopped", stop)
    first = 8 * (stop + 1)  # the stages before, and the end
    assert run_fake(fake, tmp_path / "stopped").facts["seconds"] == first + 8 * (3 - stop + 1)
    assert list(tmp_path.rglob("*.parts")) == []


def test_of_the_folder_of_stages_only_these_are_removed(tmp_path):
    fake = stopped(tmp_path, 2)
    (parts,) = tmp_path.rglob("*.parts")
    (parts / ".stage-2-killed.npz").write_bytes(b"half")
    (parts / "notes.txt").write_text("the user's")
    np.savez(parts / "mine.npz", x=np.arange(3))
    run_fake(fake, tmp_path)
    assert {path.name for path in parts.iterdir()} == {"notes.txt", "mine.npz"}


def test_stages_that_a_killed_run_has_left_beside_its_result_are_removed(tmp_path, monkeypatch):
    def killed(parts):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("deepnet.experiments.runner.forget_stages", killed)
        run_fake(Fake(), tmp_path)
    assert len(list(tmp_path.rglob("*.parts/stage-*.npz"))) == 3
    fake = Fake()
    run_fake(fake, tmp_path)
    assert fake.computed == []
    assert list(tmp_path.rglob("*.parts")) == []


def test_a_spoiled_stage_is_computed_again(tmp_path):
    fake = stopped(tmp_path, 2)
    (part,) = tmp_path.rglob("stage-0.npz")
    part.write_bytes(part.read_bytes()[:-1])
    run_fake(fake, tmp_path)
    assert fake.computed == [0, 1, 0, 2]


KILLED = """
from pathlib import Path
from companion.scale import Scale
from deepnet.experiments.experiment import experiments
from deepnet.experiments.runner import Job
Job(experiments()["leading_eigenvalues"], Scale.TINY, "textures", 3, Path({out!r})).result()
"""


def _process(out):
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    return subprocess.Popen([sys.executable, "-c", KILLED.format(out=str(out))], env=env)


@pytest.mark.landing
def test_killed_at_any_moment_it_goes_on_to_the_same_bits(tmp_path):
    """SIGKILL as soon as one or two more things have appeared, until a run gets through."""
    assert _process(tmp_path / "whole").wait() == 0
    kills, known, steps = 0, set(), random.Random(0)
    while True:
        process, more = _process(tmp_path / "killed"), steps.randint(1, 2)
        while process.poll() is None and len(_appeared(tmp_path / "killed") - known) < more:
            time.sleep(0.002)
        if process.poll() is not None:
            break
        process.send_signal(signal.SIGKILL)
        process.wait()
        kills, known = kills + 1, known | _appeared(tmp_path / "killed")
    assert process.returncode == 0
    assert kills >= 4
    whole, killed = (
        {p.relative_to(tmp_path / name): p.read_bytes() for p in (tmp_path / name).rglob("*.npz")}
        for name in ("whole", "killed")
    )
    assert whole == killed
    assert not list((tmp_path / "killed").rglob("*.products"))


def _appeared(out):
    """The names of arrays that are stored, and of measurements that have stored some products."""
    names = set()
    for folder, _, files in os.walk(out):
        stored = {name for name in files if name.endswith(".npz") and not name.startswith(".")}
        if Path(folder).parent.suffix != ".products":
            names |= stored
        elif len(stored) >= 2:
            names.add(Path(folder).parent.name)
    return names


@pytest.mark.parametrize(("n", "side", "says"), [(40, 32, "give 64"), (64, 16, "take .32, 32, 3")])
def test_images_that_do_not_fit_are_refused_before_the_work(tmp_path, n, side, says):
    rng = np.random.default_rng(0)
    x, y = rng.integers(0, 256, (n, side, side, 3), dtype=np.uint8), np.arange(n) % 10
    np.savez(tmp_path / "mine.npz", x_train=x, y_train=y, x_test=x, y_test=y)
    experiment = experiments()["leading_eigenvalues"]
    job = Job(experiment, Scale.TINY, str(tmp_path / "mine.npz"), 0, tmp_path / "out")
    with pytest.raises(UsageError, match=f"mine.npz.*{says}"):
        job.result()
    assert list((tmp_path / "out").rglob("*.npz")) == []
