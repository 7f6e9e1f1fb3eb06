"""The benchmark compares engines that compute the same, and says so where they do not."""

import json
from importlib.util import find_spec

import pytest

pytest.importorskip("torch")
from benchmarks import history
from benchmarks.__main__ import benchmarks
from benchmarks.tasks import RESIDUAL, TASKS

pytestmark = [
    pytest.mark.peers,
    pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated:DeprecationWarning"),
]
TOOLS = {"curvlinops", "PyHessian"}
SHORT = ["step", "gradient", "product"]


def run(capsys, *words):
    code = benchmarks([*words, "--threads", "1", "--runs", "1", "--json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("norm", ["active", "frozen", "none"])
def test_it_reports_ratios_of_equal_computations(norm, tmp_path, capsys):
    out = tmp_path / "benchmarks.json"
    case = ["--width", "1/32", "--batch", "8", "--norm", norm, "--weights", "trained"]
    code, report = run(capsys, "--net", "page", *case, "--task", *SHORT, "--out", str(out))
    assert code == 0
    assert json.loads(out.read_text()) == report
    assert report["machine"]["peak"] > 0 and "torch" in report["machine"]["kernels"]
    assert {record["task"] for record in report["records"]} == set(SHORT)
    assert sum(record["fastest"] for record in report["records"]) == len(SHORT)
    for record in report["records"]:
        assert record["ratio"] > 0
        assert record["difference"] <= TASKS[record["task"]].tolerance
        assert record["threads"] == 1 and record["cpu"]["ratio"] > 0 and record["share"] > 0


def test_a_run_on_record_is_what_the_next_one_is_compared_with(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(history, "RECORDS", tmp_path / "record")
    words = ["--net", "page", "--width", "1/32", "--batch", "4", "--norm", "active"]
    words += ["--weights", "initial", "--task", "product", "--threads", "1", "--runs", "1"]
    assert benchmarks([*words, "--record"]) == 0
    assert "no run on record of this processor" in capsys.readouterr().out
    (path,) = (tmp_path / "record").iterdir()
    assert benchmarks(words) == 0
    assert "1 in common" in capsys.readouterr().out
    assert list((tmp_path / "record").iterdir()) == [path]


@pytest.mark.landing
@pytest.mark.parametrize(("net", "width"), [("lenet", "1/4"), ("vgg16", "1/32")])
def test_the_other_nets_compute_the_same(net, width, capsys):
    case = ["--net", net, "--width", width, "--batch", "8", "--norm", "active"]
    code, report = run(capsys, *case, "--weights", "initial", "--task", *SHORT, "block")
    assert code == 0
    assert not any(record["trouble"] for record in report["records"])
    assert {record["task"] for record in report["records"]} == {*SHORT, "block"}


@pytest.mark.landing
def test_eigenpairs_and_densities_agree(capsys):
    case = ["--net", "lenet", "--width", "1/4", "--batch", "16", "--norm", "active"]
    tasks = ["eigenpairs", "density"]
    code, report = run(capsys, *case, "--weights", "trained", "--task", *tasks)
    assert code == 0
    by_way = {(record["task"], record["against"]): record for record in report["records"]}
    assert by_way["eigenpairs", "ARPACK, kept graph"]["notes"]["theirs"]["residual"] <= RESIDUAL
    for record in report["records"]:
        if record["task"] == "eigenpairs":
            assert record["notes"]["ours"]["residual"] <= RESIDUAL
    if all(find_spec(tool.lower()) for tool in TOOLS):
        assert {way for task, way in by_way if task == "density"} == TOOLS
        assert not any(r["trouble"] for (task, _), r in by_way.items() if task == "density")
