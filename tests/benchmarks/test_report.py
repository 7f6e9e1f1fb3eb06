"""The report says what was paired, what is not the same, and what goal is met."""

import numpy as np
import pytest

from benchmarks.case import Case
from benchmarks.goals import goal
from benchmarks.report import COLUMNS, Setting, head, line, met, records, summary
from benchmarks.rounds import Key, Ready, Sample, agree
from benchmarks.tasks import TASKS, Result

PLAIN = Setting()
WIDE = "double backward, rebuilt, channels_last"


def sample(value, *seconds, failed=None, cpu=None, **notes):
    return Sample(
        list(seconds), list(cpu or seconds), Result(np.array(value), notes), failed=failed
    )


def of(theirs, task="eigenpairs", ours=None, setting=PLAIN, engine="PyTorch"):
    key = Key(engine, task, "theirs")
    ours = ours or sample([4.0, 2.0], 1.0, 3.0, residual=0.0)
    both = {Key("ours", task, ""): ours, key: theirs}
    (record,) = records(Case(), [TASKS[task]], both, setting)
    return record


def test_ratios_are_of_the_same_round():
    record = of(sample([4.0, 2.0], 2.0, 1.0, residual=0.0))
    assert (record["lowest"], record["ratio"], record["highest"]) == (0.5, 1.75, 3.0)
    assert record["fastest"]
    assert not record["differs"]
    assert len(summary([record])) == 2


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
    assert trouble in line(record)
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


def test_times_and_speeds_are_per_vector():
    setting = Setting(flops={"block": 4e9}, peak=8.0)
    record = of(sample([1.0], 16.0), "block", sample([1.0], 8.0), setting)
    assert (record["ours"], record["theirs"], record["ratio"]) == (1.0, 2.0, 0.5)
    assert (record["gflops"], record["share"]) == (4.0, 0.5)


def test_a_search_has_the_operations_of_all_its_products():
    ours = sample([4.0, 2.0], 2.0, residual=0.0, products=30)
    theirs = sample([4.0, 2.0], 2.0, residual=0.0)
    record = of(theirs, ours=ours, setting=Setting(flops={"eigenpairs": 1e9}, peak=30.0))
    assert (record["gflops"], record["share"]) == (15.0, 0.5)


@pytest.mark.parametrize(("threads", "share"), [(1, 0.5), (2, 0.125)])
def test_one_thread_is_judged_by_processor_time_and_several_by_the_clock(threads, share):
    ours, theirs = sample([1.0], 2.0, cpu=[1.0]), sample([1.0], 2.0, cpu=[4.0])
    setting = Setting(threads, cores=2, flops={"product": 1e9}, peak=2.0)
    record = of(theirs, "product", ours, setting)
    assert (record["ratio"], record["cpu"]["ratio"]) == (1.0, 0.25)
    assert record["share"] == share
    assert met(record) is (threads == 1)
    assert ("0.25 (0.25 to 0.25)  goal 0.45 met" in summary([record])[1]) is (threads == 1)


def test_the_fastest_way_is_that_of_the_time_that_counts():
    samples = {
        Key("ours", "product", ""): sample([1.0], 1.0),
        Key("PyTorch", "product", "waits"): sample([1.0], 3.0, cpu=[1.0]),
        Key("PyTorch", "product", "works"): sample([1.0], 2.0, cpu=[2.0]),
    }
    for threads, fastest in ((1, "waits"), (2, "works")):
        rows = records(Case(), [TASKS["product"]], samples, Setting(threads))
        assert [record["against"] for record in rows if record["fastest"]] == [fastest]


def test_no_goal_is_judged_on_a_crowded_machine_unless_on_one_thread():
    theirs = sample([1.0], 9.0)
    for threads, load, verdict in ((1, 9.0, True), (2, 2.5, True), (2, 2.6, None)):
        record = of(theirs, "product", sample([1.0], 1.0), Setting(threads, load, 2))
        assert met(record) is verdict
    assert "not judged" in summary([record])[1]


def test_a_goal_is_for_batch_norm_on_named_widths_beside_pytorch():
    assert goal(Case("page", "1/4", "frozen"), "step", 2) == 0.78
    assert goal(Case("page", "1/4", "none"), "step", 2) is None
    assert goal(Case("page", "1"), "step", 1) is None
    assert goal(Case("vgg16", "1/4"), "step", 1) is None
    assert goal(Case("lenet", "1"), "density", 1) is None
    theirs = sample([1.0], 1.0)
    assert of(theirs, "step", theirs)["goal"] == 0.75
    earlier = of(theirs, "step", theirs, engine="0123abc")
    assert earlier["goal"] is None and earlier["against"] == "0123abc, theirs"


@pytest.mark.parametrize("seconds", [0.0012, 0.9999, 1.0, 123.4])
def test_lines_fit_the_terminal(seconds):
    notes = {"residual": 0.0, "products": 123}
    setting = Setting(2, cores=2, flops={"eigenpairs": 1e9}, peak=200.0)
    case = Case("page", "1/8", "active", "trained", 128)
    both = {
        Key("ours", "eigenpairs", ""): sample([4.0], seconds, **notes),
        Key("PyTorch", "eigenpairs", WIDE): sample([4.0], seconds, **notes),
    }
    (record,) = records(case, [TASKS["eigenpairs"]], both, setting)
    said = [COLUMNS, head(record), *line(record).splitlines(), *summary([record])]
    assert max(map(len, said)) <= 80
    assert "products 123 and 123" in line(record)
