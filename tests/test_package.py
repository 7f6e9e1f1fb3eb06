"""The package as it is installed: the wheel in a clean environment, the notebook."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.paths import ROOT

pytestmark = pytest.mark.landing


def run(*words, **options) -> subprocess.CompletedProcess:
    return subprocess.run(
        [str(word) for word in words], text=True, capture_output=True, check=False, **options
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder, ROOT)
    if built.returncode and re.search("hatchling|connection|network", built.stderr, re.I):
        pytest.skip("the build needs hatchling from a package registry")
    assert built.returncode == 0, built.stderr
    (path,) = folder.glob("*.whl")
    return path


def test_the_wheel_carries_its_data_and_not_the_tests(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    data = {
        "companion/index.json",
        "figures/companion.mplstyle",
        "deepnet/ops/gpu/kernels.cu",
        "book/static/fonts/OFL.txt",
        "book/static/fonts/STIXTwoMath.woff2",
        "book/static/page.css",
        "book/templates/base.html",
    }
    assert data <= set(names)
    tops = {name.partition("/")[0] for name in names if ".dist-info" not in name}
    assert tops == {"companion", "theory", "sim", "deepnet", "figures", "book"}
    assert {f"{top}/py.typed" for top in tops} <= set(names)


def test_the_wheel_works_from_another_folder_with_a_read_only_home(wheel, tmp_path):
    environment, home, work = (tmp_path / name for name in ("environment", "home", "work"))
    work.mkdir()
    home.write_text("a file, in which nobody, not even root, makes folders")
    assert run(sys.executable, "-m", "venv", "--without-pip", environment).returncode == 0
    python = environment / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", python)  # this pip, for the new environment
    installed = run(*pip, "install", "-q", "--no-compile", "-c", ROOT / "constraints.txt", wheel)
    if installed.returncode and "No matching distribution" in installed.stderr:
        pytest.skip("the dependencies need a package registry")
    assert installed.returncode == 0, installed.stderr
    clean = {"PATH": os.environ["PATH"], "HOME": str(home)}
    commands = [
        ("theory", "invariance.equilibrium_angle"),
        ("theory", "spectra.outlier", "N=320", "alpha=1.25", "m=0.22", "v=0.9"),
        ("sim", "spectra.outlier", "quadratic.form", "--jobs", "2"),
        ("figures", "spectra.outlier_against_mean", "--out", work / "pictures"),
    ]
    for command in commands:
        done = run(python, "-m", *command, cwd=work, env=clean)
        assert done.returncode == 0, done.stderr
    assert (work / "pictures" / "spectra.outlier_against_mean.png").stat().st_size > 10_000


def test_the_notebook_runs(tmp_path):
    import nbformat

    path = ROOT / "examples" / "claims.ipynb"
    notebook = nbformat.read(path, as_version=4)
    assert len(notebook.cells) > 5
    copy = tmp_path / "claims.ipynb"
    copy.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    jupyter = Path(sys.executable).with_name("jupyter-execute")
    done = run(jupyter, "--inplace", copy, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    executed = nbformat.read(copy, as_version=4)
    outputs = [out for cell in executed.cells for out in cell.get("outputs", [])]
    assert any("17.14983884" in str(out) for out in outputs)
    assert any("refuted" in str(out) for out in outputs)
