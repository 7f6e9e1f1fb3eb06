"""The benchmark compares engines that compute the same numbers."""

import json

import pytest

pytest.importorskip("torch")
from benchmarks.__main__ import benchmarks
from companion.errors import UsageError

pytestmark = [
    pytest.mark.peers,
    pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated:DeprecationWarning"),
]


@pytest.mark.parametrize("norm", ["active", "frozen", "none"])
def test_it_reports_ratios_of_equal_computations(norm, tmp_path, capsys):
    out = tmp_path / "benchmarks.json"
    words = ["--width", "1/32", "--batch", "8", "--norm", norm, "--runs", "1", "--json"]
    assert benchmarks([*words, "--out", str(out)]) == 0
    report = json.loads(capsys.readouterr().out)
    assert json.loads(out.read_text()) == report
    assert {record["task"] for record in report["records"]} == {
        "training step",
        "gradient",
        "Hessian product",
    }
    assert all(record["ratio"] > 0 for record in report["records"])


def test_no_rounds_are_refused():
    with pytest.raises(UsageError, match="--runs 0"):
        benchmarks(["--runs", "0"])
