"""``python -m deepnet spectrum --density``: against the dense spectrum of a linear classifier."""

import json

import numpy as np
import pytest

from companion.errors import UsageError
from deepnet.spectrum.command import main as spectrum
from tests.close import discretised, rounded
from tests.deepnet.spectrum.asking import OPEN, asked, saved
from tests.deepnet.spectrum.linear import classifier

OPTIONS = ("--net", "mlp", "--norm", "none", "--activation", "linear", "--density")
KEYS = ["net", *OPEN, "parameters", "examples", "classes", "empty_classes", "loss", "grad_norm"]
KEYS += ["trace", "absolute", "squares", "known", "histogram", "density", "kernel_variance"]
KEYS += ["nodes", "weights"]
KEYS += ["probes", "steps", "dtype", "convolution", "seconds"]


def test_the_density_has_the_dense_spectrum_within_its_errors(capsys, linear_files):
    options = ("--probes", "200", "--steps", "16", "--json")
    assert spectrum(asked(linear_files, *OPTIONS, *options)) == 0
    row = json.loads(capsys.readouterr().out)
    assert list(row) == KEYS
    loss, grad_norm, values = classifier(linear_files, 0)
    assert rounded(row["loss"], loss)
    assert rounded(row["grad_norm"], grad_norm)
    assert (row["parameters"], row["steps"], row["probes"]) == (27, 16, 200)
    found = {
        "trace": values.sum(),
        "absolute": np.abs(values).sum(),
        "squares": (values**2).sum(),
    }
    for name, exact in found.items():
        part = row[name]
        assert discretised(part["mean"], exact, 5.7 * part["stderr"] + part["quadrature"])
        assert part["stderr"] < exact / 10
    bins, at = row["histogram"], np.array(row["density"]["at"])
    counts = np.histogram(values, bins["edges"])[0]
    errors = 5.7 * 27 * np.array(bins["stderr"]) + 27 * np.array(bins["quadrature"])
    assert discretised(27 * np.array(bins["mean"]), counts, errors)
    assert rounded(sum(bins["mean"]), 1)
    assert len(at) == len(row["density"]["mean"])
    assert bins["edges"][0] < values[0]
    assert bins["edges"][-1] > values[-1]
    assert np.shape(row["nodes"]) == np.shape(row["weights"]) == (200, 16)


def test_with_as_many_steps_as_parameters_all_is_exact(capsys, linear_files):
    assert spectrum(asked(linear_files, *OPTIONS, "--probes", "2", "--json")) == 0
    row = json.loads(capsys.readouterr().out)
    *_, values = classifier(linear_files, 0)
    assert rounded(row["known"], values, condition=27)
    assert rounded(row["trace"]["mean"], values.sum(), 27 * values[-1])
    bins = row["histogram"]
    assert rounded(27 * np.array(bins["mean"]), np.histogram(values, bins["edges"])[0])
    for part in (row["trace"], row["absolute"], row["squares"], bins, row["density"]):
        assert not np.any(part["stderr"])
        assert not np.any(part["quadrature"])
        assert part["low"] == part["mean"] == part["high"]
    assert spectrum(asked(linear_files, *OPTIONS, "--probes", "2")) == 0
    out = capsys.readouterr().out
    assert "27 of 27 eigenvalues are known exactly" in out
    assert "exact" in out
    assert "±" not in out


def test_the_table_says_how_many_lie_where(capsys, linear_files):
    assert spectrum(asked(linear_files, *OPTIONS, "--probes", "3", "--steps", "12")) == 0
    out = capsys.readouterr().out
    assert "27 parameters, 20 examples, float64" in out
    assert "eigenvalues from" in out
    assert "3 probes of 12 steps in" in out
    assert " of 27 eigenvalues are known exactly; * is the larger error" in out
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize("wrong", [("--probes", "1"), ("--steps", "0")])
def test_too_few_are_refused(linear_files, wrong):
    with pytest.raises(UsageError, match="give a whole number >= 2"):
        spectrum(asked(linear_files, *OPTIONS, *wrong))


def test_the_density_has_the_unit_of_the_eigenvalues(capsys, tmp_path, linear_files):
    """With inputs and no bias a thousand times larger, the Hessian is a million times larger."""
    with np.load(linear_files[1]) as data, np.load(linear_files[0]) as weights:
        x, y, w = data["x"], data["y"], weights["w:dense1"]
    rows = []
    for times in (1, 1024):
        files = (
            saved(tmp_path, f"W{times}.npz", w__dense1=w / times),
            saved(tmp_path, f"D{times}.npz", x=times * x, y=y),
        )
        assert spectrum(asked(files, *OPTIONS, "--probes", "3", "--json")) == 0
        rows.append(json.loads(capsys.readouterr().out))
    small, large = ({k: np.array(v) for k, v in row["density"].items()} for row in rows)
    assert rounded(large["at"], 1024**2 * small["at"], condition=1e3)
    assert rounded(1024**2 * large["mean"], small["mean"], condition=1e6)
    assert discretised(np.trapezoid(large["mean"], large["at"]), 1, 1e-6)


def test_the_kernel_of_the_source_is_an_option(capsys, linear_files):
    widths = {}
    for kernel in ("0.01", "0.02", "ghorbani2019"):
        assert spectrum(asked(linear_files, *OPTIONS, "--kernel", kernel, "--json")) == 0
        row = json.loads(capsys.readouterr().out)
        widths[kernel] = row["kernel_variance"] ** 0.5
        at = row["density"]["at"]
        assert discretised(np.trapezoid(row["density"]["mean"], at), 1, 1e-6)
    assert rounded(widths["0.02"], 2 * widths["0.01"])
    assert rounded(widths["ghorbani2019"] ** 2, 1e-5 * max(1, 100 * widths["0.01"] + 0.02))


@pytest.mark.parametrize("wrong", ["0", "-1", "2", "nan", "wide"])
def test_another_kernel_is_refused(linear_files, wrong):
    with pytest.raises(UsageError, match=f"--kernel {wrong}: give a share of the range"):
        spectrum(asked(linear_files, *OPTIONS, f"--kernel={wrong}"))
