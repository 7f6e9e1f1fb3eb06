"""``python -m sim`` as a user meets it: rows, exit codes, one line for bad usage."""

import math
import os
import signal
import subprocess
import sys
import time
from functools import partial

import pytest

from companion.errors import UsageError
from sim.__main__ import main as sim
from sim.__main__ import power_in_words
from tests.paths import ROOT
from tests.strict_json import json_of

FIELDS = [
    "claim",
    "relation",
    "theory",
    "simulated",
    "stderr",
    "draws",
    "unit",
    "law",
    "p",
    "false_alarm",
    "verdict",
    "seconds",
    "seed",
    "scale",
    "power",
    "twins",
    "digest",
]


def test_sim_as_json(capsys):
    code, rows = json_of(sim, capsys, "spectra.outlier", "quadratic.form", "--jobs", "1")
    assert code == 0
    assert [row["claim"] for row in rows] == ["quadratic.form", "spectra.outlier"]
    for row in rows:
        assert list(row) == FIELDS
        assert row["verdict"] == "agrees"
        assert 0 < row["power"] < 0.05
        assert all(twin["refuted"] for twin in row["twins"])


@pytest.mark.parametrize(
    ("power", "said"),
    [
        (None, "-"),
        (2.2e-15, "<1e-12"),
        (3e-9, "3e-09"),
        (0.0031, "0.3 %"),
        (0.043, "4 %"),
        (math.inf, "> 50 %"),
    ],
)
def test_power_in_words(power, said):
    assert power_in_words(power) == said


@pytest.mark.landing
def test_sim_gives_the_same_rows_in_any_number_of_processes(capsys):
    words = ["quadratic.form", "quadratic.decay", "spectra.outlier"]
    _, one = json_of(sim, capsys, *words, "--jobs", "1")
    _, two = json_of(sim, capsys, *words, "--jobs", "2")
    for row in [*one, *two]:
        del row["seconds"]
    assert one == two


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["spectra.outlyer"], "the nearest is 'spectra.outlier'"),
        (["--seed", "-1"], "--seed -1 is out of range; give a whole number >= 0"),
        (["--seed", "x"], "invalid int value: 'x'"),
        (["--jobs", "0"], "--jobs 0 is out of range; give a whole number >= 1"),
        (["--quick", "--full"], "not allowed with"),
    ],
)
def test_sim_refuses_in_one_line(words, complaint):
    with pytest.raises(UsageError) as refused:
        sim(words)
    assert complaint in str(refused.value)


def test_a_failing_check_exits_with_1(monkeypatch, capsys):
    import sim.__main__ as command
    from sim.check import check
    from theory import quadratic

    def tampered(name, seed, scale, tests):
        twin = next(iter(quadratic.form.twins.values()))
        return check(quadratic.form, seed=seed, scale=scale, tests=tests, closed_form=twin)

    monkeypatch.setattr(command, "_check", tampered)
    assert sim(["quadratic.form"]) == 1
    assert "refuted" in capsys.readouterr().out


@pytest.mark.landing
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_prints_the_finished_rows(jobs):
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "sim", "--full", "--jobs", jobs],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        # a shell starts its background jobs, and so what they start, deaf to Ctrl-C
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdout is not None
    header, first = process.stdout.readline(), process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    started = time.monotonic()
    rest, errors = process.communicate(timeout=60)
    assert time.monotonic() - started < 30
    assert process.returncode == 130
    assert header.startswith("claim")
    assert "quadratic.form" in first
    assert "claims agree" in rest
    assert "interrupted after" in errors
    assert "Traceback" not in errors
