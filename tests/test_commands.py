"""The commands as processes: exit codes, one-line errors, closed pipes."""

import subprocess
import sys

import pytest

from tests.paths import ROOT


def run(*words: str, **options) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, text=True, capture_output=True, **options
    )


@pytest.mark.parametrize("room", ["theory", "sim", "figures", "book"])
def test_exit_codes_of_the_process(room):
    wrong = run(room, "no.such.name")
    assert wrong.returncode == 2
    assert wrong.stdout == ""
    assert len(wrong.stderr.splitlines()) == 1
    right = run(room, "--help")
    assert right.returncode == 0
    assert "examples:" in right.stdout


def test_a_closed_pipe_is_no_error():
    command = f"{sys.executable} -m theory | head -n 1"
    done = subprocess.run(command, shell=True, cwd=ROOT, text=True, capture_output=True)
    assert done.stderr == ""
