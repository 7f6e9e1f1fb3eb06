"""The plan of the comparison, and what is refused before anything is timed."""

import pytest

from benchmarks.__main__ import benchmarks
from benchmarks.plan import WIDTHS, Choice, plan
from benchmarks.tasks import TASKS
from companion.errors import UsageError


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
    assert {case.width for case, _ in usual if case.net == "page"} == {"1/8", "1/4", "1/2"}
    assert any(task.long for _, tasks in usual for task in tasks)
    assert not all(task.long for _, tasks in usual for task in tasks)
    named = plan(Choice(nets=["vgg16"], tasks=["density"]), everything=False)
    assert [[task.name for task in tasks] for _, tasks in named] == [["density"]] * 6


def test_wide_nets_have_fewer_images_unless_the_reader_says_how_many():
    page = plan(Choice(nets=["page"]), everything=True)
    batches = {case.width: case.batch for case, _ in page}
    assert batches == {"1/8": 128, "1/4": 64, "1/2": 32, "1": 32}
    named = plan(Choice(nets=["page"], batch=16), everything=True)
    assert {case.batch for case, _ in named} == {16}


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("--runs 0", "--runs 0"),
        ("--batch 1", "--batch 1"),
        ("--threads 0", "--threads 0"),
        ("--threads 2 -1", "--threads -1"),
        ("--width 0", "0"),
        ("--width one", "one"),
        ("--width 1/0", "1/0"),
        ("--net x", "x"),
        ("--against absent", "--against absent has no folder 'companion'"),
        ("--record --device gpu", "leave --against and gpu out"),
        ("--record --against .", "leave --against and gpu out"),
    ],
)
def test_what_cannot_be_timed_is_refused(words, named):
    with pytest.raises(UsageError, match=named):
        benchmarks(words.split())


def test_without_pytorch_the_way_out_is_named(monkeypatch):
    monkeypatch.setattr("benchmarks.__main__.installed", lambda package: None)
    with pytest.raises(UsageError, match="--against"):
        benchmarks(["--net", "lenet"])
