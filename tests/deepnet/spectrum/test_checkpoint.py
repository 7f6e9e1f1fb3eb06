"""``python -m deepnet spectrum --checkpoint``: a command that was killed ends with the same row."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from deepnet.spectrum.command import main
from deepnet.spectrum.subject import Subject, identity_of
from tests.close import exact
from tests.deepnet.spectrum.asking import asked, refused, saved
from tests.paths import ROOT

PAGE = ["--width", "1/64", "--norm", "active", "--json"]
SPECTRA = {
    "ends": [*PAGE, "--top", "3", "--bottom", "1"],
    "density": [*PAGE, "--density", "--probes", "2", "--steps", "30"],
}


def row(text):
    """The printed row without the seconds that it took."""
    return {name: value for name, value in json.loads(text).items() if name != "seconds"}


def products(folder):
    return list(folder.rglob("[!.]*.npz"))


@pytest.mark.parametrize("part", SPECTRA)
def test_it_prints_the_same_row_and_leaves_nothing(capsys, page_files, tmp_path, part):
    plain = asked(page_files, *SPECTRA[part])
    assert main(plain) == 0
    expected = row(capsys.readouterr().out)
    assert main([*plain, "--checkpoint", str(tmp_path / "products")]) == 0
    printed = capsys.readouterr()
    assert row(printed.out) == expected
    assert printed.err == ""
    assert not (tmp_path / "products").exists()


def test_what_is_not_settled_goes_on_with_more_products(capsys, page_files, tmp_path):
    options = [*SPECTRA["ends"], "--checkpoint", str(tmp_path / "products")]
    assert main(asked(page_files, *options, "--products", "10")) == 1
    assert "not settled after 10 products" in capsys.readouterr().err
    assert len(products(tmp_path / "products")) == 10
    assert main(asked(page_files, *options)) == 0
    printed = capsys.readouterr()
    assert printed.err == "deepnet: goes on from 10 of 10 stored products\n"
    assert main(asked(page_files, *SPECTRA["ends"])) == 0
    assert row(printed.out) == row(capsys.readouterr().out)
    assert not (tmp_path / "products").exists()


def test_other_files_in_the_folder_stay(capsys, page_files, tmp_path):
    folder = tmp_path / "products"
    folder.mkdir()
    (folder / "W.npz").write_text("the user's")
    assert main(asked(page_files, *SPECTRA["ends"], "--checkpoint", str(folder))) == 0
    assert [path.name for path in folder.iterdir()] == ["W.npz"]
    assert (folder / "W.npz").read_text() == "the user's"


def test_a_file_is_no_folder(page_files):
    before = Path(page_files[0]).read_bytes()
    assert "W.npz" in refused(page_files, *SPECTRA["ends"], "--checkpoint", page_files[0])
    assert Path(page_files[0]).read_bytes() == before


def test_whatever_a_product_depends_on_makes_another_matrix(tmp_path):
    one, other = (saved(tmp_path, f"{i}.npz", x=np.arange(3 + i)) for i in (0, 1))
    same = saved(tmp_path, "again.npz", x=np.arange(3))
    subject = Subject(
        net="page",
        width=Fraction(1, 4),
        norm="active",
        eps=1e-5,
        activation="softplus:10",
        shortcut=None,
        weights=one,
        data=one,
        smoothing=0.0,
        batch=None,
        recompute=False,
        dtype="float64",
        device="cpu",
        convolution="auto",
    )
    for alike in ({"device": "gpu"}, {"recompute": True}, {"weights": same, "data": same}):
        assert exact(identity_of(replace(subject, **alike)), identity_of(subject))
    changes = {
        "net": "lenet",
        "width": Fraction(1, 8),
        "norm": "frozen",
        "eps": 1e-3,
        "activation": "relu",
        "shortcut": "pool",
        "weights": other,
        "data": other,
        "smoothing": 0.5,
        "batch": 10,
        "dtype": "float32",
        "convolution": "winograd2",
    }
    for name, value in changes.items():
        assert not exact(identity_of(replace(subject, **{name: value})), identity_of(subject))


#: The command, which kills itself in the middle of its ``argv[1]``-th Hessian product.
COMMAND = """
import os, signal, sys
from deepnet.curvature.operators import Curvature
from deepnet.spectrum.command import main

left, multiply = int(sys.argv[1]), Curvature.multiply

def killed(self, columns):
    global left
    left -= 1
    product = multiply(self, columns)
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return product

Curvature.multiply = killed
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.landing
@pytest.mark.parametrize("part", SPECTRA)
def test_killed_in_its_products_it_prints_the_same_row(capsys, page_files, tmp_path, part):
    assert main(asked(page_files, *SPECTRA[part])) == 0
    expected = row(capsys.readouterr().out)
    options = asked(page_files, *SPECTRA[part], "--checkpoint", str(tmp_path / "products"))
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    finished = 0
    for fatal in (1, 14, 0):
        command = [sys.executable, "-c", COMMAND, str(fatal), *options]
        ended = subprocess.run(command, env=env, text=True, capture_output=True)
        assert ended.returncode == (-signal.SIGKILL if fatal else 0)
        finished += max(fatal - 1, 0)
        assert len(products(tmp_path / "products")) == (finished if fatal else 0)
    assert ended.stderr == f"deepnet: goes on from {finished} of {finished} stored products\n"
    assert row(ended.stdout) == expected
