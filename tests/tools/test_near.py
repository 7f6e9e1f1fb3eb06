"""The rules of what is near to a changed file, and what pytest is told."""

import os
import subprocess
import sys
from fnmatch import filter as matching
from textwrap import dedent

import pytest

from companion.errors import UsageError
from tests.paths import ROOT
from tools import near as command
from tools.changes import CannotTellError, Changes
from tools.chosen import place
from tools.near import EVERYTHING, HOUSE, RULES, chosen, main, near, pytest_arguments

CLAIMS = [
    "tests/theory/test_claims.py[{0}.*]",
    "tests/theory/test_values.py[{0}.*]",
    "tests/sim/test_claims.py[{0}.*]",
]
PLATES = "tests/figures/test_figures.py"
FIGURES = f"{PLATES}[{{0}}.*]"


def chapter(name: str) -> set[str]:
    of_files = {choice.format(name) for choice in (*CLAIMS, FIGURES)}
    return {f"tests/theory/{name}", *of_files}


@pytest.mark.parametrize(
    ("path", "choices"),
    [
        ("theory/spectra/spike.py", chapter("spectra")),
        ("sim/spectra/spike.py", chapter("spectra")),
        ("theory/errata/spectra.py", chapter("spectra") | {"tests/theory/test_command.py"}),
        ("theory/kronecker/layer.py", {"tests/deepnet/curvature/test_kfac.py"}),
        ("figures/spectra/energies.py", {FIGURES.format("spectra")}),
        ("figures/page2019/words.py", {FIGURES.format("page2019")}),
        ("figures/marks.py", {"tests/figures"}),
        ("theory/proofs/tactics.py", {"tests/theory", "tests/sim", "tests/figures"}),
        ("sim/evidence.py", {"tests/theory", "tests/sim", "tests/figures"}),
        (
            "sim/inputs/report.py",
            {"tests/sim/inputs", "tests/figures/test_figures.py[spectra.images,own.*]"},
        ),
        ("deepnet/ops/pointwise.py", {"tests/deepnet/ops", "tests/deepnet/test_engine.py"}),
        ("deepnet/tape.py", {"tests/deepnet/ops", "tests/deepnet/test_engine.py"}),
        (
            "deepnet/curvature/trace.py",
            {"tests/deepnet/curvature", "tests/tools/test_api.py", "tests/test_docs.py[api.md]"},
        ),
        ("deepnet/experiments/runner.py", {"tests/deepnet/experiments"}),
        (
            "deepnet/experiments/page2019/training.py",
            {"tests/deepnet/experiments/page2019", FIGURES.format("page2019")},
        ),
        (
            "deepnet/experiments/oxford2021/shared/probe.py",
            {"tests/deepnet/experiments/oxford2021", FIGURES.format("oxford2021")},
        ),
        (
            "deepnet/experiments/grosse2021/observed/knockout.py",
            {"tests/deepnet/experiments/grosse2021", FIGURES.format("grosse2021")},
        ),
        ("companion/files.py", {EVERYTHING}),
        ("companion/index.json", {"tests/test_docs.py", "tests/theory/test_command.py"}),
        ("pyproject.toml", {EVERYTHING}),
        ("tests/conftest.py", {EVERYTHING}),
        ("a/new/room.py", {EVERYTHING}),
        ("tests/some data.csv", {EVERYTHING}),
        ("tests/deepnet/conftest.py", {"tests/deepnet"}),
        ("tests/strategies.py", {"tests/theory/spectra/test_bulk.py"}),
        ("tests/theory/spectra/test_bulk.py", {"tests/theory/spectra/test_bulk.py"}),
        ("tests/theory/spectra/test_gone.py", set()),
        ("benchmarks/case.py", {"tests/deepnet/test_device_arrays.py", "tests/benchmarks"}),
        ("README.md", {"tests/test_docs.py", "tests/test_package.py"}),
        ("examples/claims.ipynb", {"tests/test_package.py"}),
        ("docs/verdicts.json", {"tests/test_docs.py", "tests/test_package.py"}),
        ("CHANGELOG.md", set()),
        (HOUSE, set()),
    ],
)
def test_what_is_near_to_a_changed_file(path, choices):
    found = set(near(path)[1])
    assert choices <= found
    assert bool(choices) == bool(found)


@pytest.mark.parametrize(
    ("path", "far"),
    [
        ("theory/spectra/spike.py", "tests/deepnet/experiments/page2019"),
        ("theory/spectra/spike.py", "tests/theory/quadratic"),
        ("deepnet/ops/pointwise.py", "tests/deepnet/experiments"),
        ("deepnet/experiments/page2019/training.py", "tests/deepnet/experiments/grosse2021"),
    ],
)
def test_what_is_far_from_it(path, far):
    assert not any(place(choice).startswith(far) for choice in near(path)[1])


@pytest.fixture(scope="module")
def everywhere() -> dict[str, tuple[str, list[str]]]:
    """What is near to each file of the repository."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, text=True, capture_output=True)
    if done.returncode:
        pytest.skip("this is no git repository")
    return {path: near(path) for path in done.stdout.strip("\0").split("\0")}


def test_every_file_of_the_repository_has_a_rule_and_every_rule_a_file(everywhere):
    told = {what for what, _ in everywhere.values()}
    *rules, (_, unknown, _) = RULES
    assert unknown not in told
    assert {what for _, what, _ in rules if "{0}" not in what} <= told


def test_every_claim_figure_and_experiment_is_near_to_a_file(everywhere):
    """The names in brackets are theirs, which the tests carry, and none is without a file."""
    import theory
    from deepnet.experiments.experiment import experiments
    from figures.gallery import plates

    of_experiments = "tests/deepnet/experiments/test_{}.py".format
    carried = {
        "tests/theory/test_claims.py": theory.claims(),
        "tests/sim/test_claims.py": theory.claims(),
        "tests/theory/test_values.py": theory.claims(),
        "tests/figures/test_figures.py": plates(),
        of_experiments("experiments"): experiments(),
        of_experiments("published"): experiments(),
        of_experiments("on_a_device"): experiments(),
        "tests/test_docs.py": {"api.md"},
    }
    found: dict[str, set[str]] = {file: set() for file in carried}
    for choice in {each for _, choices in everywhere.values() for each in choices if "[" in each}:
        for pattern in choice.partition("[")[2].rstrip("]").split(","):
            names = matching(carried[place(choice)], pattern)
            assert names, choice
            found[place(choice)].update(names)
    assert found == {file: set(names) for file, names in carried.items()}


def test_files_with_one_reason_are_told_together():
    found = chosen(["CITATION.cff", "theory/spectra/bulk.py", "LICENSE", "theory/spectra/spike.py"])
    assert list(found) == ["the house rules", "chapter spectra"]
    assert found["the house rules"] == (["CITATION.cff", "LICENSE"], [])
    assert found["chapter spectra"][0] == ["theory/spectra/bulk.py", "theory/spectra/spike.py"]


def test_a_file_of_which_all_is_chosen_is_not_narrowed():
    whole, part = "tests/theory", "tests/theory/test_claims.py[spectra.*]"
    told = pytest_arguments([part, whole])
    assert told[-1] == whole
    assert f"--choose={whole}" in told
    assert pytest_arguments([part, EVERYTHING]) == []


def test_pytest_keeps_what_is_chosen_and_nothing_else(tmp_path):
    """A name is looked for in the brackets, not in the names of files and functions."""
    text = """
        import pytest

        @pytest.mark.parametrize("claim", ["spectra.edges", "quadratic.form-1", "a spectra.bulk"])
        def test_step(claim): pass

        def test_spectra(): pass
    """
    for name in ("test_spectra.py", "test_all.py"):
        (tmp_path / name).write_text(dedent(text))
    words = pytest_arguments(["test_spectra.py[quadratic.*]", "test_all.py[spectra.*,other]"])
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", *words],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        text=True,
        capture_output=True,
    )
    assert [line for line in done.stdout.splitlines() if "::" in line] == [
        "test_spectra.py::test_step[quadratic.form-1]",
        "test_all.py::test_step[spectra.edges]",
        "test_all.py::test_step[a spectra.bulk]",
    ], done.stderr


# --- the command -----------------------------------------------------------------------------


@pytest.fixture
def executed(monkeypatch) -> list:
    """What replaces the process, instead of replacing it."""
    calls: list = []
    monkeypatch.setattr(os, "execve", lambda *call: calls.append(call))
    return calls


def given(monkeypatch, *paths: str) -> None:
    monkeypatch.setattr(command, "changes", lambda root, base: Changes(paths, f"since {base}"))


def test_it_says_what_it_chose_and_why_and_becomes_pytest(executed, monkeypatch, capsys):
    given(monkeypatch, "CITATION.cff", "tests/theory/test_formula.py")
    assert main(["v1"]) == 0
    assert capsys.readouterr().out == (
        "2 files have changed since since v1.\n"
        "- the house rules, for CITATION.cff\n"
        "- the tests themselves, for tests/theory/test_formula.py\n"
        "    tests/theory/test_formula.py\n"
        "- the house rules, always\n"
        "    tests/test_house.py\n"
    )
    ((_, words, environment),) = executed
    assert words[1:3] == ["-m", "pytest"]
    assert words[-2:] == [HOUSE, "tests/theory/test_formula.py"]
    assert environment["NEAR"] == "1"


def test_nothing_changed_leaves_the_house_rules(executed, monkeypatch, capsys):
    given(monkeypatch)
    assert main([]) == 0
    assert capsys.readouterr().out.startswith("Nothing has changed since")
    assert executed[0][1][-2:] == [f"--choose={HOUSE}", HOUSE]


def test_a_dry_run_runs_nothing_and_fits_the_terminal(executed, monkeypatch, capsys):
    given(monkeypatch, *sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("*/*/*.py")))
    assert main(["--dry-run"]) == 0
    assert not executed
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


def test_everything_runs_where_git_cannot_tell(executed, monkeypatch, capsys):
    def refuse(root, base):
        raise CannotTellError("git cannot be run")

    monkeypatch.setattr(command, "changes", refuse)
    assert main([]) == 0
    assert capsys.readouterr().out == "Everything runs, as git cannot be run.\n"
    assert executed[0][1][-2:] == ["-m", command.LEFT_OUT]


@pytest.mark.parametrize("words", [["no-such-commit"], ["one", "two"], ["--no-such-option"]])
def test_bad_usage_is_one_line(words):
    with pytest.raises(UsageError) as refused:
        main(words)
    assert "\n" not in str(refused.value)
