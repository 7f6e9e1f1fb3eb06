"""The benchmark compares engines that compute the same, and says so where they do not."""

import json
from importlib.util import find_spec

import numpy as np
import pytest

pytest.importorskip("torch")
from benchmarks.__main__ import benchmarks
from benchmarks.case import Case
from benchmarks.plan import WIDTHS, Choice, plan
from benchmarks.report import records, summary
from benchmarks.rounds import Key, Ready, Sample, agree
from benchmarks.tasks import RESIDUAL, TASKS, Result
from companion.errors import UsageError

pytestmark = [
    pytest.mark.peers,
    pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated:DeprecationWarning"),
]
TOOLS = {"curvlinops", "PyHessian"}
SHORT = ["step", "gradient", "product"]


def run(capsys, *words):
    code = benchmarks([*words, "--threads", "1", "--runs", "1", "--json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.fixture(autouse=True)
def same_threads_afterwards(monkeypatch):
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        monkeypatch.setenv(name, "1")  # what --threads sets is undone


@pytest.mark.parametrize("norm", ["active", "frozen", "none"])
def test_it_reports_ratios_of_equal_computations(norm, tmp_path, capsys):
    out = tmp_path / "benchmarks.json"
    case = ["--width", "1/32", "--batch", "8", "--norm", norm, "--weights", "trained"]
    code, report = run(capsys, "--net", "page", *case, "--task", *SHORT, "--out", str(out))
    assert code == 0
    assert json.loads(out.read_text()) == report
    assert report["machine"]["threads"] == 1
    assert {record["task"] for record in report["records"]} == set(SHORT)
    assert sum(record["fastest"] for record in report["records"]) == len(SHORT)
    for record in report["records"]:
        assert record["ratio"] > 0
        assert record["difference"] <= TASKS[record["task"]].tolerance


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


def sample(value, *seconds, failed=None, **notes):
    return Sample(list(seconds), Result(np.array(value), notes), failed=failed)


def of(theirs, task="eigenpairs"):
    key = Key("PyTorch", task, "theirs")
    ours = sample([4.0, 2.0], 1.0, 3.0, residual=0.0)
    (record,) = records(Case(), [TASKS[task]], {Key("ours", task, ""): ours, key: theirs})
    return record


def test_ratios_are_of_the_same_round():
    record = of(sample([4.0, 2.0], 2.0, 1.0, residual=0.0))
    assert (record["lowest"], record["ratio"], record["highest"]) == (0.5, 1.75, 3.0)
    assert record["fastest"]
    assert not record["differs"]
    assert len(summary([record])) == 1


@pytest.mark.parametrize(
    ("theirs", "trouble", "differs"),
    [
        (sample([4.0, 2.1], 1.0, 1.0, residual=0.0), "results differ by 2e-02", True),
        (sample([4.0, np.nan], 1.0, 1.0, residual=0.0), "results differ by nan", True),
        (sample([4.0, 2.0], 1.0, 1.0, residual=0.1), "stops at residual 1e-01", False),
        (sample([4.0, 2.0], failed="RuntimeError: no"), "RuntimeError: no", False),
    ],
    ids=["other results", "not a number", "a loose end", "a failure"],
)
def test_what_is_not_the_same_is_said_and_is_not_the_fastest(theirs, trouble, differs):
    record = of(theirs)
    assert record["trouble"] == trouble
    assert record["differs"] is differs
    assert not record["fastest"]
    assert summary([record]) == []


def test_engines_that_compute_something_else_are_not_timed():
    exact = np.array([[1.0, 2.0], [3.0, 4.0]])
    ours = Ready(2, exact, [])
    agree(ours, ours)
    with pytest.raises(RuntimeError, match="in float64"):
        agree(ours, Ready(2, exact + 1e-9, []))
    with pytest.raises(RuntimeError, match="2 threads of ours, 1"):
        agree(ours, Ready(1, exact, []))


def test_another_way_of_ours_stands_beside_the_usual_one():
    samples = {
        Key("ours", "product", ""): sample([1.0], 4.0),
        Key("ours", "product", "captured"): sample([1.0], 1.0),
        Key("PyTorch", "product", "theirs"): sample([1.0], 2.0),
    }
    theirs, captured = records(Case(), [TASKS["product"]], samples)
    assert theirs["fastest"] and not captured["fastest"]
    assert captured["against"] == "ours, captured" and captured["ratio"] == 4.0


def test_times_are_per_vector():
    ours, theirs = sample([1.0], 8.0), sample([1.0], 16.0)
    keys = Key("ours", "block", ""), Key("PyTorch", "block", "theirs")
    (record,) = records(Case(), [TASKS["block"]], dict(zip(keys, (ours, theirs), strict=True)))
    assert (record["ours"], record["theirs"], record["ratio"]) == (1.0, 2.0, 0.5)


def test_all_is_every_case_with_every_task():
    cases = plan(Choice(), everything=True)
    assert len(cases) == len({case for case, _ in cases})
    assert {(case.net, case.width) for case, _ in cases} == {
        (net, width) for net, widths in WIDTHS.items() for width in widths
    }
    assert all(tasks == list(TASKS.values()) for _, tasks in cases)


def test_the_default_leaves_out_what_is_long_and_a_named_task_is_done_everywhere():
    usual = plan(Choice(), everything=False)
    assert {case.weights for case, _ in usual} == {"initial", "trained"}
    assert any(task.long for _, tasks in usual for task in tasks)
    assert not all(task.long for _, tasks in usual for task in tasks)
    named = plan(Choice(nets=["vgg16"], tasks=["density"]), everything=False)
    assert [[task.name for task in tasks] for _, tasks in named] == [["density"]] * 6


@pytest.mark.parametrize(
    "words",
    ["--runs 0", "--batch 1", "--threads 0", "--width 0", "--width one", "--width 1/0", "--net x"],
)
def test_what_cannot_be_timed_is_refused(words):
    with pytest.raises(UsageError, match=words.split()[1]):
        benchmarks(words.split())
